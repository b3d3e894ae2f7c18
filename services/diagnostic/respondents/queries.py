"""The statements of respondents: one reads what one of them sees, the others save an answer."""

from diagnostic.assessments.queries import ANSWERS

SEEN = f"""
SELECT r.id, r.status, r.sections::text AS sections, a.version_id, {ANSWERS.format(when="")}, (
    SELECT json_agg(json_build_object('question', o.question, 'state', o.state, 'value', o.value,
        'reason', o.reason, 'confidence', o.confidence, 'version', o.version))::text
    FROM diagnostic.respondent_answer o WHERE o.respondent_id = r.id
) AS own
FROM diagnostic.respondent r
JOIN diagnostic.assessment a ON a.id = r.assessment_id
WHERE r.id = $1 AND a.id = $2 AND a.tenant = $3
"""  # noqa: S608  # a piece of ours
"""A respondent, their answers and the diagnostic's own; $1: id, $2: diagnostic, $3: tenant."""

LOCK_FOR_ANSWER = """
SELECT a.status, a.revision, a.version_id, r.status AS standing, r.sections,
    coalesce(n.version, 0) AS version
FROM diagnostic.assessment a
JOIN diagnostic.respondent r ON r.assessment_id = a.id
LEFT JOIN diagnostic.respondent_answer n ON n.respondent_id = r.id AND n.question = :question
WHERE r.id = :respondent AND a.id = :assessment AND a.tenant = :tenant
FOR SHARE OF a FOR NO KEY UPDATE OF r
"""
"""Keeps submission, consolidation and this respondent's other answers waiting; no one else's."""

SAVE = """
WITH saved AS (
    INSERT INTO diagnostic.respondent_answer AS n
        (respondent_id, question, state, value, reason, confidence, version)
    VALUES (:respondent, :question, :state, CAST(:value AS jsonb), :reason, :confidence, 1)
    ON CONFLICT (respondent_id, question) DO UPDATE
        SET state = excluded.state, value = excluded.value, reason = excluded.reason,
            confidence = excluded.confidence, version = n.version + 1, answered_at = now()
        WHERE n.version = :expected
    RETURNING n.*
)
INSERT INTO diagnostic.respondent_answer_event
    (respondent_id, question, version, revision, state, value, reason, confidence)
SELECT respondent_id, question, version, :revision, state, value, reason, confidence FROM saved
RETURNING version, at
"""
"""Saves and records the answer, or returns nothing when its version is not the expected one."""

ACTIVATE = "UPDATE diagnostic.respondent SET status = 'active' WHERE id = :respondent"
"""The version stays: it counts what the company changes of the person."""

PRESENT = """
SELECT question, state, value, reason, confidence, version, answered_at
FROM diagnostic.respondent_answer WHERE respondent_id = :respondent AND question = :question
"""
