"""The statements of consolidation: one to read who said what, one to save what is decided."""

from diagnostic.assessments.access import readable
from diagnostic.assessments.queries import ANSWERS

VOICES = f"""
SELECT a.id, a.tenant, a.status, a.revision, a.version_id, {ANSWERS.format(when="")}, (
    SELECT json_agg(json_build_object('id', r.id, 'status', r.status, 'sections', r.sections,
        'weight', r.weight, 'answers', (
            SELECT coalesce(json_agg(json_build_object('question', o.question, 'state', o.state,
                'value', o.value, 'reason', NULL)), '[]')
            FROM diagnostic.respondent_answer o WHERE o.respondent_id = r.id
        )) ORDER BY r.created_at, r.id)::text
    FROM diagnostic.respondent r WHERE r.assessment_id = a.id
) AS respondents
FROM diagnostic.assessment a
WHERE a.id = $1 AND {readable("$2", "$3")}
"""  # noqa: S608  # pieces of ours
"""A diagnostic, its answers, and what each respondent says; $2 and $3: `access.seen_by`."""

SAVE_ALL = """
WITH given AS (
    SELECT * FROM jsonb_to_recordset(CAST(:answers AS jsonb))
        AS g(question text, state text, value jsonb, reason text, confidence int)
), saved AS (
    INSERT INTO diagnostic.answer AS n
        (assessment_id, question, state, value, reason, confidence, version, respondent)
    SELECT :assessment, question, state, value, reason, confidence, 1, :respondent FROM given
    ON CONFLICT (assessment_id, question) DO UPDATE
        SET state = excluded.state, value = excluded.value, reason = excluded.reason,
            confidence = excluded.confidence, respondent = excluded.respondent,
            version = n.version + 1, answered_at = now()
    RETURNING n.*
)
INSERT INTO diagnostic.answer_event
    (assessment_id, question, version, revision, state, value, reason, confidence, respondent)
SELECT assessment_id, question, version, :revision, state, value, reason, confidence, respondent
FROM saved
"""
"""Saves and records answers of a diagnostic that the caller holds."""
