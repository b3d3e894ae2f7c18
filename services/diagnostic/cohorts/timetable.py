"""The five sessions that a cohort's week begins with; hours are those of the clocks in its zone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from platformkit.i18n import Text


class SessionKind(StrEnum):
    """What a session is for; `other` is what a facilitator adds."""

    KICKOFF = "kickoff"
    DIAGNOSTIC = "diagnostic"
    FEEDBACK = "feedback"
    ROADMAP = "roadmap"
    CLOSING = "closing"
    OTHER = "other"


TITLES = {
    SessionKind.KICKOFF: Text("Lancement", "Kick-off"),
    SessionKind.DIAGNOSTIC: Text("Diagnostic", "Diagnostic"),
    SessionKind.FEEDBACK: Text("Restitution", "Feedback"),
    SessionKind.ROADMAP: Text("Feuille de route", "Roadmap"),
    SessionKind.CLOSING: Text("Clôture", "Closing"),
    SessionKind.OTHER: Text("Séance", "Session"),
}
"""How a session without a title of its own is called."""

STEPS = tuple(kind for kind in SessionKind if kind is not SessionKind.OTHER)

_HOURS: Sequence[Sequence[tuple[time, time]]] = (
    ((time(9), time(12, 30)),),
    ((time(9), time(12, 30)), (time(14), time(17, 30))),
    ((time(9), time(10, 30)), (time(10, 45), time(12, 30)), (time(14), time(17, 30))),
)
"""The hours of a day with one, two or three sessions."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A session to be."""

    kind: SessionKind
    starts_at: datetime
    ends_at: datetime


def timetable(starts_on: date, ends_on: date, zone: ZoneInfo) -> Iterator[Slot]:
    """Spread the five steps over two to five days, in order and none over another."""
    days = (ends_on - starts_on).days + 1
    places = [index * days // len(STEPS) for index in range(len(STEPS))]
    for index, (kind, place) in enumerate(zip(STEPS, places, strict=True)):
        opens, closes = _HOURS[places.count(place) - 1][index - places.index(place)]
        day = starts_on + timedelta(days=place)
        yield Slot(kind, datetime.combine(day, opens, zone), datetime.combine(day, closes, zone))
