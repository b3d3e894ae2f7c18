"""Formula 9 (§6): what regions come to together, as a ratio of totals and never a mean of means.

Whatever the regions are divided into and in whatever order they come, the totals are the same.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import reduce
from math import sqrt
from typing import Literal

from observatory.formulas.structure import Interval, Z

Errors = Literal["independent", "shared"]
"""How the errors of regions go together: a sample each, or the same scores in all of them."""


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over regions of what rolls up; those of one region are its own figure.

    `squares` is Σ(D·SE)² and `linear` Σ D·SE; None as soon as one region tells no standard error,
    because an error that is left out would be taken for none.
    """

    numerator: float = 0.0
    denominator: float = 0.0
    squares: float | None = 0.0
    linear: float | None = 0.0

    @classmethod
    def of(cls, numerator: float, denominator: float, se: float | None) -> "Totals":
        """Make those of one region: its ratio N/D, whose standard error is given."""
        if se is None:
            return cls(numerator, denominator, None, None)
        return cls(numerator, denominator, (denominator * se) ** 2, denominator * se)

    def __add__(self, other: "Totals") -> "Totals":
        return Totals(
            self.numerator + other.numerator,
            self.denominator + other.denominator,
            _both(self.squares, other.squares),
            _both(self.linear, other.linear),
        )

    @property
    def value(self) -> float:
        """The ratio of the totals, ΣN/ΣD."""
        return self.numerator / self.denominator

    def se(self, errors: Errors) -> float | None:
        """Return the combined standard error; denominators count as known.

        Independent: √Σ(D_r·SE_r)²/ΣD. Shared, as where all regions use the same scores of jobs:
        Σ D_r·SE_r/ΣD, which no other correlation of them exceeds.
        """
        if self.squares is None or self.linear is None:
            return None
        spread = sqrt(self.squares) if errors == "independent" else self.linear
        return spread / self.denominator

    def interval(self, errors: Errors) -> Interval | None:
        """Return the 95 % interval around the ratio."""
        se = self.se(errors)
        return None if se is None else Interval(self.value - Z * se, self.value + Z * se)


def _both(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else one + other


def pooled(regions: Iterable[Totals]) -> Totals:
    """Add up what regions bring."""
    return reduce(Totals.__add__, regions, Totals())


class Outcome(StrEnum):
    """What becomes of a national cell."""

    SHOWN = "shown"
    HIDDEN = "hidden"
    WITHHELD = "withheld"


def outcome(hidden: int, coverage: float, least: float) -> Outcome:
    """Decide on a cell that `hidden` regions hide, and of which others cover a share.

    Of one region that hides it, the total of any vintage minus all others would be its figure; it
    is the total that is hidden, in every vintage: regions publish their own figures themselves, so
    that hiding another one here would protect nothing (§6). What covers too little is no national
    figure.
    """
    if hidden == 1:
        return Outcome.HIDDEN
    return Outcome.WITHHELD if coverage < least else Outcome.SHOWN
