"""When an aid is applied for: days and hours in Paris, as instants.

A closing day ends at 24:00 in Paris unless an hour is given, and is 23 or 25 hours long when
clocks change.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from diagnostic.cohorts.week import first_instant
from platformkit.paris import PARIS

_A_DAY = timedelta(days=1)


class Window(StrEnum):
    """Whether applications are taken."""

    UPCOMING = "upcoming"
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Period:
    """From an instant to another, the last not in it: a moment, or a day in Paris."""

    start: datetime
    end: datetime


def moment(now: datetime) -> Period:
    """Give the period that is only now, as fine as PostgreSQL tells instants apart."""
    return Period(now, now + timedelta(microseconds=1))


def whole_day(day: date) -> Period:
    """Give a day in Paris."""
    return Period(first_instant(day), first_instant(day + _A_DAY))


def exists(day: date, hour: time) -> bool:
    """Tell whether clocks in Paris show this hour that day: in spring they skip one."""
    there = datetime.combine(day, hour, PARIS)
    return there.astimezone(UTC).astimezone(PARIS).time() == hour


def opening(day: date | None, hour: time | None) -> datetime | None:
    """Give the instant from which it is open; the first of two where the hour comes twice."""
    if day is None:
        return None
    return datetime.combine(day, hour or time.min, PARIS).astimezone(UTC)


def deadline(day: date | None, hour: time | None) -> datetime | None:
    """Give the instant at which it is too late; the last of two where the hour comes twice."""
    if day is None:
        return None
    if hour is None:
        return first_instant(day + _A_DAY).astimezone(UTC)
    return datetime.combine(day, hour, PARIS).replace(fold=1).astimezone(UTC)


def window(opens_at: datetime | None, closes_at: datetime | None, period: Period) -> Window:
    """Say how it stands: open when it is at any moment of the period."""
    if opens_at is not None and opens_at >= period.end:
        return Window.UPCOMING
    if closes_at is not None and closes_at <= period.start:
        return Window.CLOSED
    return Window.OPEN
