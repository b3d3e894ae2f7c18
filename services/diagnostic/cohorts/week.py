"""The week of a cohort, and when enrolment in it ends; days are days in Paris."""

from datetime import date, datetime, time

from platformkit.paris import PARIS

_FRIDAY = 5


def is_working_week(starts_on: date, ends_on: date) -> bool:
    """Both days from Monday to Friday of one ISO week, the first before the second."""
    return (
        starts_on < ends_on
        and starts_on.isocalendar()[:2] == ends_on.isocalendar()[:2]
        and ends_on.isoweekday() <= _FRIDAY
    )


def first_instant(day: date) -> datetime:
    """Midnight in Paris at which this day begins."""
    return datetime.combine(day, time.min, PARIS)
