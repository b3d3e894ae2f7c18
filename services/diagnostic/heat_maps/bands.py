"""Neighbouring levels joined until each band can be shown.

A level with one or two companies says of them where they are, and one with all of them says it of
everybody. Bands of at least k, whichever tenant looks on, do neither: where all companies are at
one level, there is one band, from the lowest level to the highest.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from diagnostic.benchmarks.disclosure import Tally, is_safe

STEP = 5
"""Shares are published in steps of so many per cent."""


@dataclass(frozen=True, slots=True)
class Band:
    """Levels from the first to the last, by their places, and the companies in them."""

    first: int
    last: int
    companies: int


def bands(levels: Sequence[Tally], k: int) -> list[Band]:
    """Cut the levels into as many bands as can be shown; none, when not even all levels can be.

    Where several cuts have as many, lower levels are told apart rather than higher ones.
    """
    cuts: list[list[Band] | None] = [[]]
    for end in range(1, len(levels) + 1):
        best: list[Band] | None = None
        for start in range(end):
            before = cuts[start]
            joined = sum(levels[start:end], Counter[str]())
            if before is None or not is_safe(joined, k):
                continue
            if best is None or len(before) + 1 > len(best):
                best = [*before, Band(start, end - 1, joined.total())]
        cuts.append(best)
    return cuts[-1] or []


def share(companies: int, n: int) -> int:
    """Publish a part of n in per cent, to the nearest step, halves up."""
    return int(Fraction(100 * companies, n * STEP) + Fraction(1, 2)) * STEP
