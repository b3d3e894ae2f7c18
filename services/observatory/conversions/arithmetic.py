"""Converts cells of one classification to another one by weights. Pure.

The weights of a source code sum to one, so what is spread adds up to what there was; a ratio is
converted by its numerator and denominator, never by itself. A part that is hidden or has no value
hides what contains it: the rest must not tell it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import fsum
from typing import Final

Links = Mapping[str, Sequence[tuple[str, float]]]
"""By source code, its target codes and their weights."""

ESTIMATED: Final = "E"
_WORST_FIRST: Final = ("Q", "O", "M", "L", "E", "F", "P", "B", "A")
"""CL_OBS_STATUS, what matters most first: suppressed, missing, estimated, provisional, normal."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure of a source code; a ratio has what it is made of."""

    code: str
    value: float | None
    status: str | None
    numerator: float | None = None
    denominator: float | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """What a source code gives to a target code; `value` is the whole of the source."""

    code: str
    weight: float
    value: float | None


@dataclass(frozen=True, slots=True)
class Converted:
    """A figure of a target code; `missing` are source codes of it that have no figure."""

    code: str
    value: float | None
    status: str | None
    is_estimated: bool
    parts: Sequence[Part]
    missing: Sequence[str]


def unknown(cells: Sequence[Cell], links: Links) -> list[str]:
    """Return the codes that have figures and no place in the table, which would be lost."""
    return sorted({each.code for each in cells} - links.keys())


def convert(cells: Sequence[Cell], links: Links, *, is_ratio: bool) -> list[Converted]:
    """Convert the cells of one table, one per source code, in the order of the target codes."""
    by_code = {each.code: each for each in cells}
    received: dict[str, list[tuple[Cell, float]]] = {}
    wanted: dict[str, list[str]] = {}
    for source, targets in links.items():
        for target, weight in targets:
            wanted.setdefault(target, []).append(source)
            if source in by_code:
                received.setdefault(target, []).append((by_code[source], weight))
    return [
        _converted(
            target,
            received[target],
            sorted(set(wanted[target]) - by_code.keys()),
            is_ratio=is_ratio,
        )
        for target in sorted(received)
    ]


def _converted(
    target: str, given: Sequence[tuple[Cell, float]], missing: Sequence[str], *, is_ratio: bool
) -> Converted:
    is_estimated = bool(missing) or any(weight < 1 for _, weight in given)
    statuses = {cell.status for cell, _ in given if cell.status is not None}
    if is_estimated:
        statuses.add(ESTIMATED)
    return Converted(
        code=target,
        value=_ratio(given) if is_ratio else _sum([(cell.value, weight) for cell, weight in given]),
        status=next(
            (each for each in _WORST_FIRST if each in statuses), min(statuses, default=None)
        ),
        is_estimated=is_estimated,
        parts=[Part(cell.code, weight, cell.value) for cell, weight in given],
        missing=missing,
    )


def _sum(given: Sequence[tuple[float | None, float]]) -> float | None:
    """Add up what parts give; nothing where one of them is not told."""
    told = [value * weight for value, weight in given if value is not None]
    return fsum(told) if len(told) == len(given) else None


def _ratio(given: Sequence[tuple[Cell, float]]) -> float | None:
    if any(cell.value is None for cell, _ in given):
        return None
    above = _sum([(cell.numerator, weight) for cell, weight in given])
    below = _sum([(cell.denominator, weight) for cell, weight in given])
    return None if above is None or not below else above / below
