"""Who facilitates a cohort, as one rule for every statement."""

FACILITATE = "diagnostic:facilitate"


def facilitates(facilitator: str) -> str:
    """Write the rule for `diagnostic.cohort k`: opened by this tenant, or facilitated beside it."""
    return f"(k.tenant = {facilitator} OR {facilitator} = ANY(k.co_facilitators))"
