"""The reads of sheets, each in one statement."""

from diagnostic.cohorts.access import facilitates
from diagnostic.sessions.queries import takes_part

SHEET = f"""
SELECT s.id AS session_id, s.sheet_version AS version, (
    SELECT coalesce(json_agg(json_build_object('organisation_id', o.id, 'seat_no', e.seat_no,
        'name', o.name, 'status', a.status, 'recorded_at', a.recorded_at) ORDER BY e.seat_no), '[]')
    FROM diagnostic.enrolment e
    JOIN diagnostic.organisation o ON o.id = e.organisation_id
    LEFT JOIN diagnostic.attendance a ON a.session_id = s.id AND a.organisation_id = o.id
    WHERE e.cohort_id = k.id AND e.seat_no IS NOT NULL
        AND ({facilitates("$3")} OR e.tenant = $2))::text AS companies
FROM diagnostic.cohort_session s JOIN diagnostic.cohort k ON k.id = s.cohort_id
WHERE k.id = $1 AND s.id = $4 AND {takes_part("$2", "$3")}
"""  # noqa: S608  # rules of ours
"""Of the companies with a seat: all for the facilitator, else one's own; $1: cohort, $2 and $3:
`access.seen_by`, $4: session."""
