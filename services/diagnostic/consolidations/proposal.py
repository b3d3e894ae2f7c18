"""What several answers to one question come to: a proposal, and whether they disagree.

The proposal is the lower weighted median of the ordinal answers: the smallest step at or below
which lies half of the weight or more (Edgeworth 1888; Cormen et al., Introduction to Algorithms,
problem 9-2). On a tie of two halves it is thus the lower one: a company is not credited with what
half of it denies. Don't know abstains. Not applicable wins by more than half of the weight.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, assert_never

from diagnostic.assessments.answers import Answer, State
from diagnostic.assessments.ratios import band_of
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
)

FAR = 2
"""Steps apart from which answers disagree (design §4.12); where there are but two, one step."""

Points = Mapping[str, Fraction]
Step = int | float | Fraction
Said = Sequence[tuple[Any, int]]
"""Values of one question, each with the weight of who gave it."""


@dataclass(frozen=True, slots=True)
class Voice:
    """What one respondent says, and how much they weigh."""

    answer: Answer
    weight: int = 1


def weighted_median(weighted: Iterable[tuple[Step, int]]) -> Step:
    """Return the lower weighted median; the order of what is given does not matter."""
    ordered = sorted(weighted)
    total, below = sum(weight for _, weight in ordered), 0
    for step, weight in ordered:
        below += weight
        if 2 * below >= total:
            return step
    raise ValueError(weighted)


def propose(question: Question, points: Points, voices: Sequence[Voice]) -> Answer | None:
    """Propose an answer, or none where respondents' values cannot be weighed against each other.

    A text is nobody's but its author's: it is never proposed for the diagnostic.
    """
    said = _said(voices)
    aside = sum(one.weight for one in voices if one.answer.state is State.NOT_APPLICABLE)
    total = aside + sum(weight for _, weight in said)
    if total == 0:
        return Answer(State.DONT_KNOW) if voices else None
    if 2 * aside > total:
        return Answer(State.NOT_APPLICABLE)
    value = _value(question, points, said)
    return None if value is None else Answer(State.ANSWERED, value)


def _said(voices: Sequence[Voice]) -> list[tuple[Any, int]]:
    return [(one.answer.value, one.weight) for one in voices if one.answer.state is State.ANSWERED]


def _value(question: Question, points: Points, said: Said) -> Any:  # noqa: ANN401  # JSON
    found: Any = None
    match question:
        case Single():
            found = _option(question, points, said)
        case Multiple():
            found = _options(question, said)
        case Boolean() | Scale() | Number():
            found = weighted_median(said)
        case Matrix():
            found = _rows(question, said)
        case Date() | File():
            found = _major(said)
        case FreeText():
            pass
        case _:
            assert_never(question)
    return found


def _option(question: Single, points: Points, said: Said) -> str | None:
    """Take the median of points, then the heaviest option worth them, then the first of the grid.

    Options that are all worth the same have no order: then more than half of the weight.
    """
    ranks = _ranks(points)
    if not any(ranks.values()):
        found: str | None = _major(said)
        return found
    middle = weighted_median((ranks[code], weight) for code, weight in said)
    weights = Counter[str]()
    for code, weight in said:
        weights[code] += weight
    equals = [one.code for one in question.options if ranks[one.code] == middle]
    return max(equals, key=lambda code: weights[code])  # the first of equals


def _ranks(points: Points) -> dict[str, int]:
    """Give each option the number of its step; equal points stand on the same."""
    order = sorted(set(points.values()))
    return {code: order.index(worth) for code, worth in points.items()}


def _options(question: Multiple, said: Said) -> list[str] | None:
    """Take each option that more than half of the weight chose; exclusive ones thus stay alone."""
    total = sum(weight for _, weight in said)
    chosen = [
        one.code
        for one in question.options
        if 2 * sum(weight for value, weight in said if one.code in value) > total
    ]
    return chosen or None


def _rows(question: Matrix, said: Said) -> dict[str, Step | None] | None:
    found = {row.code: _row([(one[row.code], w) for one, w in said]) for row in question.rows}
    return found if any(one is not None for one in found.values()) else None


def _row(said: Said) -> Step | None:
    """Take the median of a row; a row that is nothing to more than half of the weight is null."""
    given = [(step, weight) for step, weight in said if step is not None]
    without = sum(weight for step, weight in said if step is None)
    if 2 * without > without + sum(weight for _, weight in given):
        return None
    return weighted_median(given)


def _major(said: Said) -> Any:  # noqa: ANN401  # JSON
    """Take the value that has more than half of the weight."""
    weights = Counter[Any]()
    for value, weight in said:
        weights[value] += weight
    value, most = weights.most_common(1)[0]
    return value if 2 * most > weights.total() else None


def disagree(question: Question, points: Points, voices: Sequence[Voice]) -> bool:
    """Tell whether answers lie two steps apart or more, or some find the question applicable.

    Values without steps disagree when they differ, several choices when two are contested, texts
    never.
    """
    values = [value for value, _ in _said(voices)]
    states = {one.answer.state for one in voices} - {State.DONT_KNOW}
    if len(states) > 1:
        return True
    match question:
        case FreeText():
            return False
        case Multiple():
            contested = (
                len({one.code in value for value in values}) > 1 for one in question.options
            )
            return sum(contested) >= FAR
        case _:
            return any(_apart(steps, top) for steps, top in _ladders(question, points, values))


def _apart(steps: Sequence[int], top: int) -> bool:
    return bool(steps) and max(steps) - min(steps) >= min(FAR, top)


def _ladders(
    question: Question, points: Points, values: Sequence[Any]
) -> Iterator[tuple[list[int], int]]:
    """Give the steps at which the values stand, and the highest step; one ladder for each row."""
    match question:
        case Single() if any(points.values()):
            ranks = _ranks(points)
            yield [ranks[one] for one in values], max(ranks.values())
        case Scale():
            yield list(values), question.maximum
        case Matrix():
            for row in question.rows:
                steps = [one[row.code] for one in values if one[row.code] is not None]
                yield steps, question.maximum
        case Number() if question.bands:
            yield [band_of(question, one) for one in values], len(question.bands) - 1
        case _:
            different = sorted(set(values))
            yield [different.index(one) for one in values], 1
