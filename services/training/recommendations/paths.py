"""Which courses one after the other: greedy, within a budget, prerequisites first.

Readiness is monotone and submodular in the set of courses: taking the greatest gain each time
reaches 1 - 1/e of the optimum for a number of courses (Nemhauser, Wolsey, Fisher 1978). Within a
budget the greatest gain per hour and per euro are tried as well, and the best single course
(Khuller, Moss, Naor 1999). With prerequisites nothing is guaranteed.
"""

import heapq
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from training.recommendations.readiness import (
    Levels,
    Requirement,
    after,
    filled,
    is_reachable,
    readiness,
)

LEAST_GAIN: Final = 1e-9
"""Of the weights: less is an error of rounding, and no reason to go to school."""


@dataclass(frozen=True, slots=True)
class Course:
    """What a course teaches and needs, and what it takes; None is what nobody says."""

    key: str
    taught: Levels
    needs: Levels = field(default_factory=dict)
    hours: float | None = None
    price: float | None = None


@dataclass(frozen=True, slots=True)
class Budget:
    """What all courses of a path may take together; None is no limit."""

    hours: float | None = None
    price: float | None = None
    courses: int = 10


@dataclass(frozen=True, slots=True)
class Path:
    """Courses in their order, and how ready one is after each of them."""

    courses: tuple[Course, ...]
    readiness: tuple[float, ...]
    ends: float
    """After the last one; that of today for a path without courses."""


@dataclass(frozen=True, slots=True)
class More:
    """The least that must be added to a budget for another course, and what it brings."""

    course: Course
    hours: float
    price: float
    courses: int
    readiness: float


_Rank = Callable[[float, Course], float]


def best(
    wanted: Sequence[Requirement], have: Levels, courses: Sequence[Course], budget: Budget
) -> Path:
    """Return the best path that one of the ways finds, the shorter of two that are as good."""
    ranks: list[_Rank] = [lambda gain, _: gain]
    if budget.hours is not None:
        ranks.append(lambda gain, course: gain / max(course.hours or 0.0, 1.0))
    if budget.price is not None:
        ranks.append(lambda gain, course: gain / max(course.price or 0.0, 1.0))
    gains = [(_gain(wanted, have, one), one) for one in courses]
    useful = [(gain, one) for gain, one in gains if gain > LEAST_GAIN]
    found = [_greedy(wanted, have, useful, budget, rank) for rank in ranks]
    single = Budget(budget.hours, budget.price, min(budget.courses, 1))
    found.append(_greedy(wanted, have, useful, single, ranks[0]))
    return min(found, key=lambda path: (-round(path.ends, 9), _hours(path), len(path.courses)))


def _greedy(
    wanted: Sequence[Requirement],
    have: Levels,
    gains: Sequence[tuple[float, Course]],
    budget: Budget,
    rank: _Rank,
) -> Path:
    """Take the best reachable course until none is left that adds anything or may be paid for.

    Gains only fall as one learns: a course whose old gain is beaten need not be looked at.
    """
    waiting = [(-rank(gain, one), _or_most(one.hours), one.key, one) for gain, one in gains]
    waiting, locked = _parted(waiting, have)
    heapq.heapify(waiting)
    held, hours, price = dict(have), budget.hours, budget.price
    taken: list[Course] = []
    steps: list[float] = []
    while waiting and len(taken) < budget.courses:
        old, length, key, course = heapq.heappop(waiting)
        if not (_fits(course.hours, hours) and _fits(course.price, price)):
            continue
        gain = _gain(wanted, held, course)
        if gain <= LEAST_GAIN:
            continue
        now = -rank(gain, course)
        if now > old and waiting and (now, length, key) > waiting[0][:3]:
            heapq.heappush(waiting, (now, length, key, course))
            continue
        taken.append(course)
        held = after(held, course.taught)
        steps.append(readiness(wanted, held))
        hours = None if hours is None else hours - (course.hours or 0)
        price = None if price is None else price - (course.price or 0)
        opened, locked = _parted(locked, held)
        for one in opened:
            heapq.heappush(waiting, one)
    return Path(tuple(taken), tuple(steps), steps[-1] if steps else readiness(wanted, have))


_Waiting = list[tuple[float, float, str, Course]]


def _parted(courses: _Waiting, have: Levels) -> tuple[_Waiting, _Waiting]:
    """Part those whose prerequisites are held from those that must wait."""
    reachable: _Waiting = []
    locked: _Waiting = []
    for one in courses:
        (reachable if is_reachable(one[3].needs, have) else locked).append(one)
    return reachable, locked


def more(
    wanted: Sequence[Requirement],
    have: Levels,
    courses: Sequence[Course],
    budget: Budget,
    path: Path,
) -> More | None:
    """Say what little more would allow one more course, and how ready one would be then."""
    held = dict(have)
    for one in path.courses:
        held = after(held, one.taught)
    hours = None if budget.hours is None else budget.hours - _hours(path)
    price = None if budget.price is None else budget.price - _price(path)
    full = len(path.courses) >= budget.courses
    found = []
    for course in courses:
        if not is_reachable(course.needs, held) or _gain(wanted, held, course) <= LEAST_GAIN:
            continue
        lacks = (_lacking(course.hours, hours), _lacking(course.price, price))
        if math.inf not in lacks and (any(lacks) or full):
            reached = readiness(wanted, after(held, course.taught))
            found.append((*lacks, -reached, course.key, course))
    if not found:
        return None
    lacking_hours, lacking_price, reached, _, course = min(found, key=lambda one: one[:4])
    return More(course, lacking_hours, lacking_price, int(full), -reached)


def _gain(wanted: Sequence[Requirement], have: Levels, course: Course) -> float:
    return math.fsum(filled(wanted, have, course.taught).values())


def _fits(needed: float | None, left: float | None) -> bool:
    """Whether it fits in what is left; what nobody says may not be counted on."""
    return left is None or (needed is not None and needed <= left)


def _lacking(needed: float | None, left: float | None) -> float:
    if left is None:
        return 0.0
    return math.inf if needed is None else max(0.0, needed - left)


def _or_most(hours: float | None) -> float:
    return math.inf if hours is None else hours


def _hours(path: Path) -> float:
    return math.fsum(one.hours or 0.0 for one in path.courses)


def _price(path: Path) -> float:
    return math.fsum(one.price or 0.0 for one in path.courses)
