"""How far the companies of a cohort are, in one statement."""

from diagnostic.assessments.models import VOID
from diagnostic.cohorts.access import facilitates
from diagnostic.sessions.queries import takes_part

_VOID = ", ".join(f"'{one}'" for one in sorted(VOID))

_MEASURED = f"""
SELECT json_agg(json_build_object('milestone', s.milestone, 'at', s.computed_at,
    'version_id', s.version_id, 'scoring_hash', s.scoring_hash, 'level', s.result -> 'level',
    'is_of_cohort', s.is_of_cohort, 'exact', s.result -> 'exact', 'dimensions', (
        SELECT json_object_agg(d ->> 'code', d -> 'exact')
        FROM json_array_elements(s.result::json -> 'dimensions') d),
    'whole', (s.result ->> 'complete')::boolean AND s.result ->> 'status' = 'final'))
FROM (
    SELECT DISTINCT ON (a.milestone, v.scoring_hash) a.milestone, v.scoring_hash, s.version_id,
        s.computed_at, s.result, a.cohort_id IS NOT DISTINCT FROM k.id AS is_of_cohort
    FROM diagnostic.assessment a
    JOIN diagnostic.questionnaire_version v ON v.id = a.version_id
    JOIN diagnostic.score s ON s.assessment_id = a.id
    WHERE a.organisation_id = o.id AND a.programme_id = k.programme_id
        AND a.milestone IN ('T0', 'T1') AND a.status NOT IN ({_VOID})
    ORDER BY a.milestone, v.scoring_hash, s.computed_at DESC, s.assessment_revision DESC, s.id
) s
"""  # noqa: S608  # states of ours

_PLANNED = f"""
SELECT r.id FROM diagnostic.roadmap r JOIN diagnostic.assessment a ON a.id = r.assessment_id
WHERE a.organisation_id = o.id AND a.programme_id = k.programme_id AND a.status NOT IN ({_VOID})
ORDER BY r.created_at DESC, r.id LIMIT 1
"""  # noqa: S608  # states of ours

_ACTIONS = f"""
SELECT json_object_agg(n.status, n.count) FROM (
    SELECT n.status, count(*) AS count FROM diagnostic.roadmap_action n
    WHERE n.roadmap_id = ({_PLANNED}) GROUP BY n.status) n
"""  # noqa: S608  # states of ours

COHORT = f"""
SELECT k.code, k.title, {facilitates("$3")} AS is_facilitated, (
    SELECT coalesce(json_agg(json_build_object('tenant', e.tenant,
        'consents', o.benchmark_consent, 'measured', ({_MEASURED}),
        'planned', EXISTS ({_PLANNED}), 'actions', ({_ACTIONS}))), '[]')
    FROM diagnostic.enrolment e JOIN diagnostic.organisation o ON o.id = e.organisation_id
    WHERE e.cohort_id = k.id AND e.seat_no IS NOT NULL AND e.status <> 'no_show'
)::text AS companies
FROM diagnostic.cohort k WHERE k.id = $1 AND {takes_part("$2", "$3")}
"""  # noqa: S608  # pieces of ours
"""$1: cohort, $2 and $3: `access.seen_by`."""
