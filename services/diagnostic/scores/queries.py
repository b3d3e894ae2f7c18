"""The reads of scores, the hot ones in one statement."""

from diagnostic.assessments.access import readable
from diagnostic.assessments.queries import ANSWERS, ANSWERS_THEN, ASSESSMENT, BACKED

_HEAD = """s.id AS score_id, coalesce(s.assessment_revision, a.revision) AS scored_revision,
    s.input_hash, s.result_hash, s.engine_version, s.computed_at,
    t.dimensions::text AS targets, t.version AS targets_version, """
_TARGETS = "LEFT JOIN diagnostic.assessment_target t ON t.assessment_id = a.id "
_FIGURES = "s.result::text AS result, s.explanation::text AS explanation, "
_UNLESS_FROZEN = ", ".join(one.format(when="AND s.id IS NULL") for one in (ANSWERS, BACKED))
_PRESENT = (
    "LEFT JOIN diagnostic.score s ON s.assessment_id = a.id AND s.assessment_revision = a.revision "
)

FOUND = ASSESSMENT.format(columns=_HEAD + _UNLESS_FROZEN, joins=_PRESENT + _TARGETS)
"""Which score a diagnostic has now, or its answers while it has none; $1: id, $2 and $3:
`access.seen_by`."""

FIGURES = """
SELECT s.result::text AS result, s.explanation::text AS explanation
FROM diagnostic.score s WHERE s.id = $1
"""
"""What a score says; $1: its id, which FOUND gave."""

SCORED = ASSESSMENT.format(columns=_HEAD + _FIGURES + _UNLESS_FROZEN, joins=_PRESENT + _TARGETS)
"""A diagnostic with its score, or with its answers while it has none; $1: id, $2 and $3:
`access.seen_by`."""

OF_REVISION = (
    ASSESSMENT.format(
        columns=_HEAD + _FIGURES + _UNLESS_FROZEN,
        joins="LEFT JOIN diagnostic.score s ON s.assessment_id = a.id"
        " AND s.assessment_revision = $4 " + _TARGETS,
    )
    + " AND $4 BETWEEN 1 AND a.revision"
)
"""The same for revision $4; only the present one can be without a score."""

REPLAYED = f"""
SELECT s.id, s.assessment_id, s.assessment_revision, s.version_id, s.engine_version, s.input_hash,
    s.result_hash, s.backing::text AS backed, a.revision, a.status, {ANSWERS.format(when="")},
    {ANSWERS_THEN.format(revision="s.assessment_revision")}
FROM diagnostic.score s JOIN diagnostic.assessment a ON a.id = s.assessment_id
WHERE s.id = $1 AND {readable("$2", "$3")}
"""  # noqa: S608  # rules of ours
"""A frozen score with the answers of its revision, and the present ones; $1: its id, $2 and $3:
`access.seen_by`."""

BACKED_NOW = f"SELECT {BACKED.format(when='')} FROM diagnostic.assessment a WHERE a.id = $1"  # noqa: S608  # likewise
"""What backs the answers of a diagnostic; $1: its id."""
