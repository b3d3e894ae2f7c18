"""Periods as SDMX writes them, and the numbers by which they are stored and ordered."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

RANKS: Final = {"A": 0, "S": 1, "T": 2, "Q": 3, "M": 4, "W": 5, "D": 6}
"""Frequencies, the longest first; of periods that begin on one day the longest comes first."""

_FORM: Final = re.compile(
    r"(?P<year>\d{4})(-(?:A(?P<A>1)|S(?P<S>[12])|T(?P<T>[123])|Q(?P<Q>[1-4])|W(?P<W>\d\d)"
    r"|M?(?P<M>\d\d)|(?P<month>\d\d)-(?P<D>\d\d)|D(?P<ordinal>\d{3})))?",
    re.ASCII,
)
_MONTHS: Final = {"S": 6, "T": 4, "Q": 3, "M": 1}
_SLOTS: Final = 16


@dataclass(frozen=True, slots=True)
class Period:
    """A period with its canonical text, first and last day."""

    text: str
    frequency: str
    first: date
    last: date

    @property
    def number(self) -> int:
        """Number by which it is stored: in the order of first days, then longest first."""
        return first_number(self.first) + RANKS[self.frequency]


def first_number(day: date) -> int:
    """Smallest number of a period that begins on the day."""
    return day.toordinal() * _SLOTS


def parse(text: str) -> Period | None:
    """Read `2020`, `2020-S1`, `2020-Q2`, `2020-03`, `2020-W07` or `2020-03-31`; None for others.

    Also SDMX's longer forms of them: `2020-A1`, `2020-M03`, `2020-D091`.
    """
    found = _FORM.fullmatch(text)
    if found is None:
        return None
    try:
        return _period(found)
    except (ValueError, OverflowError):  # month 13, week 54, 30 February, the end of year 9999
        return None


def _period(found: re.Match[str]) -> Period:
    year = int(found["year"])
    if found["D"] is not None:
        day = date(year, int(found["month"]), int(found["D"]))
        return Period(day.isoformat(), "D", day, day)
    if found["ordinal"] is not None:
        day = date(year, 1, 1) + timedelta(days=int(found["ordinal"]) - 1)
        if day.year != year or found["ordinal"] == "000":
            raise ValueError(found["ordinal"])
        return Period(day.isoformat(), "D", day, day)
    if found["W"] is not None:
        week = date.fromisocalendar(year, int(found["W"]), 1)
        return Period(f"{year:04}-W{found['W']}", "W", week, week + timedelta(days=6))
    for frequency, months in _MONTHS.items():
        if found[frequency] is not None:
            place = int(found[frequency])
            first = date(year, (place - 1) * months + 1, 1)
            text = f"{year:04}-{place:02}" if frequency == "M" else f"{year:04}-{frequency}{place}"
            return Period(text, frequency, first, _end(year, place * months))
    return Period(f"{year:04}", "A", date(year, 1, 1), date(year, 12, 31))


def _end(year: int, month: int) -> date:
    """Last day of a month."""
    nxt = date(year, month, 28) + timedelta(days=4)
    return nxt - timedelta(days=nxt.day)
