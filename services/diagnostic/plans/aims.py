"""From a target to what a score must exactly be: every aim is a lower bound of one figure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from diagnostic.assessments.scoring import Score
from diagnostic.assessments.visibility import PreparedGrid
from diagnostic.scores.aims import points


@dataclass(frozen=True, slots=True)
class Aim:
    """Published points to reach on a dimension, or on the whole (null).

    A `core` aim follows from non-compensation: it holds only where its dimension is assessable.
    """

    dimension: str | None
    points: Decimal
    level: str | None = None
    core: bool = False

    @property
    def least(self) -> Fraction:
        """The least exact score that is published as these points: rounding is half up."""
        digits = -int(self.points.as_tuple().exponent)
        return Fraction(self.points) - Fraction(1, 2 * 10**digits) if self.points else Fraction(0)

    def figure(self, found: Score) -> Fraction | None:
        """Take what it is about from a score: while provisional, the low end counts."""
        if self.dimension is None:
            return found.low
        return next(one.low for one in found.dimensions if one.code == self.dimension)

    def reached(self, found: Score) -> bool:
        """Tell whether a score reaches it; nothing reaches what is not assessable."""
        figure = self.figure(found)
        return self.core if figure is None else figure >= self.least


def aims(
    grid: PreparedGrid, whole: Mapping[str, Any] | None, dimensions: Mapping[str, Mapping[str, Any]]
) -> tuple[Aim, ...]:
    """Turn targets, each a score or a level, into aims.

    With non-compensation a level of the whole also needs the level below on each core dimension.
    """
    return tuple(_aims(grid, whole, dimensions))


def _aims(
    grid: PreparedGrid, whole: Mapping[str, Any] | None, dimensions: Mapping[str, Mapping[str, Any]]
) -> Iterator[Aim]:
    profile = grid.content.profile
    unit = Decimal(1).scaleb(-profile.precision)

    def aim(code: str | None, target: Mapping[str, Any], *, core: bool = False) -> Aim:
        return Aim(code, points(profile, target).quantize(unit), target["level"], core)

    if whole is not None:
        yield aim(None, whole)
        ranks = [one.code for one in profile.levels]
        rank = ranks.index(whole["level"]) if whole["level"] is not None else 0
        if profile.non_compensation and rank:
            below = {"score": None, "level": ranks[rank - 1]}
            for one in grid.dimensions:
                if one.core:
                    yield aim(one.code, below, core=True)
    for code, target in dimensions.items():
        yield aim(code, target)
