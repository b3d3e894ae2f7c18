"""Why a target cannot be reached: the terms are let in one after the other, until one stops it."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from diagnostic.assessments.scoring import Score
from diagnostic.plans.aims import Aim
from diagnostic.plans.effects import Effects
from diagnostic.plans.optimising import Judge
from diagnostic.plans.solver import Goal, Limits, solve
from diagnostic.plans.terms import Action, Terms, soonest

_NEAR = 1e-5
"""Points by which an aim may be missed in floating point."""


class Constraint(StrEnum):
    """What stands in the way, from the widest to the narrowest."""

    ACTIONS = "actions"
    EXCLUDED = "excluded"
    QUARTERS = "quarters"
    DEADLINES = "deadlines"
    CAPACITY = "capacity"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Obstacle:
    """The first term under which the aims are out of reach, and how near one gets under it.

    `needed`: the quarters or the effort that it would take, or null; `blocked`: actions that an
    exclusion takes away.
    """

    constraint: Constraint
    nearest: Score | None
    needed: int | None = None
    blocked: tuple[str, ...] = ()


def obstacle(
    judge: Judge,
    tables: Effects,
    whole: Mapping[str, Action],
    terms: Terms,
    aims: Sequence[Aim],
) -> Obstacle:
    """Name the constraint; `whole` are the actions of the roadmap before any was excluded."""
    free = replace(terms, actions=whole, required=frozenset(), latest=None)
    unhurried = replace(terms, latest=None)
    blocked = tuple(code for code in whole if code not in terms.actions)
    steps: tuple[tuple[Constraint, Terms, Limits], ...] = (
        (Constraint.ACTIONS, free, Limits(quarters=False, capacity=False)),
        (Constraint.EXCLUDED, terms, Limits(quarters=False, capacity=False)),
        (Constraint.QUARTERS, unhurried, Limits(capacity=False)),
        (Constraint.DEADLINES, terms, Limits(capacity=False)),
        (Constraint.CAPACITY, terms, Limits()),
    )
    for constraint, under, limits in steps:
        found = solve(tables, under, aims, Goal.SHORTFALL, limits)
        if found.impossible or found.bound > _NEAR:
            return Obstacle(
                constraint,
                None if found.starts is None else judge.score(found.starts),
                _needed(constraint, tables, terms, aims),
                blocked if constraint is Constraint.EXCLUDED else (),
            )
    return Obstacle(Constraint.UNDECIDED, None)


def _needed(
    constraint: Constraint, tables: Effects, terms: Terms, aims: Sequence[Aim]
) -> int | None:
    unbound = Limits(capacity=False)
    if constraint is Constraint.CAPACITY:
        found = solve(tables, terms, aims, limits=unbound)
        return math.ceil(found.bound - 1 / 4) if found.starts is not None else None
    if constraint is not Constraint.QUARTERS:
        return None

    def enough(quarters: int) -> bool:
        longer = replace(terms, latest=None, capacity=(0,) * quarters)
        found = solve(tables, longer, aims, Goal.SHORTFALL, unbound)
        return found.starts is not None and found.bound <= _NEAR

    lengths = range(len(terms.capacity) + 1, max(soonest(terms.actions).values()) + 1)
    at = bisect_left(lengths, True, key=enough)  # noqa: FBT003  # sorted: too short, then enough
    return lengths[at] if at < len(lengths) else None
