"""The plan of least effort: exact, verified by the engine, and never worse than the greedy one."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from diagnostic.assessments.answers import Answers
from diagnostic.assessments.scoring import Score, score
from diagnostic.assessments.visibility import PreparedGrid
from diagnostic.plans.aims import Aim
from diagnostic.plans.effects import Effects, effects
from diagnostic.plans.solver import Limits, solve
from diagnostic.plans.terms import Starts, Terms, compacted, greedy, scheduled
from diagnostic.roadmaps.priority import Recommendation, raised

TRIES = 8
"""How often a set of actions that the engine refuses is put aside before the search ends."""


@dataclass(slots=True)
class Judge:
    """The engine's word on any set of actions; it runs once for each."""

    grid: PreparedGrid
    answers: Answers
    recommendations: dict[str, Recommendation]
    known: dict[frozenset[str], Score] = field(default_factory=dict)

    def score(self, done: Iterable[str]) -> Score:
        """Score the answers once these actions are done."""
        chosen = frozenset(done)
        if chosen not in self.known:
            wanted = [self.recommendations[code] for code in chosen]
            self.known[chosen] = score(self.grid, raised(self.grid, self.answers, wanted))
        return self.known[chosen]

    def reached(self, aims: Iterable[Aim], done: Collection[str]) -> bool:
        """Tell whether every aim is reached once these are done."""
        found = self.score(done)
        return all(one.reached(found) for one in aims)

    def effects(self) -> Effects:
        """Tabulate what the actions can do."""
        return effects(self.grid, self.answers, self.recommendations.values())


@dataclass(frozen=True, slots=True)
class Plan:
    """Actions with the quarters in which they begin; `least` is what any plan takes at least.

    `proven`: no plan takes less. `simple` is the greedy plan, null where it never gets there.
    """

    starts: Starts
    proven: bool
    least: int | None
    simple: Starts | None


@dataclass(frozen=True, slots=True)
class NoPlan:
    """None was found; `proven`: there is none."""

    proven: bool


def optimise(judge: Judge, tables: Effects, terms: Terms, aims: Sequence[Aim]) -> Plan | NoPlan:
    """Find the plan of least effort that reaches every aim; equal effort goes to the greedy one.

    The quarters are left out first: mostly the best choice then fits into them, and is the best.
    """
    simple = greedy(terms, lambda done: judge.reached(aims, done))
    refused: list[frozenset[str]] = []
    together = True
    for _ in range(TRIES):
        found = solve(tables, terms, aims, limits=Limits(quarters=not together), refused=refused)
        if found.starts is None:
            if found.impossible and simple is None:
                return NoPlan(proven=True)
            break
        if not judge.reached(aims, found.starts):
            refused.append(frozenset(found.starts))
            continue
        starts = scheduled(terms, found.starts) if together else compacted(terms, found.starts)
        if starts is None:
            together = False
            continue
        least = math.ceil(found.bound - 1 / 4) if math.isfinite(found.bound) else None
        if simple is not None and terms.effort(simple) <= terms.effort(starts):
            starts = simple
        return Plan(starts, terms.effort(starts) == least, least, simple)
    if simple is None:
        return NoPlan(proven=False)
    return Plan(simple, proven=False, least=None, simple=simple)
