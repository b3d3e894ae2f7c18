"""Who may see the week of a cohort, and its sessions."""

from diagnostic.cohorts.access import facilitates


def takes_part(tenant: str, facilitator: str) -> str:
    """Write the rule for `diagnostic.cohort k`: its facilitator, or who has a seat in it.

    The parameters are what `assessments.access.seen_by` gives.
    """
    return f"""({facilitates(facilitator)} OR EXISTS (
        SELECT FROM diagnostic.enrolment e
        WHERE e.cohort_id = k.id AND e.tenant = {tenant} AND e.seat_no IS NOT NULL))"""


VISIBLE = f"""
SELECT k.code, k.title, k.facilitator, k.timezone, k.status, k.starts_on, k.ends_on
FROM diagnostic.cohort k WHERE k.id = $1 AND {takes_part("$2", "$3")}
"""  # noqa: S608  # a rule of ours
"""$1: cohort, $2 and $3: `access.seen_by`."""

_COLUMNS = """s.id, s.cohort_id, s.kind, s.title, s.starts_at, s.ends_at, k.timezone, s.place,
    s.online_url, s.version, s.created_at, s.changed_at, k.status = 'cancelled' AS is_off,
    CASE WHEN k.status = 'cancelled' THEN 'cancelled' ELSE s.status END AS status"""

LISTED = f"""
SELECT {_COLUMNS}
FROM diagnostic.cohort_session s JOIN diagnostic.cohort k ON k.id = s.cohort_id
WHERE s.cohort_id = $1 AND (s.starts_at, s.id) > ($2, $3)
ORDER BY s.starts_at, s.id LIMIT $4
"""  # noqa: S608  # columns of ours
"""$1: cohort, $2 and $3: key to go on after, $4: limit."""

COUNTED = "SELECT count(*) FROM diagnostic.cohort_session WHERE cohort_id = $1"

ONE = f"""
SELECT {_COLUMNS}
FROM diagnostic.cohort_session s JOIN diagnostic.cohort k ON k.id = s.cohort_id
WHERE s.cohort_id = $1 AND s.id = $4 AND {takes_part("$2", "$3")}
"""  # noqa: S608  # likewise
"""$1: cohort, $2 and $3: `access.seen_by`, $4: session."""
