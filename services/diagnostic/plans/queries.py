"""The one read of plans."""

from diagnostic.assessments.queries import ANSWERS, ASSESSMENT, BACKED

PLANNED = ASSESSMENT.format(
    columns=f"""r.id AS roadmap_id, t.dimensions::text AS targets, {BACKED.format(when="")},
    {ANSWERS.format(when="")}, (
        SELECT json_agg(json_build_object('status', n.status, 'content', n.content)
            ORDER BY n.position)::text
        FROM diagnostic.roadmap_action n WHERE n.roadmap_id = r.id
    ) AS actions""",  # noqa: S608  # pieces of ours
    joins="""LEFT JOIN diagnostic.roadmap r
    ON r.assessment_id = a.id AND r.assessment_revision = a.revision
LEFT JOIN diagnostic.assessment_target t ON t.assessment_id = a.id""",
)
"""A diagnostic with answers, targets and the actions of its roadmap; $1: id, $2 and $3:
`access.seen_by`."""
