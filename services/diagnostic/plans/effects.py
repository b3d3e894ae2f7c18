"""What each set of actions makes of each question, tabulated by the engine's own rules.

Gains do not add up: actions raise the same question, and answers make questions appear. Each
question's outcome depends on few actions only, those that raise it or what its condition reads;
so a table per question says all, exactly, and the score of any set is a sum over these tables.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from diagnostic.assessments.answers import Answer, Answers
from diagnostic.assessments.items import item
from diagnostic.assessments.ratios import ZERO
from diagnostic.assessments.visibility import PreparedGrid, Visibility, visibility
from diagnostic.roadmaps.priority import Recommendation, uplifted, uplifts

LIMIT = 9
"""How many different uplifts may bear on one question before its table is cut short."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Weight that counts in the dimension, weight set aside, and weight earned."""

    counts: Fraction = ZERO
    aside: Fraction = ZERO
    earned: Fraction = ZERO


@dataclass(frozen=True, slots=True)
class Part:
    """A question's outcomes by which of its uplifts are made: bit n is the nth.

    An uplift is made as soon as one of its actions is done.
    """

    dimension: str
    uplifts: tuple[frozenset[str], ...]
    outcomes: tuple[Outcome, ...]

    def among(self, actions: Collection[str]) -> Part:
        """Keep only what these actions can do."""
        able = [n for n, one in enumerate(self.uplifts) if not one.isdisjoint(actions)]
        kept = [
            self.outcomes[sum(1 << n for at, n in enumerate(able) if bits >> at & 1)]
            for bits in range(1 << len(able))
        ]
        if len(set(kept)) == 1:
            return Part(self.dimension, (), (kept[0],))
        made = tuple(self.uplifts[n].intersection(actions) for n in able)
        return Part(self.dimension, made, tuple(kept))


@dataclass(frozen=True, slots=True)
class Effects:
    """All the tables; not `whole` when some question has more uplifts than a table can hold."""

    grid: PreparedGrid
    parts: tuple[Part, ...]
    whole: bool


def denominators(parts: Iterable[Part]) -> set[tuple[Fraction, Fraction]]:
    """List the sums that the weights of a dimension can have: those that count, those aside."""
    found = {(ZERO, ZERO)}
    for part in parts:
        steps = {(one.counts, one.aside) for one in part.outcomes}
        found = {(counts + c, aside + a) for counts, aside in found for c, a in steps}
    return found


@dataclass(frozen=True, slots=True)
class _Uplift:
    question: str
    target: object
    by: frozenset[str]


def effects(
    grid: PreparedGrid, answers: Answers, recommendations: Iterable[Recommendation]
) -> Effects:
    """Tabulate what the recommendations can do to each scored question."""
    known = {
        code: [_Uplift(code, target, by) for target, by in found]
        for code, found in uplifts(grid, recommendations).items()
    }
    parts: list[Part] = []
    whole = True
    for dimension, questions in grid.scored.items():
        for question, weight in questions:
            bearing = [
                one
                for code in (question, *sorted(_read_for(grid, question)))
                for one in known.get(code, ())
            ]
            whole = whole and len(bearing) <= LIMIT
            steps = [[one] for one in bearing] if len(bearing) <= LIMIT else [bearing]
            parts.append(
                Part(
                    dimension,
                    tuple(frozenset().union(*(one.by for one in step)) for step in steps),
                    tuple(_outcomes(grid, answers, question, weight, steps)),
                )
            )
    return Effects(grid, tuple(parts), whole)


def _read_for(grid: PreparedGrid, question: str) -> set[str]:
    """Name the questions whose answers decide whether this one is asked."""
    found: set[str] = set()
    waiting = [question]
    while waiting:
        condition = grid.conditions.get(waiting.pop())
        fresh = set(condition.questions) - found if condition else set()
        found |= fresh
        waiting.extend(fresh)
    return found


def _outcomes(
    grid: PreparedGrid,
    answers: Answers,
    question: str,
    weight: Fraction,
    steps: Sequence[Sequence[_Uplift]],
) -> Iterator[Outcome]:
    for bits in range(1 << len(steps)):
        after: dict[str, Answer] = dict(answers)
        for one in (one for n, step in enumerate(steps) if bits >> n & 1 for one in step):
            after[one.question] = uplifted(
                grid,
                one.question,
                after.get(one.question),
                one.target,  # type: ignore[arg-type]
            )
        yield _outcome(grid, after, question, weight)


def _outcome(grid: PreparedGrid, answers: Answers, question: str, weight: Fraction) -> Outcome:
    seen = Visibility.VISIBLE
    if question in grid.conditions:
        seen = visibility(grid, answers)[question]
    if seen is Visibility.HIDDEN:
        return Outcome()
    answer = answers.get(question) if seen is Visibility.VISIBLE else None
    found = item(grid, question, weight, answer)
    if found is None:
        return Outcome(aside=weight)
    return Outcome(counts=weight, earned=weight * (found.ratio or ZERO))
