"""What the legal dates of a certification allow on a given day, in the time of Paris.

A registration holds until 23:59:59 Europe/Paris of its last day (Code du travail, L. 6113-5 and
L. 6113-6). After it nobody may enrol; those enrolled before may still be certified until the
delivery limit, where there is one. What the source does not say stays unknown: `None`.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from platformkit.paris import PARIS, day_in_paris


class State(StrEnum):
    """What may be done with a certification; `unknown` when no source gives its last day."""

    UPCOMING = "upcoming"
    ACTIVE = "active"
    DELIVERY_ONLY = "delivery_only"
    INACTIVE = "inactive"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Validity:
    """The legal dates; `ends_in` is the year of the end when only the year is known."""

    starts_on: date | None = None
    ends_on: date | None = None
    ends_in: int | None = None
    delivers_until: date | None = None
    delivery_known: bool = True
    """Whether the source would have given a delivery limit if there were one."""


def seconds_left(instant: datetime) -> int:
    """Return how long the legal day still lasts; 90,000 s at most, when the clocks go back."""
    tomorrow = datetime.combine(day_in_paris(instant) + timedelta(days=1), time(), PARIS)
    return max(1, int(tomorrow.timestamp() - instant.timestamp()))


def state(validity: Validity, day: date) -> State:
    """Derive the state on a legal day."""
    if validity.starts_on and day < validity.starts_on:
        return State.UPCOMING
    if validity.ends_on:
        if day <= validity.ends_on:
            return State.ACTIVE
        if validity.delivers_until and day <= validity.delivers_until:
            return State.DELIVERY_ONLY
        return State.INACTIVE
    if validity.ends_in is None or day.year == validity.ends_in:
        return State.UNKNOWN
    return State.ACTIVE if day.year < validity.ends_in else State.INACTIVE


def may_enrol(validity: Validity, day: date) -> bool | None:
    """Whether somebody may begin on that day; only an active registration allows it."""
    current = state(validity, day)
    return None if current is State.UNKNOWN else current is State.ACTIVE


def may_deliver(validity: Validity, day: date) -> bool | None:
    """Whether somebody may be certified on that day."""
    current = state(validity, day)
    if current in {State.ACTIVE, State.DELIVERY_ONLY}:
        return True
    if current is State.UPCOMING:
        return False
    return None if current is State.UNKNOWN or not validity.delivery_known else False
