"""Tries a condition on every answer that matters to it, within a budget of work."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise, product
from typing import Any, Final

from diagnostic.questionnaires.conditions import Condition
from diagnostic.questionnaires.grid import (
    Boolean,
    Matrix,
    Multiple,
    Number,
    Question,
    Scale,
    Single,
)

EACH = 100_000
"""Steps for the cases of one condition; beyond, nothing is said of it."""

BUDGET = 2_000_000
"""Steps for all conditions of a grid, well under a second."""

_MISSING: Final = object()
_ARITHMETIC = frozenset("+-*/%")
_LONG_RANGE = 100
_MOST_NAMED = 6


@dataclass(frozen=True, slots=True)
class Trial:
    """Whether the condition ever, or always, holds, and how many steps it took to know."""

    ever: bool
    always: bool
    work: int


def tried(
    condition: Condition,
    questions: Mapping[str, Question],
    missing: Container[str],
    never: Container[str],
    work: int,
) -> Trial | None:
    """Try every case; an answer may be `missing`, or is there `never`.

    Null when the cases cannot be listed, or take more than `work` steps.
    """
    codes = sorted(condition.questions)
    domains: list[Sequence[Any]] = []
    cases = 1
    for code in codes:
        values = [] if code in never else _values(questions[code], condition)
        if values is None:
            return None
        domains.append([*values, _MISSING] if code in missing else values)
        cases *= len(domains[-1])
        if cases * condition.steps > min(work, EACH):
            return None
    held = [
        condition.holds(
            {code: one for code, one in zip(codes, case, strict=True) if one is not _MISSING}
        )
        for case in product(*domains)
    ]
    return Trial(any(held), all(held), cases * condition.steps)


def _values(question: Question, condition: Condition) -> Sequence[Any] | None:
    """List the values that this condition can tell apart, or null when that cannot be told."""
    found: Sequence[Any] | None = None
    if isinstance(question, Multiple | Matrix) and question.code in condition.opaque:
        return found
    match question:
        case Single():
            found = [one.code for one in question.options]
        case Boolean():
            found = [True, False]
        case Scale():
            found = range(question.maximum + 1)
        case Multiple():
            found = _choices(question, condition)
        case Matrix():
            found = _rows(question, condition)
        case Number():
            found = _numbers(question, condition)
        case _:
            pass
    return found


def _choices(question: Multiple, condition: Condition) -> Sequence[Any] | None:
    """Options that the condition does not name differ by their number only."""
    free = [one.code for one in question.options if not one.exclusive]
    named = [code for code in free if code in condition.literals]
    others = [code for code in free if code not in condition.literals]
    if len(named) > _MOST_NAMED:
        return None
    counts = range(len(others) + 1) if "size" in condition.words else {0, 1, 2}
    found: list[list[str]] = [[one.code] for one in question.options if one.exclusive]
    for many in range(len(named) + 1):
        for some in combinations(named, many):
            found.extend(
                [*some, *others[:count]]
                for count in counts
                if count <= len(others) and (some or count)
            )
    return found


def _rows(question: Matrix, condition: Condition) -> Sequence[Any] | None:
    """Rows that the condition does not read stay at 0."""
    read = sorted(row for code, row in condition.fields if code == question.code)
    if len(read) > 2:  # noqa: PLR2004  # 11 ** 3 cases are too many
        return None
    still = {row.code: 0 for row in question.rows}
    steps: list[int | None] = list(range(question.maximum + 1))
    if question.allow_row_na:
        steps.append(None)
    return [still | dict(zip(read, case, strict=True)) for case in product(steps, repeat=len(read))]


def _numbers(question: Number, condition: Condition) -> Sequence[Any] | None:
    """Between two numbers that the condition names, one value stands for all."""
    low, high = question.minimum, question.maximum
    if question.integer and low is not None and high is not None and high - low <= _LONG_RANGE:
        return range(int(low), int(high) + 1)
    if question.code in condition.opaque or not _ARITHMETIC.isdisjoint(condition.words):
        return None
    ends = [one for one in (low, high) if one is not None]
    named = sorted({*condition.numbers, *ends})
    if not named:
        return None
    around = [named[0] - 1, *named, *_between(named), named[-1] + 1]
    whole = {int(one) for one in around} if question.integer else set(around)
    return [
        one
        for one in sorted(whole)
        if (low is None or one >= low) and (high is None or one <= high)
    ]


def _between(named: Sequence[float]) -> Iterator[float]:
    for one, next_one in pairwise(named):
        yield (one + next_one) / 2
