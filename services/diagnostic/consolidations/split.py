"""How many respondents said what, shown only from three on: below, each could be told apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from diagnostic.assessments.answers import State
from diagnostic.assessments.ratios import band_of
from diagnostic.consolidations.proposal import Voice
from diagnostic.questionnaires.grid import (
    Boolean,
    Matrix,
    Multiple,
    Number,
    Question,
    Scale,
    Single,
)

SHOWN_FROM = 3
"""Respondents to a question from which their split is shown (design §4.12)."""


@dataclass(frozen=True, slots=True)
class Line:
    """So many chose this; the row is that of a matrix, the choice a code, a step or a band."""

    row: str | None
    choice: str
    count: int


def split(question: Question, voices: Sequence[Voice]) -> list[Line] | None:
    """Count each choice; null below three respondents, and where there is nothing to choose."""
    if len(voices) < SHOWN_FROM or not isinstance(
        question, Single | Multiple | Boolean | Scale | Matrix | Number
    ):
        return None
    counts = Counter[tuple[str | None, str]]()
    for one in voices:
        if one.answer.state is State.ANSWERED:
            counts.update(_choices(question, one.answer.value))
        else:
            counts[None, str(one.answer.state)] += 1
    return [
        Line(row, choice, count)
        for (row, choice), count in sorted(
            counts.items(), key=lambda one: (one[0][0] or "", one[0][1])
        )
    ]


def _choices(
    question: Single | Multiple | Boolean | Scale | Matrix | Number,
    value: Any,  # noqa: ANN401  # JSON, already checked
) -> Iterator[tuple[str | None, str]]:
    match question:
        case Multiple():
            yield from ((None, one) for one in value)
        case Matrix():
            for row in question.rows:
                step = value[row.code]
                yield row.code, State.NOT_APPLICABLE if step is None else str(step)
        case Number():
            if question.bands:
                yield None, str(band_of(question, value))
        case Boolean():
            yield None, "true" if value else "false"
        case _:
            yield None, str(value)
