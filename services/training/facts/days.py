"""Days as instants, in the legal time of France; pure."""

from datetime import date, datetime, time, timedelta

from platformkit.paris import PARIS


def morning(day: date | None) -> datetime | None:
    """Return the first instant of a day."""
    return None if day is None else datetime.combine(day, time(), PARIS)


def evening(day: date | None) -> datetime | None:
    """Return the last second of a day."""
    return None if day is None else datetime.combine(day, time(23, 59, 59), PARIS)


def after(day: date | None) -> datetime | None:
    """Return the first instant that is not of the day any more."""
    return None if day is None else morning(day + timedelta(days=1))
