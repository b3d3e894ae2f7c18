"""The published method MIA-1: a pure, exact function of a grid version and its answers.

Everything is a Fraction until it is published: rounded once, half up. An incomplete diagnostic
has an interval that contains every score it can still get, never a single number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

from diagnostic.assessments.answers import Answers, State
from diagnostic.assessments.ratios import ONE, ZERO, ratio
from diagnostic.assessments.visibility import PreparedGrid, Visibility, visibility
from diagnostic.questionnaires.grid import Multiple, Question, ScoringProfile, canonical_hash, exact

ENGINE_VERSION = "1.0.0"

HUNDRED = Fraction(100)


class Status(StrEnum):
    """Provisional: something that counts is unanswered, so there is an interval and no score."""

    FINAL = "final"
    PROVISIONAL = "provisional"


@dataclass(frozen=True, slots=True)
class Item:
    """A question of the applicable set: its weight, and its ratio in 0..1 (null: unanswered)."""

    code: str
    weight: Fraction
    ratio: Fraction | None
    known: bool


@dataclass(frozen=True, slots=True)
class DimensionScore:
    """Exact figures of one axis; all null when it is not assessable."""

    code: str
    weight: Fraction
    items: tuple[Item, ...]
    low: Fraction | None
    high: Fraction | None
    coverage: Fraction | None
    known_share: Fraction | None
    level: str | None
    final: bool

    @property
    def assessable(self) -> bool:
        """True when enough of its weight applies to the company."""
        return self.low is not None

    @property
    def value(self) -> Fraction | None:
        """Its score out of 100, once nothing that counts is unanswered."""
        return self.low if self.final else None


@dataclass(frozen=True, slots=True)
class Score:
    """Exact figures of one diagnostic; `complete` also says that no dimension was excluded."""

    profile: ScoringProfile
    status: Status
    complete: bool
    low: Fraction | None
    high: Fraction | None
    coverage: Fraction
    known_share: Fraction | None
    level: str | None
    uncapped_level: str | None
    capped_by: str | None
    excluded: tuple[str, ...]
    dont_know: tuple[str, ...]
    dimensions: tuple[DimensionScore, ...]
    inputs: Mapping[str, Any]

    @property
    def _inputs(
    grid: PreparedGrid, answers: Answers, shown: Mapping[str, Visibility]
) -> dict[str, Any]:
    """Gather what counts; free text stays out, so that it can be erased and the score replayed."""
    return {
        "engine": ENGINE_VERSION,
        "scoring": grid.scoring_hash,
        "answers": {
            code: {"state": str(one.state), "value": _canonical(grid.questions[code], one.value)}
            for code, one in answers.items()
            if shown.get(code) is Visibility.VISIBLE and grid.questions[code].type != "text"
        },
    }


def _canonical(question: Question, value: Any) -> Any:  # noqa: ANN401  # JSON
    return sorted(value) if isinstance(question, Multiple) and value is not None else value


def _published(value: Fraction | None, digits: int) -> float | None:
    return None if value is None else float(publish(value, digits))


def _interval(low: Fraction | None, high: Fraction | None, digits: int) -> list[float] | None:
    if low is None or high is None:
        return None
    return [float(publish(low, digits)), float(publish(high, digits))]


def _dimension_json(one: DimensionScore, digits: int) -> dict[str, Any]:
    return {
        "code": one.code,
        "status": str(_status(one)),
        "score": _published(one.value, digits),
        "exact": None if one.value is None else str(one.value),
        "interval": _interval(one.low, one.high, digits),
        "coverage": _published(one.coverage, 4),
        "known_share": _published(one.known_share, 4),
        "level": one.level,
    }


def _status(one: DimensionScore) -> str:
    if not one.assessable:
        return "not_assessable"
    return Status.FINAL if one.final else Status.PROVISIONAL
