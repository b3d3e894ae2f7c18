"""Which step leads an enrolment from which state to which, in which states of its cohort."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from diagnostic.cohorts.lifecycle import BEFORE
from diagnostic.cohorts.models import CohortStatus
from diagnostic.enrolments.models import EnrolmentStatus


class Step(StrEnum):
    """What can be done to an enrolment; also the last word of its address."""

    CANCEL = "cancel"
    EXCLUDE = "exclude"
    ATTEND = "attend"
    NO_SHOW = "no-show"


@dataclass(frozen=True, slots=True)
class Move:
    """Leads from any of the sources to the target, while the cohort is in one of these states."""

    sources: frozenset[EnrolmentStatus]
    target: EnrolmentStatus
    during: frozenset[CohortStatus]


_CALLED = frozenset({CohortStatus.RUNNING, CohortStatus.COMPLETED})

_LEAVE = Move(
    frozenset({EnrolmentStatus.CONFIRMED, EnrolmentStatus.WAITLISTED}),
    EnrolmentStatus.CANCELLED,
    BEFORE | {CohortStatus.RUNNING},
)

STEPS: Mapping[Step, Move] = {
    Step.CANCEL: _LEAVE,
    Step.EXCLUDE: _LEAVE,
    Step.ATTEND: Move(
        frozenset({EnrolmentStatus.CONFIRMED, EnrolmentStatus.NO_SHOW}),
        EnrolmentStatus.ATTENDED,
        _CALLED,
    ),
    Step.NO_SHOW: Move(
        frozenset({EnrolmentStatus.CONFIRMED, EnrolmentStatus.ATTENDED}),
        EnrolmentStatus.NO_SHOW,
        _CALLED,
    ),
}
"""What is not written is not possible; who came and who did not may be put right afterwards.

A company cancels, its facilitator does the rest.

Two moves are nobody's step: the waiting list moves up, and expires when the week begins.
"""


def is_possible(step: Step, status: str, cohort: str) -> bool:
    """Tell whether the step can be taken from this state, in this state of the cohort."""
    move = STEPS[step]
    return status in move.sources and cohort in move.during
