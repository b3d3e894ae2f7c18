"""From a plan to what the wire shows: the engine runs again for the end of each quarter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from diagnostic.assessments.scoring import DimensionScore, Score, publish
from diagnostic.assessments.visibility import PreparedGrid
from diagnostic.plans.aims import Aim
from diagnostic.plans.optimising import Judge, Plan
from diagnostic.plans.quarters import Quarter
from diagnostic.plans.terms import PARTS, Terms, ended, loads
from diagnostic.questionnaires.grid import Language


@dataclass(frozen=True, slots=True)
class Asked:
    """What a plan was made for."""

    terms: Terms
    aims: Sequence[Aim]
    first: Quarter


def plan(found: Plan, judge: Judge, asked: Asked, language: Language) -> dict[str, Any]:
    """Show actions and quarters in order of time, with the figures before and after."""
    terms, grid = asked.terms, judge.grid
    now, then = judge.score(()), judge.score(found.starts)
    return {
        "proven": found.proven,
        "effort": {
            "total": terms.effort(found.starts),
            "least": found.least,
            "greedy": None if found.simple is None else terms.effort(found.simple),
        },
        "targets": [_target(one, now, then, grid, language) for one in asked.aims],
        "actions": list(_actions(found, judge, asked, language)),
        "quarters": list(_quarters(found, judge, asked, language)),
        "left_out": [code for code in terms.actions if code not in found.starts],
    }


def _target(
    aim: Aim, now: Score, then: Score, grid: PreparedGrid, language: Language
) -> dict[str, Any]:
    axis = next((one for one in grid.dimensions if one.code == aim.dimension), None)
    digits = grid.content.profile.precision
    return {
        "dimension": aim.dimension,
        "title": None if axis is None else axis.title.text(language),
        "level": aim.level,
        "points": float(aim.points),
        "now": _shown(aim.figure(now), digits),
        "then": _shown(aim.figure(then), digits),
        "implied": aim.core,
    }


def _shown(figure: Fraction | None, digits: int) -> float | None:
    return None if figure is None else float(publish(figure, digits))


def _actions(
    found: Plan, judge: Judge, asked: Asked, language: Language
) -> Iterator[dict[str, Any]]:
    order = list(asked.terms.actions)
    for code in sorted(found.starts, key=lambda code: (found.starts[code], order.index(code))):
        one = asked.terms.actions[code]
        first = asked.first.later(found.starts[code])
        last = first.later(one.quarters - 1)
        yield {
            "code": code,
            "title": judge.recommendations[code].title.text(language),
            "effort": one.effort,
            "quarters": one.quarters,
            "starts_on": first.starts_on,
            "due_on": last.ends_on,
            "begins": str(first),
            "ends": str(last),
        }


def _quarters(
    found: Plan, judge: Judge, asked: Asked, language: Language
) -> Iterator[dict[str, Any]]:
    terms, profile = asked.terms, judge.grid.content.profile
    borne = loads(terms, found.starts)
    levels = {one.code: one.title.text(language) for one in profile.levels}
    before: frozenset[str] = frozenset()
    for number, capacity in enumerate(terms.capacity):
        quarter, by_then = asked.first.later(number), ended(terms, found.starts, number)
        reached = judge.score(by_then)
        yield {
            "quarter": str(quarter),
            "starts_on": quarter.starts_on,
            "ends_on": quarter.ends_on,
            "capacity": capacity,
            "used": borne[number] / PARTS,
            "begins": [code for code in terms.actions if found.starts.get(code) == number],
            "ends": [code for code in terms.actions if code in by_then - before],
            "score": _shown(reached.low, profile.precision),
            "status": str(reached.status),
            "level": reached.level and {"code": reached.level, "title": levels[reached.level]},
            "reached": judge.reached(asked.aims, by_then),
            "dimensions": _dimensions(reached.dimensions, profile.precision),
        }
        before = by_then


def _dimensions(found: Iterable[DimensionScore], digits: int) -> list[dict[str, Any]]:
    return [{"code": one.code, "score": _shown(one.low, digits)} for one in found]
