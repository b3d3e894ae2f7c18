"""The classes of exposure of the ILO (2025) and the rule that gives them."""

from decimal import Decimal
from enum import StrEnum


class Grade(StrEnum):
    """The ILO's classes of exposure, lowest first."""

    NOT_EXPOSED = "not_exposed"
    MINIMAL = "minimal"
    GRADIENT_1 = "gradient_1"
    GRADIENT_2 = "gradient_2"
    GRADIENT_3 = "gradient_3"
    GRADIENT_4 = "gradient_4"


EXPOSED = (Grade.GRADIENT_1, Grade.GRADIENT_2, Grade.GRADIENT_3, Grade.GRADIENT_4)

_HIGHEST, _HIGH, _MIDDLE = 0.6, 0.5, 0.4


def classify(mean: Decimal, sd: Decimal) -> Grade:
    """Class of an occupation from its published mean and SD, which must have two decimals.

    Reproduces the 427 published classes; on unrounded values 12 of them come out wrong. The sum
    is one of binary floats on purpose: the ILO's was, and three groups (1213, 3134, 3152) whose
    sum is 0.40 are published as not exposed, because 0.36 + 0.04 < 0.4 in floats.
    """
    centre, upper = float(mean), float(mean) + float(sd)
    if centre >= _HIGHEST:
        return Grade.GRADIENT_4
    if centre >= _HIGH:
        return Grade.GRADIENT_3
    if upper >= _HIGH:
        return Grade.GRADIENT_2 if centre >= _MIDDLE else Grade.GRADIENT_1
    return Grade.MINIMAL if upper >= _MIDDLE else Grade.NOT_EXPOSED
