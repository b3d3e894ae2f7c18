"""Which step leads a diagnostic from which state to which: the whole table, as data."""

from collections.abc import Mapping
from enum import StrEnum

from diagnostic.assessments.models import SCORED, WRITABLE, Status


class Verb(StrEnum):
    """What can be done to a diagnostic as a whole; also the last word of its address."""

    SUBMIT = "submit"
    START_REVIEW = "start-review"
    REQUEST_CHANGES = "request-changes"
    VALIDATE = "validate"
    DELIVER = "deliver"
    AMEND = "amend"
    ABANDON = "abandon"
    ENTER_IN_ERROR = "enter-in-error"


TRANSITIONS: Mapping[Verb, tuple[frozenset[Status], Status]] = {
    Verb.SUBMIT: (WRITABLE, Status.SUBMITTED),
    Verb.START_REVIEW: (frozenset({Status.SUBMITTED}), Status.IN_REVIEW),
    Verb.REQUEST_CHANGES: (frozenset({Status.SUBMITTED, Status.IN_REVIEW}), Status.AMENDED),
    Verb.VALIDATE: (frozenset({Status.IN_REVIEW}), Status.VALIDATED),
    Verb.DELIVER: (frozenset({Status.VALIDATED}), Status.DELIVERED),
    Verb.AMEND: (SCORED, Status.AMENDED),
    Verb.ABANDON: (WRITABLE, Status.ABANDONED),
    Verb.ENTER_IN_ERROR: (
        frozenset(Status) - {Status.ENTERED_IN_ERROR},
        Status.ENTERED_IN_ERROR,
    ),
}
"""From the states on the left to the one on the right; what is not written is not possible.

To re-open a frozen score is to begin the next revision, so both ways back lead to `amended`.
"""


def after(verb: Verb, status: Status) -> Status | None:
    """Give the state that the step leads to, or null when it is not possible from here."""
    sources, target = TRANSITIONS[verb]
    return target if status in sources else None
