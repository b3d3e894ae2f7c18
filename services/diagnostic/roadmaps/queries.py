"""The reads of roadmaps."""

from diagnostic.assessments.access import readable
from diagnostic.roadmaps.figures import STATE, progress

CATALOGUE = """
SELECT content::text AS content FROM diagnostic.recommendation
WHERE questionnaire_code = $1 ORDER BY code
"""

ROADMAP = f"""
SELECT r.id, a.id AS assessment_id, a.organisation_id, a.version_id, r.created_at,
    r.score::text AS score, r.unavailable::text AS unavailable,
    r.delivered_at, r.cited::text AS cited, o.name, o.siren, o.naf_code,
    o.headcount, o.region_code, (
        SELECT json_agg(n.content || {STATE} ORDER BY n.position)
        FROM diagnostic.roadmap_action n WHERE n.roadmap_id = r.id
    )::text AS actions, {progress("r.id", "$4::date")}::text AS progress
FROM diagnostic.assessment a
JOIN diagnostic.organisation o ON o.id = a.organisation_id
LEFT JOIN diagnostic.roadmap r
    ON r.assessment_id = a.id AND r.assessment_revision = a.revision
WHERE a.id = $1 AND {readable("$2", "$3")}
"""  # noqa: S608  # a rule of ours
"""A diagnostic with its roadmap, if any, and its company's facts; $1: id, $2 and $3:
`access.seen_by`, $4: the day in Paris."""

DELIVER = """
UPDATE diagnostic.roadmap r SET delivered_at = now(), version = r.version + 1, cited = (
    SELECT coalesce(jsonb_object_agg(o.code, v.version), '{}')
    FROM diagnostic.opportunity o
    JOIN LATERAL (
        SELECT max(p.version) AS version FROM diagnostic.opportunity_version p
        WHERE p.opportunity_id = o.id) v ON v.version IS NOT NULL
    WHERE o.status = 'published' AND o.code IN (
        SELECT jsonb_array_elements_text(n.content -> 'funding_refs')
        FROM diagnostic.roadmap_action n WHERE n.roadmap_id = r.id))
WHERE r.assessment_id = $1 AND r.assessment_revision = $2 AND r.delivered_at IS NULL
"""
"""Freezes the versions that a roadmap cites; $1: diagnostic, $2: revision."""
