"""The statements of the comparison: one to read it, five to make a snapshot."""

from diagnostic.assessments.access import readable
from diagnostic.naf import section_case

_FLOAT = """split_part({exact}, '/', 1)::float8
    / coalesce(nullif(split_part({exact}, '/', 2), ''), '1')::float8"""

STANDING = f"""
WITH own AS (
    SELECT a.version_id, a.milestone, a.programme_id, a.cohort_id, v.scoring_hash, a.tenant,
        o.siren, o.region_code, o.size_band, {section_case("o.naf_code")} AS section,
        p.title::text AS programme, k.title AS cohort, s.result
    FROM diagnostic.assessment a
    JOIN diagnostic.organisation o ON o.id = a.organisation_id
    JOIN diagnostic.questionnaire_version v ON v.id = a.version_id
    LEFT JOIN diagnostic.programme p ON p.id = a.programme_id
    LEFT JOIN diagnostic.cohort k ON k.id = a.cohort_id
    LEFT JOIN diagnostic.score s ON s.assessment_id = a.id
        AND s.assessment_revision = coalesce($7::int, a.revision)
        AND a.status NOT IN ('abandoned', 'entered_in_error')
    WHERE a.id = $1 AND {readable("$2", "$3")}
), mine AS (
    SELECT s.id, s.result
    FROM own
    JOIN diagnostic.organisation o ON o.tenant = own.tenant AND o.siren = own.siren
    JOIN diagnostic.assessment a ON a.organisation_id = o.id AND a.milestone = own.milestone
    JOIN diagnostic.score s ON s.assessment_id = a.id
), found AS (
    SELECT l.level, b.id, b.as_of, b.k, b.n, m.result AS removed
    FROM own
    CROSS JOIN LATERAL (VALUES
        (1, 'sector', 'sector:' || own.region_code || ':' || own.size_band || ':' || own.section),
        (2, 'size', 'size:' || own.region_code || ':' || own.size_band),
        (3, 'region', 'region:' || own.region_code),
        (4, 'programme', 'programme:' || own.programme_id),
        (5, 'cohort', 'cohort:' || own.programme_id || ':' || own.cohort_id)
    ) AS l(step, level, cell)
    CROSS JOIN LATERAL (
        SELECT * FROM diagnostic.benchmark_snapshot b
        WHERE b.scoring_hash = own.scoring_hash AND b.milestone = own.milestone
            AND b.cell = l.cell AND ($6::timestamptz IS NULL OR b.as_of <= $6)
        ORDER BY b.as_of DESC LIMIT 1) b
    LEFT JOIN LATERAL (SELECT * FROM mine WHERE mine.id = ANY (b.members) LIMIT 1) m ON true
    WHERE (own.result ->> 'complete')::boolean AND own.result ->> 'status' = 'final'
        AND CASE WHEN $4 = 'auto' THEN l.step < 5 ELSE l.level = $4 END
        AND b.k >= $5 AND b.n - (m.id IS NOT NULL)::int >= $5
    ORDER BY l.step LIMIT 1
)
SELECT own.version_id, own.region_code, own.size_band, own.section, own.programme, own.cohort,
    own.result::text AS result, found.level, found.id AS snapshot_id, found.as_of, found.k,
    found.n, found.removed::text AS removed, (
        SELECT json_agg(json_build_object('code', r.code, 'around', r.around,
            'reached', coalesce(r.reached[x.place], 0), 'equal', CASE
                WHEN r.levels[x.place] = y.score
                    THEN r.reached[x.place] - coalesce(r.reached[x.place - 1], 0)
                ELSE 0 END))::text
        FROM diagnostic.benchmark_series r
        CROSS JOIN LATERAL (SELECT CASE WHEN r.code = '' THEN own.result ->> 'exact' ELSE (
            SELECT d ->> 'exact' FROM jsonb_array_elements(own.result -> 'dimensions') d
            WHERE d ->> 'code' = r.code) END AS exact OFFSET 0) e
        CROSS JOIN LATERAL (SELECT {_FLOAT.format(exact="e.exact")} AS score OFFSET 0) y
        CROSS JOIN LATERAL (SELECT width_bucket(y.score, r.levels) AS place OFFSET 0) x
        WHERE r.snapshot_id = found.id) AS series
FROM own LEFT JOIN found ON true
"""  # noqa: S608  # pieces of ours
"""A score beside the snapshot of the first group with enough peers; $1: diagnostic, $2 and $3:
`access.seen_by`, $4: which peers, $5: k, $6: an instant whose snapshot is meant, null: now, $7:
the revision whose score is meant, null: the present one. The company's own contribution, if of the
same tenant, is `removed`: whoever registers the SIREN of somebody else would subtract a company
they do not know. OFFSET 0 has each step done once."""

LOCK = "SELECT pg_advisory_xact_lock(hashtext('diagnostic.benchmarks'))"

POPULATIONS = """
SELECT p.scoring_hash, p.milestone, max(b.as_of) AS as_of
FROM (
    SELECT DISTINCT v.scoring_hash, a.milestone
    FROM diagnostic.score s
    JOIN diagnostic.assessment a ON a.id = s.assessment_id
    JOIN diagnostic.questionnaire_version v ON v.id = a.version_id
) p
LEFT JOIN diagnostic.benchmark_snapshot b
    ON b.scoring_hash = p.scoring_hash AND b.milestone = p.milestone
GROUP BY p.scoring_hash, p.milestone ORDER BY p.scoring_hash, p.milestone
"""
"""What can be compared at all, and when its snapshot last changed."""

CONTRIBUTIONS = f"""
SELECT * FROM (
    SELECT DISTINCT ON (o.siren) s.id, o.siren, o.tenant, o.region_code, o.size_band,
        {section_case("o.naf_code")} AS section, a.programme_id, a.cohort_id,
        (s.result ->> 'complete')::boolean AND s.result ->> 'status' = 'final' AS whole
    FROM diagnostic.questionnaire_version v
    JOIN diagnostic.assessment a ON a.version_id = v.id
    JOIN diagnostic.organisation o ON o.id = a.organisation_id
    JOIN diagnostic.score s ON s.assessment_id = a.id
    WHERE v.scoring_hash = $1 AND a.milestone = $2 AND o.benchmark_consent
        AND a.status NOT IN ('abandoned', 'entered_in_error')
    ORDER BY o.siren, s.computed_at DESC, s.assessment_revision DESC, s.id
) latest WHERE whole
"""  # noqa: S608  # pieces of ours
"""One score per SIREN: the latest that its company consents to, if it is whole; $1: scoring hash,
$2: milestone."""

IN_FORCE = """
SELECT DISTINCT ON (cell) cell, as_of, k, n, members FROM diagnostic.benchmark_snapshot
WHERE scoring_hash = $1 AND milestone = $2 ORDER BY cell, as_of DESC
"""
"""$1: scoring hash, $2: milestone."""

FORMER = """
SELECT s.id, o.siren, o.tenant,
    o.benchmark_consent AND a.status NOT IN ('abandoned', 'entered_in_error') AS allowed
FROM diagnostic.score s
JOIN diagnostic.assessment a ON a.id = s.assessment_id
JOIN diagnostic.organisation o ON o.id = a.organisation_id
WHERE s.id = ANY ($1)
"""
"""Whose the scores of a former snapshot are, and whether they may still count; $1: their ids."""

SCORES = """
SELECT s.id, x.code, x.exact
FROM diagnostic.score s
CROSS JOIN LATERAL (
    SELECT '' AS code, s.result ->> 'exact' AS exact
    UNION ALL
    SELECT d ->> 'code', d ->> 'exact' FROM jsonb_array_elements(s.result -> 'dimensions') d
) x
WHERE s.id = ANY ($1)
"""
"""The exact scores, global (code "") and by dimension; $1: ids."""
