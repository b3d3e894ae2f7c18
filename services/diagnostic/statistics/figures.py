"""The figures of a group that may be shown, from what its companies bring: pure and exact.

A group has at least k companies, but what is counted in it may be of one: every count is rounded
down to a multiple of five, so that less than five of anything looks like none. Medians (type 7) are
rounded to whole points, once.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from statistics import median
from typing import Any

from diagnostic.assessments.scoring import publish
from diagnostic.benchmarks.quartiles import rounded_down
from diagnostic.statistics.companies import STEPS

ACTIONS = ("proposed", "accepted", "in_progress", "on_hold", "done", "rejected", "dropped")
MOVES = ("up", "same", "down")

Facts = Sequence[Mapping[str, Any]]
Count = Callable[[int], int]
"""How a count is told."""


def journey(facts: Facts, told: Count = rounded_down) -> dict[str, Any]:
    """Count the companies that took each step, and the actions of their roadmaps by status."""
    steps = Counter(step for one in facts for step in one["steps"])
    actions = Counter[str]()
    for one in facts:
        actions.update(one["actions"])
    return {
        "companies": told(len(facts)),
        "steps": {step: told(steps[step]) for step in STEPS},
        "actions": {status: told(actions[status]) for status in ACTIONS},
    }


def quarters(facts: Facts) -> dict[str, dict[str, int]]:
    """Count by quarter the companies that took each step in it; too few in one look like none."""
    counted = Counter((at, step) for one in facts for step, at in one["steps"].items())
    shown = {one: rounded_down(count) for one, count in counted.items() if rounded_down(count)}
    return {
        at: {step: shown.get((at, step), 0) for step in STEPS}
        for at in sorted({at for at, _ in shown})
    }


def scored(facts: Facts, levels: Iterable[str]) -> dict[str, Any]:
    """Count the companies at each level; take the median of each score."""
    reached = Counter(one["level"] for one in facts)
    return {
        "companies": rounded_down(len(facts)),
        "levels": {level: rounded_down(reached[level]) for level in levels},
        "medians": _medians(one["scores"] for one in facts),
    }


def moved(facts: Facts, levels: Sequence[str], told: Count = rounded_down) -> dict[str, Any]:
    """Count who gained a level, kept theirs or lost one; take the median of each gain in points."""
    steps = [levels.index(after) - levels.index(before) for before, after in _levels(facts)]
    moves = {
        "up": sum(step > 0 for step in steps),
        "same": sum(step == 0 for step in steps),
        "down": sum(step < 0 for step in steps),
    }
    return {
        "companies": told(len(facts)),
        "moves": {move: told(moves[move]) for move in MOVES},
        "medians": _medians(one["gains"] for one in facts),
    }


def _levels(facts: Facts) -> Iterable[tuple[str, str]]:
    return ((one["levels"][0], one["levels"][1]) for one in facts)


def _medians(scores: Iterable[Mapping[str, str]]) -> dict[str, int]:
    known = list(scores)
    return {
        code: int(publish(median(Fraction(one[code]) for one in known), 0))
        for code in sorted(known[0])
    }
