"""How sure people are of their answers: shown beside the score, never part of it."""

from collections.abc import Mapping
from fractions import Fraction

from diagnostic.assessments.visibility import PreparedGrid

MeanConfidence = tuple[Fraction | None, int]
"""The exact mean of the confidences given, and how many they are; null without any."""


def mean_confidence(grid: PreparedGrid, given: Mapping[str, int]) -> dict[str, MeanConfidence]:
    """Give the plain mean of the confidences, 1 to 5, of each dimension's questions."""
    found: dict[str, MeanConfidence] = {}
    for dimension in grid.dimensions:
        levels = [
            level
            for code, level in given.items()
            if grid.questions[code].dimension == dimension.code
        ]
        found[dimension.code] = (
            Fraction(sum(levels), len(levels)) if levels else None,
            len(levels),
        )
    return found
