"""The cohort's part of the snapshots in force, and the scores that it froze."""

from diagnostic.sessions.queries import takes_part

HEAT_MAP = f"""
SELECT k.code, k.title, b.as_of, b.k, b.n, v.id AS version_id, (
        SELECT json_object_agg(r.code, r.around)
        FROM diagnostic.benchmark_series r WHERE r.snapshot_id = b.id)::text AS series, (
        SELECT json_agg(json_build_object('tenant', o.tenant, 'level', s.result -> 'level',
            'dimensions', (
                SELECT json_object_agg(d ->> 'code', d -> 'level')
                FROM jsonb_array_elements(s.result -> 'dimensions') d)))
        FROM diagnostic.score s
        JOIN diagnostic.assessment a ON a.id = s.assessment_id
        JOIN diagnostic.organisation o ON o.id = a.organisation_id
        WHERE s.id = ANY (b.members))::text AS members
FROM diagnostic.cohort k
LEFT JOIN LATERAL (
    SELECT * FROM (
        SELECT DISTINCT ON (f.scoring_hash) f.* FROM diagnostic.benchmark_snapshot f
        WHERE f.cell = 'cohort:' || k.programme_id || ':' || k.id AND f.milestone = $4
        ORDER BY f.scoring_hash, f.as_of DESC) f
    WHERE f.n >= $5 AND f.k >= $5
    ORDER BY f.n DESC, f.scoring_hash LIMIT 1) b ON true
LEFT JOIN LATERAL (
    SELECT x.id FROM diagnostic.questionnaire_version x
    WHERE x.scoring_hash = b.scoring_hash ORDER BY x.id LIMIT 1) v ON true
WHERE k.id = $1 AND {takes_part("$2", "$3")}
"""  # noqa: S608  # a rule of ours
"""Of the grid that most companies answered; $1: cohort, $2 and $3: `access.seen_by`, $4: milestone,
$5: k. Without a shown snapshot everything of it is null."""
