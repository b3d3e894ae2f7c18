"""The reads of revisions, in one statement each."""

from diagnostic.assessments.access import readable
from diagnostic.assessments.queries import ANSWERS_THEN

LISTED = f"""
SELECT a.id AS assessment_id, n.revision, s.id AS score_id, s.result -> 'score' AS score,
    s.result ->> 'level' AS level, s.result_hash, s.engine_version, s.computed_at, (
        SELECT json_agg(json_build_object('verb', t.verb, 'status', t.status, 'reason', t.reason,
            'actor', t.actor, 'at', t.at) ORDER BY t.id)::text
        FROM diagnostic.assessment_step t
        WHERE t.assessment_id = a.id AND t.revision = n.revision
    ) AS steps
FROM diagnostic.assessment a
LEFT JOIN LATERAL generate_series($4::int + 1, least(a.revision, $4::int + $5::int))
    AS n(revision) ON true
LEFT JOIN LATERAL (
    SELECT z.* FROM diagnostic.score z
    WHERE z.assessment_id = a.id AND z.assessment_revision = n.revision
    ORDER BY z.computed_at LIMIT 1) s ON true
WHERE a.id = $1 AND {readable("$2", "$3")}
ORDER BY n.revision
"""  # noqa: S608  # rules of ours
"""$1: id, $2 and $3: `access.seen_by`, $4: revision to go on after, $5: how many; one row without
revision beyond the last."""

COUNTED = (
    f"SELECT a.revision FROM diagnostic.assessment a WHERE a.id = $1 AND {readable('$2', '$3')}"  # noqa: S608
)

ANSWERED = f"""
SELECT a.id AS assessment_id, a.version_id, {ANSWERS_THEN.format(revision="$4")}
FROM diagnostic.assessment a
WHERE a.id = $1 AND {readable("$2", "$3")} AND $4 BETWEEN 1 AND a.revision
"""  # noqa: S608  # rules of ours
"""The answers at the end of revision $4; $1: id, $2 and $3: `access.seen_by`."""
