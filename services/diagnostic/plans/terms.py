"""What a plan must keep to: actions with effort, length and prerequisites, and quarters."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

PARTS = 4
"""Effort is spread evenly over an action's quarters, of which there are 1, 2 or 4: in quarters of
a point it is whole."""

Starts = dict[str, int]
"""The quarter in which each chosen action begins, counted from 0."""


@dataclass(frozen=True, slots=True)
class Action:
    """An action that may be chosen: how long it takes, and what must have ended before."""

    code: str
    effort: int
    quarters: int
    after: frozenset[str]

    @property
    def load(self) -> int:
        """What it takes from each of its quarters, in parts of a point."""
        return self.effort * PARTS // self.quarters


@dataclass(frozen=True, slots=True)
class Terms:
    """Actions in the order of the roadmap, capacity per quarter, and what must be.

    `latest` is in how many quarters an action must have ended if it is chosen.
    """

    actions: Mapping[str, Action]
    capacity: tuple[int, ...]
    required: frozenset[str] = frozenset()
    latest: Mapping[str, int] | None = None

    def last_start(self, code: str) -> int:
        """Give the latest quarter in which an action may begin; negative: it may not at all."""
        end = min((self.latest or {}).get(code, len(self.capacity)), len(self.capacity))
        return end - self.actions[code].quarters

    def effort(self, chosen: Iterable[str]) -> int:
        """Add up what these actions take."""
        return sum(self.actions[code].effort for code in chosen)


def without(actions: Mapping[str, Action], excluded: Collection[str]) -> dict[str, Action]:
    """Leave out the excluded actions, and those that cannot be done without them."""
    left = {code: one for code, one in actions.items() if code not in excluded}
    while blocked := [
        code for code, one in left.items() if any(b in actions and b not in left for b in one.after)
    ]:
        for code in blocked:
            del left[code]
    return left


def needed(actions: Mapping[str, Action], wanted: Iterable[str]) -> frozenset[str]:
    """Add to these actions all that must have ended before them."""
    found: set[str] = set()
    waiting = list(wanted)
    while waiting:
        code = waiting.pop()
        if code not in found:
            found.add(code)
            waiting.extend(actions[code].after)
    return frozenset(found)


def soonest(actions: Mapping[str, Action]) -> dict[str, int]:
    """Say in how many quarters each action ends at the soonest, with all the capacity there is."""
    found: dict[str, int] = {}
    for code, one in actions.items():  # the roadmap puts prerequisites first
        found[code] = one.quarters + max((found[before] for before in one.after), default=0)
    return found


def loads(terms: Terms, starts: Starts) -> list[int]:
    """Add up what each quarter has to bear, in parts of a point."""
    found = [0] * len(terms.capacity)
    for code, start in starts.items():
        one = terms.actions[code]
        for quarter in range(start, start + one.quarters):
            found[quarter] += one.load
    return found


def ended(terms: Terms, starts: Starts, quarter: int) -> frozenset[str]:
    """Name the actions that have ended by the end of a quarter."""
    return frozenset(
        code
        for code, start in starts.items()
        if start + terms.actions[code].quarters <= quarter + 1
    )


def _earliest(terms: Terms, starts: Starts, code: str) -> int | None:
    """Find the first quarter with room in which an action may begin, after its prerequisites."""
    one = terms.actions[code]
    if any(before not in starts for before in one.after):
        return None
    borne = loads(terms, starts)
    soonest = max((starts[b] + terms.actions[b].quarters for b in one.after), default=0)
    for start in range(soonest, terms.last_start(code) + 1):
        span = range(start, start + one.quarters)
        if all(borne[q] + one.load <= terms.capacity[q] * PARTS for q in span):
            return start
    return None


def scheduled(terms: Terms, chosen: Collection[str]) -> Starts | None:
    """Find quarters for these actions, by a few simple rules; null: these rules find none."""
    ahead = dict.fromkeys(terms.actions, 0)  # the longest way from its end to the end of the plan
    for code in reversed(list(terms.actions)):
        for before in terms.actions[code].after if code in chosen else ():
            ahead[before] = max(ahead[before], ahead[code] + terms.actions[code].quarters)
    rules: tuple[Callable[[str], tuple[int, ...]], ...] = (
        lambda _: (),
        lambda code: (terms.last_start(code), -ahead[code]),
        lambda code: (-ahead[code] - terms.actions[code].quarters, -terms.actions[code].load),
        lambda code: (-terms.actions[code].load,),
    )
    return next((found for rule in rules if (found := _placed(terms, chosen, rule))), None)


def _placed(
    terms: Terms, chosen: Collection[str], rule: Callable[[str], tuple[int, ...]]
) -> Starts | None:
    starts: Starts = {}
    waiting = sorted((code for code in terms.actions if code in chosen), key=rule)
    while waiting:
        code = next(one for one in waiting if terms.actions[one].after <= starts.keys())
        at = _earliest(terms, starts, code)
        if at is None:
            return None
        starts[code] = at
        waiting.remove(code)
    return starts


def compacted(terms: Terms, starts: Starts) -> Starts:
    """Begin every action as soon as it can, those that began first going first; always possible."""
    order = {code: place for place, code in enumerate(terms.actions)}
    found: Starts = {}
    for code in sorted(starts, key=lambda code: (starts[code], order[code])):
        at = _earliest(terms, found, code)
        found[code] = starts[code] if at is None else at
    return found


def greedy(terms: Terms, reached: Callable[[Collection[str]], bool]) -> Starts | None:
    """Take actions in the order of the roadmap until the target is reached; null: it never is.

    What is required goes first; at the end, the last taken first, what is not needed is dropped.
    """
    wanted = needed(terms.actions, terms.required)
    starts: Starts = {}
    for chosen in (wanted, terms.actions.keys() - wanted):
        for code in terms.actions:
            if code in chosen and not (code not in wanted and reached(starts)):
                at = _earliest(terms, starts, code)
                if at is not None:
                    starts[code] = at
    if not wanted <= starts.keys() or not reached(starts):
        return None
    for code in reversed(list(starts)):
        rest = {kept: at for kept, at in starts.items() if kept != code}
        followed = any(code in terms.actions[kept].after for kept in rest)
        if code not in wanted and not followed and reached(rest):
            starts = rest
    return compacted(terms, starts)
