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

SETTLE = """
UPDATE diagnostic.enrolment e SET version = e.version + 1, updated_at = $2,
    status = CASE WHEN noted.came THEN 'attended' ELSE 'no_show' END
FROM (
    SELECT a.organisation_id, bool_or(a.status = 'present') AS came
    FROM diagnostic.attendance a JOIN diagnostic.cohort_session s ON s.id = a.session_id
    WHERE s.cohort_id = $1 AND s.status = 'planned'
    GROUP BY a.organisation_id
) noted
WHERE e.cohort_id = $1 AND e.status = 'confirmed' AND e.organisation_id = noted.organisation_id
RETURNING e.id, e.status, e.version
"""
"""Ends at $2 the confirmed seats of cohort $1: who was present once attended, who was noted and
never present did not show; who is on no sheet stays as they are."""
