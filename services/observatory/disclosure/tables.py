"""Additive tables: which cells are the sum of which others, over hierarchies and linked tables."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

Key = tuple[str, ...]
"""The codes of a cell, by dimension; the period is one of them."""


Own = frozenset[Key]
"""The cells in which a unit is alone: it knows them, and may attack the others with that."""


@dataclass(frozen=True, slots=True)
class Hierarchy:
    """How the codes of one dimension add up: parts by total.

    A dimension may have several (EPCI and employment zones both divide a département): the
    tables are then linked, and are protected as one.
    """

    name: str
    place: int
    parts: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Sum:
    """The total is what its parts add up to."""

    total: Key
    parts: tuple[Key, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Cells that are linked by sums.

    `latent` cells are published nowhere, yet follow by difference where all others are seen;
    `known` ones are published elsewhere and cannot be hidden.
    """

    values: Mapping[Key, float]
    sums: tuple[Sum, ...]
    latent: frozenset[Key] = frozenset()
    known: frozenset[Key] = frozenset()
    remainders: Mapping[Key, Sum] = field(default_factory=dict)
    """What a total has beyond its known parts: latent too."""


class NotAdditive(Exception):
    """Some totals are less than the sum of their parts; which ones is in `totals`."""

    def __init__(self, totals: Sequence[Key]) -> None:
        super().__init__(len(totals))
        self.totals = totals


def additive(
    values: Mapping[Key, float],
    hierarchies: Iterable[Hierarchy],
    *,
    latent: AbstractSet[Key] = frozenset(),
    known: AbstractSet[Key] = frozenset(),
    rounding: float = 0.0,
) -> Table:
    """Find the sums among the cells, or raise NotAdditive.

    A total may be more than its parts: the rest becomes a latent cell. `rounding` is the unit to
    which figures were rounded; within it a sum counts as exact, which is the careful reading.
    """
    sums: list[Sum] = []
    remainders: dict[Key, Sum] = {}
    extended = dict(values)
    wrong = []
    for hierarchy in hierarchies:
        for found in _sums(values, hierarchy):
            rest = values[found.total] - sum(values[part] for part in found.parts)
            slack = max(
                rounding / 2 * (len(found.parts) + 1), 1e-9 * max(1, abs(values[found.total]))
            )
            if rest < -slack:
                wrong.append(found.total)
            elif rest <= slack:
                sums.append(found)
            else:
                key = (*found.total, f"∖{hierarchy.name}")
                extended[key] = rest
                remainders[key] = found
                sums.append(Sum(found.total, (*found.parts, key)))
    if wrong:
        raise NotAdditive(wrong)
    return Table(
        extended, tuple(sums), frozenset(latent | remainders.keys()), frozenset(known), remainders
    )


def _sums(values: Mapping[Key, float], hierarchy: Hierarchy) -> list[Sum]:
    """List the totals that have at least one part, all other codes being equal."""
    place = hierarchy.place
    lines: dict[Key, dict[str, Key]] = defaultdict(dict)
    for key in values:
        lines[key[:place] + key[place + 1 :]][key[place]] = key
    found = []
    for line in lines.values():
        for total, parts in hierarchy.parts.items():
            present = tuple(line[part] for part in parts if part in line)
            if total in line and present:
                found.append(Sum(line[total], present))
    return found


def groups(table: Table, keys: AbstractSet[Key]) -> list[frozenset[Key]]:
    """Divide cells into groups that no sum links, in a stable order."""
    leader = {key: key for key in keys}

    def find(key: Key) -> Key:
        while leader[key] != key:
            leader[key] = key = leader[leader[key]]
        return key

    for each in table.sums:
        linked = [key for key in (each.total, *each.parts) if key in leader]
        for other in linked[1:]:
            leader[find(other)] = find(linked[0])
    members: dict[Key, set[Key]] = defaultdict(set)
    for key in sorted(keys):
        members[find(key)].add(key)
    return [frozenset(each) for each in members.values()]
