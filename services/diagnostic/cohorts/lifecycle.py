"""Which step leads a cohort from which state to which, and what the dates have to say about it."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum

from diagnostic.cohorts.models import CohortStatus


class Step(StrEnum):
    """What can be done to a cohort as a whole; also the last word of its address."""

    OPEN = "open"
    CLOSE = "close"
    START = "start"
    COMPLETE = "complete"
    CANCEL = "cancel"


STEPS: Mapping[Step, tuple[frozenset[CohortStatus], CohortStatus]] = {
    Step.OPEN: (frozenset({CohortStatus.PLANNED}), CohortStatus.OPEN),
    Step.CLOSE: (frozenset({CohortStatus.OPEN}), CohortStatus.CLOSED),
    Step.START: (frozenset({CohortStatus.CLOSED}), CohortStatus.RUNNING),
    Step.COMPLETE: (frozenset({CohortStatus.RUNNING}), CohortStatus.COMPLETED),
    Step.CANCEL: (
        frozenset(CohortStatus) - {CohortStatus.COMPLETED, CohortStatus.CANCELLED},
        CohortStatus.CANCELLED,
    ),
}
"""From the states on the left to the one on the right; what is not written is not possible."""

BEFORE = frozenset({CohortStatus.PLANNED, CohortStatus.OPEN, CohortStatus.CLOSED})
"""The week has not begun: seats and days may change, and the waiting list moves up."""


def standing(status: str, enrol_closes_at: datetime, now: datetime) -> CohortStatus:
    """Give the state as of now: an open cohort is closed from its closing instant on."""
    if status == CohortStatus.OPEN and enrol_closes_at <= now:
        return CohortStatus.CLOSED
    return CohortStatus(status)


def after(step: Step, stored: str, now_closed: CohortStatus) -> CohortStatus | None:
    """Give the state that the step leads to; null when it starts from neither.

    A cohort that closed by itself may still be closed by hand, for good.
    """
    sources, target = STEPS[step]
    return target if {CohortStatus(stored), now_closed} & sources else None


def not_before(step: Step, starts_on: date, ends_on: date) -> date | None:
    """Give the first day on which the step makes sense; null when any day does."""
    return {Step.START: starts_on, Step.COMPLETE: ends_on}.get(step)
