"""The hot read of scores."""

from diagnostic.assessments.queries import ANSWERS, ASSESSMENT

SCORED = ASSESSMENT.format(
    columns="s.result::text AS result, s.explanation::text AS explanation, s.input_hash,"
    " s.result_hash, s.computed_at, " + ANSWERS.format(when="AND s.id IS NULL"),
    joins="LEFT JOIN diagnostic.score s ON s.assessment_id = a.id"
    " AND s.assessment_revision = a.revision",
)
"""A diagnostic with its score, or with its answers while it has none; $1: id, $2 and $3:
`access.seen_by`."""
