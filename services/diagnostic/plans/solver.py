"""The exact method: effects, terms and aims as a mixed-integer programme.

A plan is a quarter in which each chosen action begins. A dimension's score is a quotient whose
denominator moves only where actions make questions appear: each value that it can take is a case,
and one case holds. So the programme says what the engine says, and no gain is assumed to add up.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

from diagnostic.assessments.ratios import ZERO
from diagnostic.plans.aims import Aim
from diagnostic.plans.effects import Effects, Outcome, Part, denominators
from diagnostic.plans.lines import CONSTANT, Care, Lines, Sum, plus, total
from diagnostic.plans.terms import PARTS, Starts, Terms, soonest
from diagnostic.questionnaires.grid import exact

HUNDRED = 100
CASES = 200
"""How many denominators a dimension may have before the programme keeps to that of today."""

ONE: Sum = {CONSTANT: 1.0}

_SLACK = 1e-7
"""Points by which an aim may be missed in floating point; the engine then judges exactly."""


class Goal(Enum):
    """Least effort that reaches every aim, or the fewest points that all aims are missed by."""

    EFFORT = "effort"
    SHORTFALL = "shortfall"


CARE = {Goal.EFFORT: Care(nodes=3000, gap=0.0), Goal.SHORTFALL: Care(nodes=50, gap=0.05)}
"""The effort is told exactly; how near one gets to what is out of reach, within a twentieth."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Which terms bind: the quarters one by one, and capacity.

    Without quarters, capacity is that of all quarters together, and what cannot end in time is
    left out: what is impossible so is impossible. Without both, anything may be done at once.
    """

    quarters: bool = True
    capacity: bool = True


@dataclass(frozen=True, slots=True)
class Case:
    """One denominator of a dimension, while `holds` is 1, and what is earned then."""

    holds: Sum
    earned: Sum
    counts: Fraction
    assessable: bool


@dataclass(frozen=True, slots=True)
class Found:
    """Chosen actions with their quarters; `bound` is proven: the goal cannot be less."""

    starts: Starts | None
    bound: float
    impossible: bool


def solve(
    effects: Effects,
    terms: Terms,
    aims: Sequence[Aim],
    goal: Goal = Goal.EFFORT,
    limits: Limits = Limits(),
    refused: Iterable[Collection[str]] = (),
) -> Found:
    """Look for the best plan, other than sets of actions that were refused."""
    return _Programme(effects, terms, limits).solved(aims, goal, refused)


class _Programme:
    def __init__(self, effects: Effects, terms: Terms, limits: Limits) -> None:
        self.lines = Lines()
        self.effects = effects
        self.whole = effects.whole
        self.terms = terms
        ends = soonest(terms.actions)
        self.begins = {
            code: {
                quarter: self.lines.column(whole=True)
                for quarter in _quarters(ends[code] - one.quarters, terms.last_start(code), limits)
            }
            for code, one in terms.actions.items()
        }
        self.done = {code: total(begun.values()) for code, begun in self.begins.items()}
        self.made: dict[frozenset[str], Sum] = {}
        self._keep_to_terms(limits)
        parts = [one.among(terms.actions) for one in effects.parts]
        self.cases = {
            one.code: self._dimension([part for part in parts if part.dimension == one.code])
            for one in effects.grid.dimensions
        }

    def _keep_to_terms(self, limits: Limits) -> None:
        terms, lines = self.terms, self.lines
        for code, one in terms.actions.items():
            lines.at_least(plus((-1.0, self.done[code])), -1.0)
            if code in terms.required and (limits.quarters or limits.capacity):
                lines.at_least(self.done[code], 1.0)
            for before in one.after:
                length = terms.actions[before].quarters if limits.quarters else 0
                for quarter in self.begins[code]:
                    over = self._begun(before, quarter - length)
                    lines.at_least(plus((1.0, over), (-1.0, self._begun(code, quarter))), 0.0)
        if limits.capacity:
            self._keep_to_capacity(limits)

    def _keep_to_capacity(self, limits: Limits) -> None:
        actions, capacity = self.terms.actions, self.terms.capacity
        if not limits.quarters:
            self.lines.at_least(plus((-1.0, self._effort())), float(-sum(capacity)))
            return
        for quarter, most in enumerate(capacity):
            borne = plus(
                *(
                    (float(one.load), begun)
                    for code, one in actions.items()
                    for at, begun in self.begins[code].items()
                    if at <= quarter < at + one.quarters
                )
            )
            self.lines.at_least(plus((-1.0, borne)), float(-most * PARTS))

    def _begun(self, code: str, quarter: int) -> Sum:
        """Say by 0 or 1 whether an action begins by this quarter."""
        return total(begun for at, begun in self.begins[code].items() if at <= quarter)

    def _effort(self) -> Sum:
        return plus(
            *((float(one.effort), self.done[code]) for code, one in self.terms.actions.items())
        )

    def _uplift(self, by: frozenset[str]) -> Sum:
        """Say by 0 or 1 whether any of these actions is done."""
        if by not in self.made:
            doers = [self.done[code] for code in sorted(by)]
            made: Sum = doers[0]
            if len(doers) > 1:
                made = self.lines.column(whole=True)
                for one in doers:
                    self.lines.at_least(plus((1.0, made), (-1.0, one)), 0.0)
                self.lines.at_least(plus((1.0, total(doers)), (-1.0, made)), 0.0)
            self.made[by] = made
        return self.made[by]

    def _weighed(self, part: Part) -> list[tuple[Outcome, Sum]]:
        """Give each outcome of a question with its 0 or 1: one of them holds."""
        if not part.uplifts:
            return [(part.outcomes[0], ONE)]
        if len(part.uplifts) == 1:
            made = self._uplift(part.uplifts[0])
            unmade = plus((1.0, ONE), (-1.0, made))
            return [(part.outcomes[0], unmade), (part.outcomes[1], made)]
        rows = [self.lines.column() for _ in part.outcomes]
        self.lines.equal(total(rows), ONE)
        for bit, by in enumerate(part.uplifts):
            with_it = total(row for bits, row in enumerate(rows) if bits >> bit & 1)
            self.lines.equal(with_it, self._uplift(by))
        return list(zip(part.outcomes, rows, strict=True))

    def _dimension(self, parts: Sequence[Part]) -> list[Case]:
        weighed = [self._weighed(part) for part in parts]
        earned = _summed(weighed, lambda one: one.earned)
        bases = denominators(parts)
        if len(bases) > CASES:
            self.whole, bases = False, {_base_now(parts)}
        share = exact(self.effects.grid.content.profile.min_applicable_share)

        def case(base: tuple[Fraction, Fraction], holds: Sum, within: Sum) -> Case:
            counts, aside = base
            return Case(holds, within, counts, counts > 0 and counts >= share * (counts + aside))

        if len(bases) == 1:
            return [case(next(iter(bases)), ONE, earned)]
        found = {base: (self.lines.column(whole=True), self.lines.column()) for base in bases}
        cases = []
        for base, (holds, part) in found.items():
            self.lines.at_least(plus((1.0, holds), (-1.0, part)), 0.0)
            cases.append(case(base, holds, plus((float(base[0]), part))))
        self.lines.equal(total(one.holds for one in cases), ONE)
        self.lines.equal(total(one.earned for one in cases), earned)
        for place, take in enumerate((lambda one: one.counts, lambda one: one.aside)):
            held = plus(*((float(base[place]), holds) for base, (holds, _) in found.items()))
            self.lines.equal(held, _summed(weighed, take))
        return cases

    def _surplus(self, aim: Aim) -> Sum:
        """Give the points by which an aim is passed, below 0 when it is missed.

        What is not assessable misses even 0 points, unless it is an aim of non-compensation.
        """
        if aim.dimension is None:
            weights = self.effects.grid.weights
            whole = float(sum(weights.values()))
            each = (
                (float(weights[code]) / whole, _above(cases, aim.least))
                for code, cases in self.cases.items()
            )
            return plus(*each, self._unseen(itertools.chain(*self.cases.values())))
        cases = self.cases[aim.dimension]
        if aim.core:
            return _above(cases, aim.least)
        return plus((1.0, _above(cases, ZERO)), (-float(aim.least), ONE), self._unseen(cases))

    def _unseen(self, cases: Iterable[Case]) -> tuple[float, Sum]:
        """Take a point off where none of these cases is assessable."""
        some = self.lines.column()
        seen = total(one.holds for one in cases if one.assessable)
        self.lines.at_least(plus((1.0, seen), (-1.0, some)), 0.0)
        return 1.0, plus((1.0, some), (-1.0, ONE))

    def solved(self, aims: Sequence[Aim], goal: Goal, refused: Iterable[Collection[str]]) -> Found:
        """Write the aims and the goal, and solve."""
        lines = self.lines
        missed = []
        for aim in aims:
            above = self._surplus(aim)
            if goal is Goal.SHORTFALL:
                missed.append(lines.column(1000.0))
                above = plus((1.0, above), (1.0, missed[-1]))
            lines.at_least(above, -_SLACK)
        for chosen in refused:
            other = (
                plus((1.0, ONE), (-1.0, done)) if code in chosen else done
                for code, done in self.done.items()
            )
            lines.at_least(total(other), 1.0)
        found = lines.least(total(missed) if missed else self._effort(), CARE[goal])
        return Found(
            starts=None if found.values is None else self._starts(found.values),
            bound=found.bound if self.whole else -math.inf,
            impossible=found.impossible and self.whole,
        )

    def _starts(self, values: Sequence[float]) -> Starts:
        return {
            code: quarter
            for code, begun in self.begins.items()
            for quarter, column in begun.items()
            if values[next(iter(column))] > 1 / 2
        }


def _quarters(first: int, last: int, limits: Limits) -> range:
    """List in which quarters an action may begin; in the first only, where they do not bind."""
    if limits.quarters:
        return range(first, last + 1)
    return range(int(first <= last or not limits.capacity))


def _summed(
    weighed: Iterable[Iterable[tuple[Outcome, Sum]]], take: Callable[[Outcome], Fraction]
) -> Sum:
    return plus(*((float(take(one)), holds) for part in weighed for one, holds in part))


def _above(cases: Iterable[Case], least: Fraction) -> Sum:
    """Give the points of a dimension above these, nothing where it is not assessable."""
    return total(
        plus((float(HUNDRED / one.counts), one.earned), (-float(least), one.holds))
        for one in cases
        if one.assessable
    )


def _base_now(parts: Iterable[Part]) -> tuple[Fraction, Fraction]:
    now = [one.outcomes[0] for one in parts]
    return sum((one.counts for one in now), ZERO), sum((one.aside for one in now), ZERO)
