"""The statements of actions."""

from diagnostic.assessments.access import readable

FIND = f"""
SELECT n.* FROM diagnostic.roadmap_action n
JOIN diagnostic.roadmap r ON r.id = n.roadmap_id
JOIN diagnostic.assessment a ON a.id = r.assessment_id AND a.revision = r.assessment_revision
WHERE a.id = :assessment AND {readable(":tenant", ":facilitator")}
ORDER BY n.position
"""  # noqa: S608  # a rule of ours
"""The actions of a diagnostic's present roadmap, in their order, as `access` allows."""

LOCK = """
SELECT n.* FROM diagnostic.roadmap_action n WHERE n.roadmap_id = :roadmap
ORDER BY n.id FOR NO KEY UPDATE
"""
"""Holds the actions of a roadmap in the order that erasures hold them, too; reminders and evidence,
which only refer to them, do not wait."""

OWNER = """
SELECT p.id FROM diagnostic.respondent p
JOIN diagnostic.assessment b ON b.id = p.assessment_id
WHERE p.id = :owner AND b.organisation_id = :organisation AND p.status <> 'erased'
FOR SHARE OF p
"""
"""A person of the company who is not erased, held so until the commit."""
