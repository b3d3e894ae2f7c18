"""A grid made ready to run, and which of its questions a company sees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from graphlib import TopologicalSorter

from diagnostic.assessments.answers import Answers, State
from diagnostic.assessments.ratios import points_of
from diagnostic.questionnaires.conditions import Condition, compile_condition
from diagnostic.questionnaires.grid import Dimension, GridContent, Language, Question, exact
from diagnostic.questionnaires.hashing import scoring_hash


class Visibility(StrEnum):
    """Open: it still hangs on an unanswered question."""

    VISIBLE = "visible"
    HIDDEN = "hidden"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class PreparedGrid:
    """A grid version compiled once: keep it by content hash, it is safe to share."""

    content: GridContent
    scoring_hash: str
    questions: Mapping[str, Question]
    conditions: Mapping[str, Condition]
    conditional: tuple[str, ...]
    dimensions: tuple[Dimension, ...]
    scored: Mapping[str, tuple[tuple[str, Fraction], ...]]
    weights: Mapping[str, Fraction]
    points: Mapping[str, Mapping[str, Fraction]]
    in_english: bool

    def spoken(self, asked: Language) -> Language:
        """Give the language that the grid can be shown in: a text without English is in French."""
        return asked if self.in_english else "fr"


def prepare(content: GridContent) -> PreparedGrid:
    """Compile a linted grid; raises ConditionRefused or graphlib.CycleError on one that is not."""
    questions = {one.code: one for one in content.questions}
    conditions = {
        one.code: compile_condition(one.enable_when)
        for one in content.questions
        if one.enable_when is not None
    }
    order = TopologicalSorter({code: one.questions for code, one in conditions.items()})
    dimensions = sorted(content.dimensions, key=lambda one: (one.order, one.code))
    return PreparedGrid(
        content=content,
        scoring_hash=scoring_hash(content),
        questions=questions,
        conditions=conditions,
        conditional=tuple(code for code in order.static_order() if code in conditions),
        dimensions=tuple(dimensions),
        scored={
            dimension.code: tuple(
                (one.code, exact(one.weight))
                for one in sorted(content.questions, key=lambda one: one.code)
                if one.dimension == dimension.code and one.scored
            )
            for dimension in dimensions
        },
        weights={one.code: exact(one.weight) for one in dimensions},
        points={one.code: points_of(one) for one in content.questions},
        in_english=_in_english(content.model_dump()),
    )


def _in_english(node: object) -> bool:
    """Tell whether every text of the grid has its English."""
    if isinstance(node, dict):
        if node.keys() == {"fr", "en"}:
            return node["en"] is not None
        return all(_in_english(one) for one in node.values())
    return not isinstance(node, list | tuple) or all(_in_english(one) for one in node)


def visibility(grid: PreparedGrid, answers: Answers) -> dict[str, Visibility]:
    """Decide for every question; the answer of a hidden one is invisible to the next condition."""
    shown = dict.fromkeys(grid.questions, Visibility.VISIBLE)
    values = {
        code: answer.value
        for code, answer in answers.items()
        if answer.state is State.ANSWERED and code not in grid.conditions
    }
    for code in grid.conditional:
        condition = grid.conditions[code]
        if any(_unsettled(one, shown, answers) for one in condition.questions):
            shown[code] = Visibility.OPEN
        elif condition.holds(values):
            answer = answers.get(code)
            if answer is not None and answer.state is State.ANSWERED:
                values[code] = answer.value
        else:
            shown[code] = Visibility.HIDDEN
    return shown


def _unsettled(code: str, shown: Mapping[str, Visibility], answers: Answers) -> bool:
    seen = shown.get(code, Visibility.HIDDEN)
    return seen is Visibility.OPEN or (seen is Visibility.VISIBLE and code not in answers)


def effective(grid: PreparedGrid, answers: Answers) -> Answers:
    """Keep the answers of visible questions: the only ones that count."""
    shown = visibility(grid, answers)
    return {
        code: answer for code, answer in answers.items() if shown.get(code) is Visibility.VISIBLE
    }


def missing(grid: PreparedGrid, answers: Answers) -> list[str]:
    """List what blocks a submission: required visible questions without answer, in grid order."""
    shown = visibility(grid, answers)
    return [
        one.code
        for one in grid.content.questions
        if one.required and shown[one.code] is Visibility.VISIBLE and one.code not in answers
    ]
