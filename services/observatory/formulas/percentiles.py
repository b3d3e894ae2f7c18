"""The scale common to all indices, and the classes that figures are given in.

The percentiles are frozen with the version of a method: they do not move when a set grows, as
z-scores computed on the set at hand would.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from enum import StrEnum
from math import floor, sqrt

STEPS = 100


def freeze(values: Sequence[float]) -> list[float]:
    """Give the 101 percentiles of a set, linear between ranks (the `type 7` of statisticians)."""
    ordered = sorted(values)
    last = len(ordered) - 1
    frozen = []
    for step in range(STEPS + 1):
        place = last * step / STEPS
        low = floor(place)
        high = min(low + 1, last)
        frozen.append(ordered[low] + (place - low) * (ordered[high] - ordered[low]))
    return frozen


def percentile(value: float, frozen: Sequence[float]) -> float:
    """Place of a value on the frozen scale, from 0 to 1; the middle of a run of equal ones."""
    low, high = bisect_left(frozen, value), bisect_right(frozen, value)
    if low < high:
        return (low + high - 1) / 2 / STEPS
    if low == 0:
        return 0.0
    if low > STEPS:
        return 1.0
    below, above = frozen[low - 1], frozen[low]
    return (low - 1 + (value - below) / (above - below)) / STEPS


def variance(value: float, of_value: float, frozen: Sequence[float]) -> float:
    """Carry a variance to the frozen scale: half of what one standard error spans, squared."""
    error = sqrt(of_value)
    span = percentile(value + error, frozen) - percentile(value - error, frozen)
    return (span / 2) ** 2


class Band(StrEnum):
    """The five classes of the grid `exposure-fifths`, least exposed first."""

    VERY_LOW = "very_low"
    LOW = "low"
    MIDDLE = "middle"
    HIGH = "high"
    VERY_HIGH = "very_high"


BOUNDS = {
    Band.VERY_LOW: 0,
    Band.LOW: 20,
    Band.MIDDLE: 40,
    Band.HIGH: 60,
    Band.VERY_HIGH: 80,
}
"""Lowest percentile of each class, which belongs to it."""

_BANDS, _FLOORS = tuple(BOUNDS), tuple(BOUNDS.values())

UPPER = (Band.HIGH, Band.VERY_HIGH)
"""The classes called exposed: the two upper fifths."""


def whole(place: float) -> int:
    """Percentile as it is shown: cut to a whole number, so that it never shows another class."""
    return floor(place * STEPS + 1e-9)


def band(place: float) -> Band:
    """Class of a place on the frozen scale (0 to 1)."""
    return _BANDS[bisect_right(_FLOORS, whole(place)) - 1]
