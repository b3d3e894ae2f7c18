"""The week of a cohort in one statement, however many companies and sessions it has."""

from diagnostic.assessments.models import VOID, WRITABLE
from diagnostic.cohorts.access import facilitates
from diagnostic.sessions.queries import takes_part

_VOID = ", ".join(f"'{one}'" for one in sorted(VOID))
_WRITABLE = ", ".join(f"'{one}'" for one in sorted(WRITABLE))

_SESSIONS = """
SELECT coalesce(json_agg(json_build_object('id', s.id, 'cohort_id', s.cohort_id, 'kind', s.kind,
    'title', s.title, 'starts_at', s.starts_at, 'ends_at', s.ends_at, 'timezone', k.timezone,
    'place', s.place, 'online_url', s.online_url, 'version', s.version,
    'status', CASE WHEN k.status = 'cancelled' THEN 'cancelled' ELSE s.status END)
    ORDER BY s.starts_at, s.id), '[]')
FROM diagnostic.cohort_session s WHERE s.cohort_id = k.id
"""

_PRESENCES = """
SELECT json_object_agg(t.session_id, t.status)
FROM diagnostic.attendance t
JOIN diagnostic.cohort_session s ON s.id = t.session_id
WHERE s.cohort_id = k.id AND s.status = 'planned' AND t.organisation_id = o.id
"""

_ANSWERS = f"""
SELECT json_agg(json_build_object('question', n.question, 'state', n.state, 'value', n.value,
    'reason', n.reason))
FROM diagnostic.answer n WHERE n.assessment_id = a.id AND a.status IN ({_WRITABLE})
"""  # noqa: S608  # states of ours

_COMPANIES = f"""
SELECT coalesce(json_agg(json_build_object('seat_no', e.seat_no, 'organisation_id', o.id,
    'name', o.name, 'enrolment', e.status, 'confirmed_at', e.created_at, 'assessment_id', a.id,
    'assessment_status', a.status, 'version_id', a.version_id, 'started_at', a.started_at,
    'submitted_at', a.submitted_at, 'validated_at', p.validated_at,
    'delivered_at', p.delivered_at, 'planned_at', r.created_at,
    'presences', ({_PRESENCES}), 'answers', ({_ANSWERS})) ORDER BY e.seat_no), '[]')
FROM diagnostic.enrolment e
JOIN diagnostic.organisation o ON o.id = e.organisation_id
LEFT JOIN LATERAL (
    SELECT a.* FROM diagnostic.assessment a
    WHERE a.cohort_id = k.id AND a.organisation_id = o.id AND a.milestone = 'T0'
        AND a.status NOT IN ({_VOID})
    ORDER BY a.started_at DESC, a.id LIMIT 1) a ON true
LEFT JOIN LATERAL (
    SELECT max(t.at) FILTER (WHERE t.verb = 'validate') AS validated_at,
        max(t.at) FILTER (WHERE t.verb = 'deliver') AS delivered_at
    FROM diagnostic.assessment_step t
    WHERE t.assessment_id = a.id AND t.revision = a.revision) p ON true
LEFT JOIN LATERAL (
    SELECT r.created_at FROM diagnostic.roadmap r
    WHERE r.assessment_id = a.id AND r.assessment_revision = a.revision) r ON true
WHERE e.cohort_id = k.id AND e.seat_no IS NOT NULL AND ({{seen}})
"""  # noqa: S608  # pieces of ours

_WEEK = """
SELECT k.id, k.code, k.title, k.status, k.capacity, k.seats_taken, k.waitlisted, k.ends_on,
    k.timezone, ({sessions})::text AS sessions, ({companies})::text AS companies
FROM diagnostic.cohort k WHERE k.id = $1 AND {visible}
"""

DASHBOARD = _WEEK.format(
    sessions=_SESSIONS, companies=_COMPANIES.format(seen="true"), visible=facilitates("$2")
)
"""Of all companies with a seat; $1: cohort, $2: facilitator."""

MILESTONES = _WEEK.format(
    sessions=_SESSIONS,
    companies=_COMPANIES.format(seen=f"{facilitates('$3')} OR e.tenant = $2"),
    visible=takes_part("$2", "$3"),
)
"""All for the facilitator, else one's own; $1: cohort, $2 and $3: `access.seen_by`."""
