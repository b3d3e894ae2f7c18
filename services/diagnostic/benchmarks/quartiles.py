"""Quartiles and percentile ranks of exact scores, with any one of them left out.

Quartiles are Hyndman and Fan's type 7 (The American Statistician 50, 1996), numpy's default: the
value at (n - 1)·p between the sorted scores, linearly. Three neighbours in the whole group are
enough to know each quartile of the group without one member: taking a score out moves only those
above it, by one place. So a snapshot needs no list of scores to leave the asking company out.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate

QUARTERS = (1, 2, 3)
FEWEST = 3
"""Scores that a group must have at least for its neighbours to exist."""

Neighbours = tuple[Fraction, Fraction, Fraction]


@dataclass(frozen=True, slots=True)
class Distribution:
    """The different scores of a group, ascending, and how many lie at or below each."""

    values: tuple[Fraction, ...]
    reached: tuple[int, ...]

    @property
    def n(self) -> int:
        """Scores in the group."""
        return self.reached[-1] if self.reached else 0

    def at(self, place: int) -> Fraction:
        """Give the score at this place of the sorted group, 0 the lowest."""
        low, high = 0, len(self.reached) - 1
        while low < high:
            middle = (low + high) // 2
            if self.reached[middle] > place:
                high = middle
            else:
                low = middle + 1
        return self.values[low]


def distribution(counted: Iterable[tuple[Fraction, int]]) -> Distribution:
    """Sort scores that come with how often each occurs."""
    ordered = sorted(counted, key=lambda one: (float(one[0]), one[0]))  # floats first: faster
    return Distribution(
        tuple(value for value, _ in ordered), tuple(accumulate(times for _, times in ordered))
    )


def neighbours(group: Distribution) -> tuple[Neighbours, ...]:
    """Give for each quartile the three scores that decide it, whoever is left out."""
    starts = [(group.n - 2) * quarter // 4 for quarter in QUARTERS]
    return tuple((group.at(one), group.at(one + 1), group.at(one + 2)) for one in starts)


def quartiles(
    around: Sequence[Neighbours], n: int, without: Fraction | None = None
) -> tuple[Fraction, ...]:
    """Compute the quartiles of a group of n, or of the n - 1 that remain without one score."""
    found = []
    for quarter, (first, second, third) in zip(QUARTERS, around, strict=True):
        start = (n - 2) * quarter // 4
        if without is None:
            place, part = divmod((n - 1) * quarter, 4)
            low, high = (first, second) if place == start else (second, third)
        else:  # below the score left out all keep their place, from it on they move down by one
            part = (n - 2) * quarter % 4
            low = first if first < without else second
            high = second if second < without else third
        found.append((low * (4 - part) + high * part) / 4 if part else low)
    return tuple(found)


def rank(below: int, equal: int, n: int) -> Fraction:
    """Compute the percentile rank by mid-ranks: those below, and half of the equal, of 100."""
    return Fraction(100 * (2 * below + equal), 2 * n)


def rounded_down(n: int, step: int = 5) -> int:
    """Publish a count as the multiple of five at or below it."""
    return n - n % step
