"""Quarters of a calendar year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """One of four, as in `2027-Q1`."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> Quarter:
        """Find the quarter in which a day lies."""
        return cls(day.year, (day.month + 2) // 3)

    @classmethod
    def read(cls, text: str) -> Quarter:
        """Read `2027-Q1`, already checked."""
        year, number = text.split("-Q")
        return cls(int(year), int(number))

    def later(self, count: int) -> Quarter:
        """Count on, or back."""
        years, rest = divmod(self.number - 1 + count, 4)
        return Quarter(self.year + years, rest + 1)

    @property
    def starts_on(self) -> date:
        """Its first day."""
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def ends_on(self) -> date:
        """Its last day."""
        return self.later(1).starts_on - timedelta(days=1)

    def __str__(self) -> str:
        """Write it as it is read."""
        return f"{self.year}-Q{self.number}"
