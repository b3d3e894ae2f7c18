"""The cells of a vintage: who contributes to each, over all levels, and what is published of it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from typing import Final

from observatory.disclosure.rules import Contribution, inputs
from observatory.disclosure.tables import Hierarchy, Key

Contributions = Mapping[Key, Mapping[str, Contribution]]
"""Who contributes to each cell, by unit."""

_EXACT: Final = Decimal("1e-6")
_NOBODY: Final[Mapping[str, Contribution]] = {}


@dataclass(frozen=True, slots=True)
class Brought:
    """A line of what units bring: the finest cell that it is known for."""

    key: Key
    unit: str
    contribution: Contribution


@dataclass(frozen=True, slots=True)
class Vintage:
    """What was published of a table at one release, and who stands behind it."""

    published: Mapping[Key, float]
    contributions: Contributions


def above(hierarchies: Iterable[Hierarchy], place: int) -> dict[str, frozenset[str]]:
    """Return the codes that a code counts in, itself too, by code, over all hierarchies."""
    parents: dict[str, set[str]] = defaultdict(set)
    for hierarchy in hierarchies:
        if hierarchy.place == place:
            for total, parts in hierarchy.parts.items():
                for part in parts:
                    parents[part].add(total)
    found = {}
    for code in parents:
        reached, waiting = {code}, [code]
        while waiting:
            new = parents.get(waiting.pop(), set()) - reached
            reached |= new
            waiting += new
        found[code] = frozenset(reached)
    return found


def gathered(lines: Iterable[Brought], hierarchies: Sequence[Hierarchy]) -> Contributions:
    """Add up what units bring, in each cell that their own counts in."""
    cells: dict[Key, dict[str, Contribution]] = defaultdict(dict)
    levels: dict[int, dict[str, frozenset[str]]] = {}
    for line in lines:
        for place in range(len(line.key)):
            if place not in levels:
                levels[place] = above(hierarchies, place)
        ways = (levels[place].get(code, (code,)) for place, code in enumerate(line.key))
        for key in product(*ways):
            cell, new = cells[key], line.contribution
            had = cell.get(line.unit)
            amount = new.amount if had is None else had.amount + new.amount
            cell[line.unit] = Contribution(amount, new.weight)
    return cells


def differing(vintage: Vintage, rounding: float) -> list[Key]:
    """List the published cells that are not what their units add up to, within the rounding."""
    wrong = []
    for key, value in vintage.published.items():
        total = inputs(vintage.contributions.get(key, _NOBODY)).total
        slack = max(Decimal(str(rounding)) / 2, _EXACT * max(Decimal(1), abs(total)))
        if abs(Decimal(repr(value)) - total) > slack:
            wrong.append(key)
    return sorted(wrong)


def remaining(
    contributions: Contributions, total: Key, parts: Iterable[Key]
) -> dict[str, Contribution]:
    """Return who stands behind what a total has beyond its parts."""
    left = dict(contributions.get(total, _NOBODY))
    for part in parts:
        for unit, each in contributions.get(part, _NOBODY).items():
            if unit in left:
                left[unit] = Contribution(left[unit].amount - each.amount, each.weight)
    return {unit: each for unit, each in left.items() if each.amount > 0}
