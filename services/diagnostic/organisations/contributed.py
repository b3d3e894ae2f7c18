"""What diagnostics contribute, written into the feed by PostgreSQL: for the observatory alone."""

from diagnostic.naf import section_case

_VOID = "'abandoned', 'entered_in_error'"

_TOLD = f"""
INSERT INTO diagnostic.change (entity, entity_id, kind, version, payload)
SELECT 'contribution', a.pseudonym::text, CASE WHEN w.why IS NULL THEN 'updated' ELSE 'deleted' END,
    a.version, CASE WHEN w.why IS NOT NULL THEN jsonb_build_object('reason', w.why)
    ELSE jsonb_build_object('questionnaire', q.code, 'scoring_hash', v.scoring_hash,
        'milestone', a.milestone, 'programme', p.code, 'region_code', o.region_code,
        'naf_section', {section_case("o.naf_code")}, 'size_band', o.size_band,
        'level', s.result -> 'level', 'dimensions', (
            SELECT jsonb_object_agg(d ->> 'code', d -> 'level')
            FROM jsonb_array_elements(s.result -> 'dimensions') d)) END
FROM {{assessments}} a
JOIN diagnostic.organisation o ON o.id = a.organisation_id
JOIN diagnostic.questionnaire_version v ON v.id = a.version_id
JOIN diagnostic.questionnaire q ON q.id = a.questionnaire_id
LEFT JOIN diagnostic.programme p ON p.id = a.programme_id
CROSS JOIN LATERAL (
    SELECT s.result FROM diagnostic.score s WHERE s.assessment_id = a.id
    ORDER BY s.assessment_revision DESC, s.computed_at DESC LIMIT 1) s
CROSS JOIN LATERAL (SELECT CASE
    WHEN NOT o.benchmark_consent THEN 'consent_withdrawn'
    WHEN a.status IN ({_VOID}) THEN a.status
    WHEN NOT (s.result ->> 'complete')::boolean OR s.result ->> 'status' <> 'final'
        THEN 'not_whole' END AS why) w
WHERE {{which}}
"""  # noqa: S608  # pieces of ours
"""The level of the diagnostic and of each dimension, never a score; section, size and region of
its company, under the diagnostic's pseudonym: not even its T0 and its T1 are linked."""

CONTRIBUTED = _TOLD.format(
    assessments="diagnostic.assessment",
    which="a.id = $1 AND o.benchmark_consent"
    " AND (w.why IS DISTINCT FROM 'not_whole' OR a.revision > 1)",
)
"""What one contributes after its latest step; $1: its id. What never did is not withdrawn."""

CONTRIBUTE = f"""
WITH told AS (
    UPDATE diagnostic.assessment a SET version = a.version + 1
    WHERE a.organisation_id = $1 AND a.status NOT IN ({_VOID})
        AND EXISTS (SELECT FROM diagnostic.score s WHERE s.assessment_id = a.id)
    RETURNING a.*
)
{_TOLD.format(assessments="told", which="true")}
"""  # noqa: S608  # pieces of ours
"""What all of a company contribute after it changed its mind, its size, sector or region; $1: its
id."""
