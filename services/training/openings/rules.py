"""What the dates of a session and of its certifications allow on a day.

A day counts in the legal time of Paris. An offer is valid as long as all its certifications are:
from the latest start to the earliest end (training.md §3, invariant 5). Whoever enrols begins when
the session does, or at once where it runs: the certifications must be open to them on that day.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from training.certifications.lifecycle import State, Validity, state


class Phase(StrEnum):
    """Where a session is on a day; an open day on either side is no limit."""

    UPCOMING = "upcoming"
    RUNNING = "running"
    ENDED = "ended"


class Reason(StrEnum):
    """Why one may not enrol, or why nobody can say."""

    SESSION_ENDED = "session_ended"
    SESSION_BEGUN = "session_begun"
    RECRUITMENT_CLOSED = "recruitment_closed"
    RECRUITMENT_SUSPENDED = "recruitment_suspended"
    ENROLMENT_NOT_BEGUN = "enrolment_not_begun"
    ENROLMENT_ENDED = "enrolment_ended"
    CERTIFICATION_CLOSED = "certification_closed"
    CERTIFICATION_UNKNOWN = "certification_unknown"


@dataclass(frozen=True, slots=True)
class Session:
    """The dates of a session; `permanent` ones are entered at any time while they run."""

    starts_on: date | None
    ends_on: date | None
    enrolment_starts_on: date | None
    enrolment_ends_on: date | None
    recruitment_state: str | None
    permanent: bool


def effective(validities: Sequence[Validity]) -> tuple[date | None, date | None]:
    """Return from when and until when all of them are valid; None is no known limit."""
    starts = [one.starts_on for one in validities if one.starts_on]
    ends = [one.ends_on for one in validities if one.ends_on]
    return max(starts, default=None), min(ends, default=None)


def phase(session: Session, day: date) -> Phase:
    """Tell where a session is on a day."""
    if session.starts_on and day < session.starts_on:
        return Phase.UPCOMING
    return Phase.ENDED if session.ends_on and day > session.ends_on else Phase.RUNNING


def against(
    session: Session, certifications: Mapping[str, Validity | None], day: date
) -> list[Reason]:
    """Return every reason against enrolling on a day; none: one may.

    A certification that the catalogue does not have is None.
    """
    found = list(_of_dates(session, day))
    begins = max(day, session.starts_on or day)
    states = {
        State.UNKNOWN if one is None else state(one, begins) for one in certifications.values()
    }
    if states - {State.ACTIVE, State.UNKNOWN}:
        found.append(Reason.CERTIFICATION_CLOSED)
    elif State.UNKNOWN in states:
        found.append(Reason.CERTIFICATION_UNKNOWN)
    return found


def _of_dates(session: Session, day: date) -> Sequence[Reason]:
    now = phase(session, day)
    last, first = session.enrolment_ends_on, session.enrolment_starts_on
    holds = (
        (Reason.SESSION_ENDED, now is Phase.ENDED),
        (
            Reason.SESSION_BEGUN,
            now is Phase.RUNNING
            and not session.permanent
            and last is None
            and session.starts_on is not None
            and day > session.starts_on,
        ),
        (Reason.RECRUITMENT_CLOSED, session.recruitment_state == "closed"),
        (Reason.RECRUITMENT_SUSPENDED, session.recruitment_state == "suspended"),
        (Reason.ENROLMENT_NOT_BEGUN, first is not None and day < first),
        (Reason.ENROLMENT_ENDED, last is not None and day > last),
    )
    return [reason for reason, is_so in holds if is_so]


def may_enrol(reasons: Sequence[Reason]) -> bool | None:
    """Tell what the reasons come to; only a certification that nobody knows leaves it open."""
    if not reasons:
        return True
    return None if set(reasons) == {Reason.CERTIFICATION_UNKNOWN} else False
