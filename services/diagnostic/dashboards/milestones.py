"""The milestones of a company's week: what was done, until when it was due, and what is late."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from platformkit.i18n import Text


class Milestone(StrEnum):
    """What a company goes through, in order."""

    CONFIRMED = "confirmed"
    DIAGNOSTIC_STARTED = "diagnostic_started"
    DIAGNOSTIC_SUBMITTED = "diagnostic_submitted"
    DIAGNOSTIC_VALIDATED = "diagnostic_validated"
    FEEDBACK_GIVEN = "feedback_given"
    ROADMAP_MADE = "roadmap_made"
    ROADMAP_DELIVERED = "roadmap_delivered"
    CLOSING_ATTENDED = "closing_attended"


TITLES = {
    Milestone.CONFIRMED: Text("Place confirmée", "Seat confirmed"),
    Milestone.DIAGNOSTIC_STARTED: Text("Diagnostic commencé", "Diagnostic started"),
    Milestone.DIAGNOSTIC_SUBMITTED: Text("Diagnostic soumis", "Diagnostic submitted"),
    Milestone.DIAGNOSTIC_VALIDATED: Text("Diagnostic validé", "Diagnostic validated"),
    Milestone.FEEDBACK_GIVEN: Text("Restitution faite", "Feedback given"),
    Milestone.ROADMAP_MADE: Text("Feuille de route établie", "Roadmap made"),
    Milestone.ROADMAP_DELIVERED: Text("Feuille de route remise", "Roadmap delivered"),
    Milestone.CLOSING_ATTENDED: Text("Clôture suivie", "Closing attended"),
}

_DUE: Mapping[Milestone, tuple[str, bool]] = {
    Milestone.CONFIRMED: ("kickoff", False),
    Milestone.DIAGNOSTIC_STARTED: ("diagnostic", True),
    Milestone.DIAGNOSTIC_SUBMITTED: ("diagnostic", True),
    Milestone.DIAGNOSTIC_VALIDATED: ("feedback", False),
    Milestone.FEEDBACK_GIVEN: ("feedback", True),
    Milestone.ROADMAP_MADE: ("roadmap", True),
    Milestone.ROADMAP_DELIVERED: ("closing", True),
    Milestone.CLOSING_ATTENDED: ("closing", True),
}
"""Which session each is due by: before its start, or by its end."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """A session that takes place."""

    kind: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """A milestone of a company: late is what was due and is not done."""

    milestone: Milestone
    done_at: datetime | None
    due_at: datetime
    is_late: bool


def due(meetings: Sequence[Meeting], week_ends_at: datetime) -> dict[Milestone, datetime]:
    """Give when each is due: by the last session of its kind, else by the end of the week."""
    found = {}
    for milestone, (kind, by_its_end) in _DUE.items():
        last = max(
            (one for one in meetings if one.kind == kind),
            key=lambda one: one.starts_at,
            default=None,
        )
        if last is None:
            found[milestone] = week_ends_at
        else:
            found[milestone] = last.ends_at if by_its_end else last.starts_at
    return found


def standings(
    done: Mapping[Milestone, datetime | None], due_at: Mapping[Milestone, datetime], now: datetime
) -> Iterator[Standing]:
    """Tell where a company stands at each milestone."""
    for milestone in Milestone:
        at, until = done.get(milestone), due_at[milestone]
        yield Standing(milestone, at, until, is_late=at is None and until < now)
