"""Who is in, with their scores; who is not is in no row of it."""

from diagnostic.assessments.models import SCORED
from diagnostic.cohorts.access import facilitates

_SCORED = ", ".join(f"'{one}'" for one in sorted(SCORED))

MEMBERS = f"""
SELECT p.organisation_id, p.tenant, o.name, q.code AS questionnaire, p.version_id,
    p.offers::text AS offers, p.asks::text AS asks, p.most_helped, f.scoring_hash,
    f.dimensions::text AS dimensions
FROM diagnostic.pooling_consent p
JOIN diagnostic.organisation o ON o.id = p.organisation_id AND o.erased_at IS NULL
JOIN diagnostic.cohort k ON k.id = p.cohort_id AND k.status <> 'cancelled'
JOIN diagnostic.enrolment e ON e.cohort_id = p.cohort_id
    AND e.organisation_id = p.organisation_id AND e.status IN ('confirmed', 'attended')
JOIN diagnostic.questionnaire_version v ON v.id = p.version_id
JOIN diagnostic.questionnaire q ON q.id = v.questionnaire_id
LEFT JOIN LATERAL (
    SELECT w.scoring_hash, s.result -> 'dimensions' AS dimensions
    FROM diagnostic.assessment a
    JOIN diagnostic.questionnaire_version w ON w.id = a.version_id
    JOIN diagnostic.score s ON s.assessment_id = a.id AND s.assessment_revision = a.revision
    WHERE a.organisation_id = p.organisation_id AND a.cohort_id = p.cohort_id
        AND a.questionnaire_id = v.questionnaire_id AND a.status IN ({_SCORED})
    ORDER BY a.submitted_at DESC, s.computed_at DESC LIMIT 1
) f ON true
WHERE p.cohort_id = $1 AND p.withdrawn_at IS NULL
ORDER BY p.organisation_id
"""  # noqa: S608  # states of ours
"""$1: cohort."""

FACILITATED = f"""
SELECT coalesce({facilitates("$2")}, false) FROM diagnostic.cohort k WHERE k.id = $1
"""  # noqa: S608  # a rule of ours
"""$1: cohort, $2: tenant of a facilitator, or null."""
