"""How a checked answer becomes a ratio in 0..1, question type by question type."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from math import lcm
from typing import Any, assert_never

from diagnostic.questionnaires.grid import (
    Boolean,
    Date,
    File,
    FreeText,
    Matrix,
    Multiple,
    Number,
    Question,
    Scale,
    Single,
    exact,
)

ZERO = Fraction(0)
ONE = Fraction(1)


def total(parts: Iterable[Fraction]) -> Fraction:
    """Add up exactly over one running denominator: one reduction at the end, not one per term."""
    return dot((ONE, part) for part in parts)


def dot(pairs: Iterable[tuple[Fraction, Fraction]]) -> Fraction:
    """Add up the products exactly, likewise."""
    top, bottom = 0, 1
    for left, right in pairs:
        left_top, left_bottom = left.as_integer_ratio()
        right_top, right_bottom = right.as_integer_ratio()
        part = left_bottom * right_bottom
        if bottom % part:
            grown = lcm(bottom, part)
            top *= grown // bottom
            bottom = grown
        top += left_top * right_top * (bottom // part)
    return Fraction(top, bottom)


def points_of(question: Question) -> dict[str, Fraction]:
    """Precompute what each option or band is worth, out of 1."""
    match question:
        case Single():
            return _spread({one.code: exact(one.points) for one in question.options})
        case Number():
            return _spread({str(n): exact(one.points) for n, one in enumerate(question.bands)})
        case Multiple():
            points = {one.code: exact(one.points) for one in question.options}
            most = (
                exact(question.max_points)
                if question.max_points is not None
                else sum((one for one in points.values() if one > 0), ZERO)
            )
            return {code: one / most if most else ZERO for code, one in points.items()}
        case _:
            return {}


def _spread(points: Mapping[str, Fraction]) -> dict[str, Fraction]:
    if not points:
        return {}
    low, high = min(points.values()), max(points.values())
    return {
        code: (one - low) / (high - low) if high > low else ZERO for code, one in points.items()
    }


def ratio(
    question: Question,
    value: Any,  # noqa: ANN401  # JSON, already checked
    points: Mapping[str, Fraction],
) -> Fraction:
    """Normalise a checked value to 0..1, 1 the best, with the points that `points_of` gave."""
    found = ZERO
    match question:
        case Single():
            found = points[value]
        case Multiple():
            found = min(ONE, max(ZERO, total(points[one] for one in value)))
        case Boolean():
            found = ONE if value else ZERO
        case Scale():
            found = Fraction(value, question.maximum)
        case Matrix():
            steps = [one for one in value.values() if one is not None]
            found = Fraction(sum(steps), len(steps) * question.maximum)
        case Number():
            band = band_of(question, value)
            found = points[str(band)] if band >= 0 else ZERO
        case FreeText() | Date() | File():
            pass
        case _:
            assert_never(question)
    return found


def band_of(question: Number, value: float) -> int:
    """Find the half-open band in which a number lies; -1 when it lies below all of them."""
    found = -1
    for index, band in enumerate(question.bands):
        if band.start is None or value >= band.start:
            found = index
    return found
