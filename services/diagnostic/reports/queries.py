"""The read of a report: everything that PostgreSQL knows of it, in one statement."""

from diagnostic.assessments.access import readable
from diagnostic.assessments.queries import ANSWERS_THEN

REPORT = f"""
SELECT a.id, a.version_id, a.milestone, a.status, a.revision AS present_revision,
    s.assessment_revision AS revision, s.result::text AS result,
    s.explanation::text AS explanation, s.result_hash, s.computed_at,
    (SELECT min(t.at) FROM diagnostic.assessment_step t
        WHERE t.assessment_id = a.id AND t.verb = 'deliver'
            AND t.revision = s.assessment_revision) AS delivered_at,
    g.dimensions::text AS targets, o.name, o.siren, o.headcount, o.region_code,
    r.created_at AS planned_at, r.score::text AS prospect, r.unavailable::text AS unavailable,
    r.cited::text AS cited, (
        SELECT json_agg(n.content ORDER BY (n.content ->> 'position')::int)
        FROM diagnostic.roadmap_action n WHERE n.roadmap_id = r.id AND n.title IS NULL
    )::text AS actions, {ANSWERS_THEN.format(revision="s.assessment_revision")}
FROM diagnostic.assessment a
JOIN diagnostic.organisation o ON o.id = a.organisation_id
LEFT JOIN LATERAL (
    SELECT f.* FROM diagnostic.score f WHERE f.assessment_id = a.id
    ORDER BY f.assessment_revision DESC, f.computed_at DESC LIMIT 1
) s ON true
LEFT JOIN diagnostic.assessment_target g ON g.assessment_id = a.id
LEFT JOIN diagnostic.roadmap r
    ON r.assessment_id = a.id AND r.assessment_revision = s.assessment_revision
WHERE a.id = $1 AND {readable("$2", "$3")}
"""  # noqa: S608  # rules of ours
"""A diagnostic as it was last scored, with the targets, if any, and the recommendations of that
revision's roadmap in their first order, so that a report stays what it was while others act;
$1: id, $2 and $3: `access.seen_by`."""
