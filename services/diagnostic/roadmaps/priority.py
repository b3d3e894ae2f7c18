"""Which recommendations answer a diagnostic, and in which order: by re-running the score."""

from __future__ import annotations

import heapq
import json
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import Field, JsonValue, StringConstraints

from diagnostic.assessments.answers import Answer, Answers, State
from diagnostic.assessments.backing import Backing
from diagnostic.assessments.ratios import ZERO, ratio
from diagnostic.assessments.scoring import Score, publish, score
from diagnostic.assessments.visibility import PreparedGrid, effective
from diagnostic.questionnaires.grid import Content, Label, Matrix, Multiple, Question, exact
from diagnostic.questionnaires.scalars import Code, OptionCode, Share

EFFORT = {"XS": 1, "S": 2, "M": 3, "L": 4, "XL": 5}
"""What a size costs when gain is divided by effort."""

STRONG_IMPACT = 4
LIGHT_EFFORT = EFFORT["S"]

RecommendationCode = Annotated[
    str, StringConstraints(pattern=r"^[A-Z][A-Z0-9-]{0,31}$", strict=True)
]
RomeCode = Annotated[str, StringConstraints(pattern=r"^[A-N][0-9]{4}$", strict=True)]


class Quadrant(StrEnum):
    """Impact against effort."""

    QUICK_WIN = "quick_win"
    BIG_BET = "big_bet"
    FILL_IN = "fill_in"
    AVOID = "avoid"


class Trigger(Content):
    """Fires on a visible answer worth less than `below`, on a chosen option, or on don't know."""

    question: Code
    below: Share | None = None
    options: tuple[OptionCode, ...] = ()
    dont_know: bool = True


class Recommendation(Content):
    """An entry of the catalogue; `question_uplift` is what the answers become once it is done."""

    code: RecommendationCode
    title: Label
    why: Label
    how: Annotated[tuple[Label, ...], Field(min_length=1, max_length=8)]
    triggers: Annotated[tuple[Trigger, ...], Field(min_length=1)]
    question_uplift: Annotated[dict[Code, JsonValue], Field(min_length=1)]
    impact: Annotated[int, Field(strict=True, ge=1, le=5)]
    effort: Literal["XS", "S", "M", "L", "XL"]
    horizon_months: Literal[3, 6, 12]
    prerequisites: tuple[RecommendationCode, ...] = ()
    certification_themes: tuple[str, ...] = ()
    certification_refs: tuple[str, ...] = ()
    rome_codes: tuple[RomeCode, ...] = ()
    funding_refs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ranked:
    """A recommendation in its place; `gain` is what it alone adds to the global score."""

    recommendation: Recommendation
    position: int
    gain: Fraction
    priority: Fraction
    quadrant: Quadrant
    because: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Give the figures to two decimals beside the exact gain, without the texts."""
        return {
            "code": self.recommendation.code,
            "position": self.position,
            "gain": float(publish(self.gain, 2)),
            "gain_exact": str(self.gain),
            "priority": float(publish(self.priority, 2)),
            "quadrant": str(self.quadrant),
            "impact": self.recommendation.impact,
            "effort": self.recommendation.effort,
            "horizon_months": self.recommendation.horizon_months,
            "because": list(self.because),
        }


def triggers_of(
    grid: PreparedGrid, answers: Answers, recommendation: Recommendation
) -> tuple[str, ...]:
    """List the questions whose answers call for this recommendation; none: it is not needed."""
    seen = effective(grid, answers)
    return tuple(
        dict.fromkeys(
            one.question
            for one in recommendation.triggers
            if one.question in seen and _fires(one, grid, seen[one.question])
        )
    )


def _fires(trigger: Trigger, grid: PreparedGrid, answer: Answer) -> bool:
    if answer.state is State.DONT_KNOW:
        return trigger.dont_know
    if answer.state is State.NOT_APPLICABLE:
        return False
    question = grid.questions[trigger.question]
    chosen = answer.value if isinstance(question, Multiple) else [answer.value]
    if any(one in trigger.options for one in chosen):
        return True
    earned = ratio(question, answer.value, grid.points[question.code])
    return trigger.below is not None and earned < exact(trigger.below)


def prioritise(
    grid: PreparedGrid, answers: Answers, recommendations: Iterable[Recommendation]
) -> list[Ranked]:
    """Order the recommendations these answers call for: best gain per effort, prerequisites first.

    Ties go to the larger gain, then the larger impact, then the code; a prerequisite that is not
    called for is taken as met.
    """
    now = score(grid, answers).low or ZERO
    found: dict[str, Ranked] = {}
    for one in recommendations:
        because = triggers_of(grid, answers, one)
        if because:
            gain = (what_if(grid, answers, [one]).low or ZERO) - now
            found[one.code] = Ranked(
                one, 0, gain, gain / EFFORT[one.effort], quadrant(one), because
            )
    return _ordered(found)


def _ordered(found: dict[str, Ranked]) -> list[Ranked]:
    waiting = {
        code: {before for before in one.recommendation.prerequisites if before in found}
        for code, one in found.items()
    }
    ready = [_rank(found[code]) for code, before in waiting.items() if not before]
    heapq.heapify(ready)
    ordered: list[Ranked] = []
    while ready:
        code = heapq.heappop(ready)[-1]
        one = found[code]
        ordered.append(
            Ranked(
                one.recommendation,
                len(ordered) + 1,
                one.gain,
                one.priority,
                one.quadrant,
                one.because,
            )
        )
        for later, before in waiting.items():
            if code in before:
                before.remove(code)
                if not before:
                    heapq.heappush(ready, _rank(found[later]))
    return ordered


def _rank(one: Ranked) -> tuple[Fraction, Fraction, int, str]:
    return (-one.priority, -one.gain, -one.recommendation.impact, one.recommendation.code)


def quadrant(recommendation: Recommendation) -> Quadrant:
    """Place a recommendation by its impact and effort."""
    return quadrant_of(recommendation.impact, recommendation.effort)


def quadrant_of(impact: int, effort: str) -> Quadrant:
    """Place an action: impact is strong from 4 of 5, effort is light up to S."""
    light = EFFORT[effort] <= LIGHT_EFFORT
    if impact >= STRONG_IMPACT:
        return Quadrant.QUICK_WIN if light else Quadrant.BIG_BET
    return Quadrant.FILL_IN if light else Quadrant.AVOID


def what_if(
    grid: PreparedGrid, answers: Answers, recommendations: Iterable[Recommendation]
) -> Score:
    """Score the answers as if all these were done; nothing is stored.

    A question that an uplift makes appear without answering it counts for nothing yet, hence the
    interval's low end.
    """
    return score(grid, raised(grid, answers, recommendations))


def raised(
    grid: PreparedGrid, answers: Answers, recommendations: Iterable[Recommendation]
) -> dict[str, Answer]:
    """Give the answers once all these are done, whatever the order in which they come.

    An uplift never lowers an answer nor makes a non-applicable question apply.
    """
    found = dict(answers)
    for code, targets in uplifts(grid, recommendations).items():
        for target, _ in targets:
            found[code] = uplifted(grid, code, found.get(code), target)
    return found


def uplifts(
    grid: PreparedGrid, recommendations: Iterable[Recommendation]
) -> dict[str, list[tuple[JsonValue, frozenset[str]]]]:
    """Gather what each question is raised to, and by which recommendations.

    The same target counts once, and targets come in an order that is always the same.
    """
    found: dict[str, dict[str, tuple[JsonValue, set[str]]]] = {}
    for one in recommendations:
        for code, target in one.question_uplift.items():
            if code in grid.questions:
                name = json.dumps(target, sort_keys=True)
                found.setdefault(code, {}).setdefault(name, (target, set()))[1].add(one.code)
    return {
        code: [(target, frozenset(by)) for _, (target, by) in sorted(named.items())]
        for code, named in found.items()
    }


def uplifted(grid: PreparedGrid, code: str, current: Answer | None, target: JsonValue) -> Answer:
    """Give the answer to a question once an uplift is done: the better of both."""
    question = grid.questions[code]
    if current is not None and current.state is State.NOT_APPLICABLE:
        return current
    held = current.value if current is not None and current.state is State.ANSWERED else None
    backing = current.backing if current is not None else Backing.DECLARED
    reached = Answer(State.ANSWERED, _merged(question, held, target), backing=backing)
    if held is None:
        return reached
    points = grid.points[code]
    better = ratio(question, reached.value, points) > ratio(question, held, points)
    return reached if better or current is None else current


def _merged(question: Question, held: Any, target: Any) -> Any:  # noqa: ANN401  # JSON
    if isinstance(question, Matrix):
        rows = held if held is not None else {row.code: 0 for row in question.rows}
        return {
            row: step if step is None else max(step, target.get(row, 0))
            for row, step in rows.items()
        }
    if isinstance(question, Multiple) and held is not None:
        alone = {one.code for one in question.options if one.exclusive}
        return sorted((set(held) | set(target)) - alone) or target
    return target
