"""What a company's word about the comparison does to the feed; $1 is always its id."""

HOLD = "SELECT FROM diagnostic.assessment WHERE organisation_id = $1 ORDER BY id FOR UPDATE"
"""Waits for submissions under way, so that none slips past the change of mind."""

_SCORED = """
WITH a AS (
    UPDATE diagnostic.assessment a SET version = a.version + 1
    WHERE a.organisation_id = $1 AND a.status NOT IN ('abandoned', 'entered_in_error')
        AND EXISTS (SELECT FROM diagnostic.score s WHERE s.assessment_id = a.id)
    RETURNING a.*
)
INSERT INTO diagnostic.change (entity, entity_id, kind, version, payload)
"""

WITHDRAW = f"""{_SCORED}
SELECT 'assessment', a.pseudonym::text, 'deleted', a.version,
    jsonb_build_object('reason', 'consent_withdrawn')
FROM a
"""  # noqa: S608  # a piece of this file
"""Tells those who follow to drop every contribution."""

CONSENT = f"""{_SCORED}
SELECT 'assessment', a.pseudonym::text, 'updated', a.version, jsonb_build_object(
    'questionnaire', q.code, 'questionnaire_version', v.version, 'scoring_hash', v.scoring_hash,
    'milestone', a.milestone, 'programme', p.code, 'status', a.status,
    'revision', s.assessment_revision, 'benchmark_consent', true)
FROM a
JOIN diagnostic.questionnaire_version v ON v.id = a.version_id
JOIN diagnostic.questionnaire q ON q.id = a.questionnaire_id
LEFT JOIN diagnostic.programme p ON p.id = a.programme_id
CROSS JOIN LATERAL (
    SELECT s.assessment_revision FROM diagnostic.score s WHERE s.assessment_id = a.id
    ORDER BY s.assessment_revision DESC, s.computed_at DESC LIMIT 1
) s
"""  # noqa: S608  # pieces of this file
"""Tells again where each diagnostic is, as `scores.contributions` told it."""
