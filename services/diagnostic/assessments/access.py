"""Who may see a diagnostic (invariant 14), as one rule for every statement that reads one."""

from diagnostic.cohorts.access import FACILITATE, facilitates
from platformkit.auth import Principal


def readable(tenant: str, facilitator: str) -> str:
    """Write the rule for `diagnostic.assessment a`: its own tenant, or its cohort's facilitator.

    A facilitator sees what was begun within the cohort, while the company takes part in it, the
    cohort stands and the tenant is one of its facilitators; the parameters are what `seen_by` or
    `owned_by` gives.
    """
    return f"""(a.tenant = {tenant} OR EXISTS (
        SELECT FROM diagnostic.cohort k
        JOIN diagnostic.enrolment e ON e.cohort_id = k.id
        WHERE k.id = a.cohort_id AND k.status <> 'cancelled' AND {facilitates(facilitator)}
            AND e.organisation_id = a.organisation_id AND e.status IN ('confirmed', 'attended')))"""


def seen_by(caller: Principal) -> tuple[str, str | None]:
    """Give the rule's parameters for reading and for a facilitator's acts."""
    return caller.tenant, caller.tenant if FACILITATE in caller.scopes else None


def owned_by(caller: Principal) -> tuple[str, None]:
    """Give the rule's parameters for what only the company's own tenant may do."""
    return caller.tenant, None
