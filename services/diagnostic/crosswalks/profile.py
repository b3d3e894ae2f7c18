"""A diagnostic read as another method: exact, from the answers given, never guessed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from diagnostic.assessments.answers import Answers, State
from diagnostic.assessments.ratios import ZERO, ratio
from diagnostic.assessments.scoring import HUNDRED
from diagnostic.assessments.visibility import PreparedGrid, Visibility, visibility
from diagnostic.crosswalks.catalogue import Crosswalk, CrosswalkDimension, Item


class ItemStatus(StrEnum):
    """To ask: no question of the grid tells it, or one that does has no value yet."""

    ANSWERED = "answered"
    NOT_APPLICABLE = "not_applicable"
    TO_ASK = "to_ask"


@dataclass(frozen=True, slots=True)
class ItemReading:
    """An item of the other method, and its value in 0..1 when our answers tell it."""

    item: Item
    status: ItemStatus
    value: Fraction | None = None


@dataclass(frozen=True, slots=True)
class DimensionReading:
    """The mean out of 100 of the items that are told; `coverage` is their share of all."""

    dimension: CrosswalkDimension
    items: tuple[ItemReading, ...]
    score: Fraction | None
    coverage: Fraction


def read(crosswalk: Crosswalk, grid: PreparedGrid, answers: Answers) -> list[DimensionReading]:
    """Read every dimension of the other method off the visible answers."""
    shown = visibility(grid, answers)
    found = []
    for dimension in crosswalk.dimensions:
        items = tuple(_item(one, grid, answers, shown) for one in dimension.items)
        values = [one.value for one in items if one.value is not None]
        found.append(
            DimensionReading(
                dimension,
                items,
                HUNDRED * sum(values, ZERO) / len(values) if values else None,
                Fraction(len(values), len(items)),
            )
        )
    return found


def overall(found: Sequence[DimensionReading]) -> Fraction | None:
    """Take the mean of the dimensions, as the DMA does, once nothing is missing in any."""
    scores = [one.score for one in found if one.score is not None and one.coverage == 1]
    return sum(scores, ZERO) / len(scores) if len(scores) == len(found) else None


def _item(
    item: Item, grid: PreparedGrid, answers: Answers, shown: dict[str, Visibility]
) -> ItemReading:
    """Take the mean of its visible questions, those not applicable left out; all must be told."""
    values: list[Fraction] = []
    left_out = False
    for code in item.questions:
        if shown.get(code) is Visibility.HIDDEN:
            continue
        answer = answers.get(code)
        if answer is not None and answer.state is State.NOT_APPLICABLE:
            left_out = True
        elif answer is not None and answer.state is State.ANSWERED:
            values.append(ratio(grid.questions[code], answer.value, grid.points[code]))
        else:
            return ItemReading(item, ItemStatus.TO_ASK)
    if values:
        return ItemReading(item, ItemStatus.ANSWERED, sum(values, ZERO) / len(values))
    return ItemReading(item, ItemStatus.NOT_APPLICABLE if left_out else ItemStatus.TO_ASK)
