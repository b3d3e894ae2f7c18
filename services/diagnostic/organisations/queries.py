"""What a company's word about the comparison does to the feed."""

WITHDRAW = """
INSERT INTO diagnostic.change (entity, entity_id, kind, version, payload)
SELECT 'assessment', a.pseudonym::text, 'deleted', a.revision,
    jsonb_build_object('reason', 'consent_withdrawn')
FROM diagnostic.assessment a
WHERE a.organisation_id = $1
    AND EXISTS (SELECT FROM diagnostic.score s WHERE s.assessment_id = a.id)
"""
"""Tells those who follow to drop every contribution of a company; $1: its id."""

CONTRIBUTE = """
INSERT INTO diagnostic.change (entity, entity_id, kind, version, payload)
SELECT 'assessment', a.pseudonym::text, 'updated', a.revision, jsonb_build_object(
    'questionnaire', q.code, 'questionnaire_version', v.version, 'scoring_hash', v.scoring_hash,
    'milestone', a.milestone, 'programme', p.code, 'benchmark_consent', true,
    'organisation', o.pseudonym, 'naf_division', left(o.naf_code, 2), 'size_band', o.size_band,
    'region_code', o.region_code, 'complete', s.result -> 'complete', 'score', s.result -> 'score',
    'level', s.result -> 'level', 'dimensions', (
        SELECT jsonb_object_agg(d ->> 'code', d -> 'score')
        FROM jsonb_array_elements(s.result -> 'dimensions') d))
FROM diagnostic.assessment a
JOIN diagnostic.organisation o ON o.id = a.organisation_id
JOIN diagnostic.questionnaire_version v ON v.id = a.version_id
JOIN diagnostic.questionnaire q ON q.id = a.questionnaire_id
LEFT JOIN diagnostic.programme p ON p.id = a.programme_id
CROSS JOIN LATERAL (
    SELECT s.result FROM diagnostic.score s WHERE s.assessment_id = a.id
    ORDER BY s.assessment_revision DESC, s.computed_at DESC LIMIT 1
) s
WHERE a.organisation_id = $1 AND a.status NOT IN ('abandoned', 'entered_in_error')
"""
"""Tells again what a submission tells of a company that consents; $1: its id."""
