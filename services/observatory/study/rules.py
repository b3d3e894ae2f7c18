"""When a figure is a strong or a weak point, and other thresholds of a study. Pure.

They are published with their version (`GET /v1/studies/rules`): another threshold is another
version.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final, Literal

ID: Final = "study-rules"
VERSION: Final = "1.0.0"

FEWEST: Final = 8
"""Below so many comparables nothing is called strong or weak."""

OUTER: Final = 0.25
"""The best and the worst quarter of the comparables."""

FAMILY_EXPOSED: Final = 0.5
"""Exposed share from which a job family in which a region is specialised is a weak point."""

FAMILY_SPARED: Final = 0.1
"""Exposed share up to which it is a strong point."""

COVERED: Final = 0.5
"""Share of exposed employment that open training answers: a strong point from there, weak below."""

CHANGED: Final = 4
"""Class of exposure (4 is the ILO's gradient 3) from which a job is among the problems ahead."""

LESS: Final = 0.05
"""How much lower the mean exposure of another job must be for it to be a way out."""

THRESHOLDS: Final = {
    "fewest_compared": FEWEST,
    "outer_share": OUTER,
    "family_exposed_share": FAMILY_EXPOSED,
    "family_spared_share": FAMILY_SPARED,
    "covered_share": COVERED,
    "changed_class": CHANGED,
    "less_exposed_by": LESS,
}

Verdict = Literal["strong", "weak"]


@dataclass(frozen=True, slots=True)
class Standing:
    """A place among comparables, 1 the lowest exposure; most have no verdict of the rule."""

    position: int
    of: int
    median: float
    verdict: Verdict | None


def standing(own: float, low: float, high: float, every: Sequence[float]) -> Standing:
    """Rank a figure among all comparables, itself among them; a lower exposure is favourable.

    It is strong in the best quarter with its whole interval below the median, weak in the worst
    one with its whole interval above; equal values share the better place.
    """
    middle = median(every)
    lower = sum(each < own for each in every)
    higher = sum(each > own for each in every)
    outer = OUTER * len(every)
    verdict: Verdict | None = None
    if len(every) >= FEWEST:
        if lower < outer and high < middle:
            verdict = "strong"
        elif higher < outer and low > middle:
            verdict = "weak"
    return Standing(lower + 1, len(every), middle, verdict)


def agreeing(classes: Sequence[int]) -> tuple[int, int]:
    """Return the class that most indices give, of two as frequent the higher, and how many do."""
    best = max(set(classes), key=lambda each: (classes.count(each), each))
    return best, classes.count(best)
