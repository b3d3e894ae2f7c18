"""The statements of a programme's statistics: three to count, three to remember."""

from diagnostic.naf import section_case

LOCK = "SELECT pg_advisory_xact_lock(hashtext('diagnostic.statistics'))"

DUE = """
SELECT p.id, p.code FROM diagnostic.programme p
WHERE NOT EXISTS (
    SELECT FROM diagnostic.programme_statistics s WHERE s.programme_id = p.id AND s.as_of_on >= $1)
ORDER BY p.code
"""
"""Programmes that were not told anew on this day; $1: the day in Paris."""

_COMPANY = f"""o.id AS organisation_id, o.siren, o.tenant, o.postcode, o.size_band,
        {section_case("o.naf_code")} AS section"""

JOURNEYS = f"""
WITH seated AS (
    SELECT e.organisation_id, min(e.created_at) AS enrolled_at
    FROM diagnostic.enrolment e JOIN diagnostic.cohort k ON k.id = e.cohort_id
    WHERE k.programme_id = $1 AND k.status <> 'cancelled' AND e.seat_no IS NOT NULL
        AND e.status <> 'no_show'
    GROUP BY e.organisation_id
), begun AS (
    SELECT a.id, a.organisation_id, a.milestone, a.started_at, s.scored_at
    FROM diagnostic.assessment a
    LEFT JOIN LATERAL (SELECT min(s.computed_at) AS scored_at FROM diagnostic.score s
        WHERE s.assessment_id = a.id) s ON true
    WHERE a.programme_id = $1 AND a.status NOT IN ('abandoned', 'entered_in_error')
), measured AS (
    SELECT b.organisation_id, max(b.started_at) AS started_at,
        min(b.scored_at) FILTER (WHERE b.milestone = 'T0') AS diagnosed_at,
        min(b.scored_at) FILTER (WHERE b.milestone = 'T1') AS remeasured_at
    FROM begun b GROUP BY b.organisation_id
), planned AS (
    SELECT DISTINCT ON (b.organisation_id) b.organisation_id, r.id,
        min(r.created_at) OVER (PARTITION BY b.organisation_id) AS planned_at
    FROM begun b JOIN diagnostic.roadmap r ON r.assessment_id = b.id
    ORDER BY b.organisation_id, r.created_at DESC, r.id
), acted AS (
    SELECT p.organisation_id, jsonb_object_agg(n.status, n.count)::text AS actions,
        min(n.since) FILTER (WHERE n.status IN ('in_progress', 'done')) AS acting_at,
        min(n.since) FILTER (WHERE n.status = 'done') AS done_at
    FROM planned p
    JOIN LATERAL (SELECT n.status, count(*) AS count, min(n.changed_at) AS since
        FROM diagnostic.roadmap_action n WHERE n.roadmap_id = p.id GROUP BY n.status) n ON true
    GROUP BY p.organisation_id
)
SELECT DISTINCT ON (o.siren) {_COMPANY}, s.enrolled_at, m.diagnosed_at, m.remeasured_at,
    p.planned_at, c.acting_at, c.done_at, c.actions
FROM diagnostic.organisation o
LEFT JOIN seated s ON s.organisation_id = o.id
LEFT JOIN measured m ON m.organisation_id = o.id
LEFT JOIN planned p ON p.organisation_id = o.id
LEFT JOIN acted c ON c.organisation_id = o.id
WHERE s.organisation_id IS NOT NULL OR m.organisation_id IS NOT NULL
ORDER BY o.siren, greatest(s.enrolled_at, m.started_at) DESC, o.id
"""  # noqa: S608  # pieces of ours
"""How far each company of a programme is, one row per SIREN; $1: the programme's id.

The actions are those of its latest roadmap; one is acted on since it was last worked on.
"""

SCORES = f"""
SELECT DISTINCT ON (v.scoring_hash, a.milestone, o.siren) {_COMPANY}, a.id AS assessment_id,
    a.version_id, v.scoring_hash, a.milestone, s.result ->> 'level' AS level,
    s.result ->> 'exact' AS exact,
    (s.result ->> 'complete')::boolean AND s.result ->> 'status' = 'final' AS whole, (
        SELECT jsonb_object_agg(d ->> 'code', d ->> 'exact')
        FROM jsonb_array_elements(s.result -> 'dimensions') d)::text AS dimensions
FROM diagnostic.assessment a
JOIN diagnostic.organisation o ON o.id = a.organisation_id
JOIN diagnostic.questionnaire_version v ON v.id = a.version_id
JOIN diagnostic.score s ON s.assessment_id = a.id
WHERE a.programme_id = $1 AND o.benchmark_consent
    AND a.status NOT IN ('abandoned', 'entered_in_error') AND a.milestone <> 'ad_hoc'
ORDER BY v.scoring_hash, a.milestone, o.siren, s.computed_at DESC, s.assessment_revision DESC, s.id
"""  # noqa: S608  # pieces of ours
"""The latest score per scoring, milestone and SIREN to which its company consents; $1: as above."""

GRIDS = """
SELECT DISTINCT ON (v.scoring_hash) v.scoring_hash, q.code,
    (v.content -> 'dimensions')::text AS dimensions,
    (v.content -> 'profile' -> 'levels')::text AS levels
FROM diagnostic.questionnaire_version v JOIN diagnostic.questionnaire q ON q.id = v.questionnaire_id
WHERE v.scoring_hash = ANY ($1) ORDER BY v.scoring_hash, v.id
"""
"""What dimensions and levels of these scorings are called."""

COHORTS = """
SELECT count(*) FILTER (WHERE ends_on < $2) AS held,
    count(*) FILTER (WHERE starts_on <= $2 AND ends_on >= $2) AS running,
    count(*) FILTER (WHERE starts_on > $2) AS planned,
    coalesce(sum(capacity), 0)::int AS seats_offered,
    coalesce(sum(seats_taken), 0)::int AS seats_taken
FROM diagnostic.cohort WHERE programme_id = $1 AND status <> 'cancelled'
"""
"""$1: the programme's id, $2: the day in Paris."""

GROUPS = """
SELECT subject, cell, k, is_shown, members FROM diagnostic.statistics_group
WHERE programme_id = $1 ORDER BY subject, cell
"""

KNOWN = """
SELECT c.id, o.siren, o.tenant, c.facts::text AS facts,
    (c.subject = 'journey' OR o.benchmark_consent) AND NOT EXISTS (
        SELECT FROM diagnostic.assessment a WHERE a.id = ANY (c.assessments)
            AND a.status IN ('abandoned', 'entered_in_error')) AS allowed
FROM diagnostic.statistics_contribution c
JOIN diagnostic.organisation o ON o.id = c.organisation_id
WHERE c.programme_id = $1
"""
"""Whose the contributions are that groups remember, and whether they may still count."""

KEEP = """
INSERT INTO diagnostic.statistics_contribution
    (id, programme_id, organisation_id, subject, assessments, facts)
VALUES ($1, $2, $3, $4, $5, $6::text::jsonb) ON CONFLICT (id) DO NOTHING
"""

EMPTY = "UPDATE diagnostic.statistics_contribution SET facts = '{}' WHERE id = ANY ($1)"

FORGET = """
DELETE FROM diagnostic.statistics_contribution
WHERE programme_id = $1 AND id NOT IN (SELECT unnest($2::uuid[]))
"""

REMEMBER = """
INSERT INTO diagnostic.statistics_group (programme_id, subject, cell, k, is_shown, members)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (programme_id, subject, cell)
DO UPDATE SET k = excluded.k, is_shown = excluded.is_shown, members = excluded.members
"""

LATEST = """
SELECT k, body::text AS body, count(*) OVER () AS version FROM diagnostic.programme_statistics
WHERE programme_id = $1 ORDER BY as_of_on DESC LIMIT 1
"""

PUBLISHED = """
SELECT p.code, p.title::text AS title, s.as_of_on, s.made_at, s.k, s.body::text AS body
FROM diagnostic.programme p
LEFT JOIN LATERAL (
    SELECT * FROM diagnostic.programme_statistics s
    WHERE s.programme_id = p.id AND s.as_of_on <= $2 AND s.k >= $3
    ORDER BY s.as_of_on DESC LIMIT 1) s ON true
WHERE p.code = $1
"""
"""The figures in force on a day; $1: the programme's code, $2: the day, $3: k."""

DAYS = """
SELECT s.as_of_on, s.made_at FROM diagnostic.programme_statistics s
JOIN diagnostic.programme p ON p.id = s.programme_id
WHERE p.code = $1 AND s.k >= $2 AND s.as_of_on < $3 ORDER BY s.as_of_on DESC LIMIT $4
"""
"""The days on which figures were published, newest first."""

DAYS_COUNTED = """
SELECT count(*) FROM diagnostic.programme_statistics s
JOIN diagnostic.programme p ON p.id = s.programme_id WHERE p.code = $1 AND s.k >= $2
"""
