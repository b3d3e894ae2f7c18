"""The independent audit: what an attacker who knows all shown cells can say of a hidden one.

For each hidden cell the least and the largest value that the sums allow, by linear programming
(HiGHS). It shares no step with the choice of cells in `protection`, and has the last word.
"""

from collections.abc import Collection, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array

from observatory.disclosure.tables import Key, Own, Table, groups

_EXACT = 1e-6
"""Relative to the values: what a solver's arithmetic may be off by."""


@dataclass(frozen=True, slots=True)
class Interval:
    """What a hidden cell can be."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Finding:
    """A hidden cell that is less uncertain than it must be, for who knows cells of its own."""

    key: Key
    interval: Interval
    own: Own = frozenset()


class _Attack:
    """The sums of one group of hidden cells, all shown cells being known."""

    def __init__(self, table: Table, unknown: AbstractSet[Key]) -> None:
        self.keys = sorted(unknown)
        self.column = {key: place for place, key in enumerate(self.keys)}
        rows, columns, signs = [], [], []
        row = 0
        for each in table.sums:
            terms = [(key, -1.0) for key in each.parts if key in self.column]
            if each.total in self.column:
                terms.append((each.total, 1.0))
            for key, sign in terms:
                rows.append(row)
                columns.append(self.column[key])
                signs.append(sign)
            row += bool(terms)
        self.values = np.array([table.values[key] for key in self.keys])
        self.matrix = csr_array((signs, (rows, columns)), shape=(row, len(self.keys)))
        self.sides = self.matrix @ self.values

    def extreme(self, key: Key, sign: float) -> dict[Key, float]:
        """Return the possible table in which a cell is least (sign 1) or largest (sign -1)."""
        aim = np.zeros(len(self.keys))
        aim[self.column[key]] = sign
        found = linprog(aim, A_eq=self.matrix, b_eq=self.sides, bounds=(0, None), method="highs")
        if found.status == 3:  # noqa: PLR2004  # scipy's code for: without bound
            return {key: float("inf")}
        if found.status != 0:
            raise ArithmeticError(found.message)
        return dict(zip(self.keys, found.x.tolist(), strict=True))

    def interval(self, key: Key) -> Interval:
        """Return the least and the largest value that a cell can have."""
        return Interval(self.extreme(key, 1)[key], self.extreme(key, -1)[key])


def interval(table: Table, hidden: AbstractSet[Key], key: Key) -> Interval:
    """Return what a hidden cell can be, for somebody who knows all that is shown."""
    group = next(each for each in groups(table, hidden | table.latent) if key in each)
    return _Attack(table, group).interval(key)


def audit(
    table: Table,
    hidden: AbstractSet[Key],
    needs: Mapping[Key, float],
    insiders: Collection[Own] = (),
) -> Iterator[Finding]:
    """Find the cells that remain less uncertain than they need, either way.

    A cell below its need may be as low as zero. Each unit that is alone in cells attacks the
    others by them.
    """
    everything = hidden | table.latent
    for group in groups(table, everything):
        if needs.keys().isdisjoint(group):
            continue
        for own in (frozenset(), *(each for each in insiders if not each.isdisjoint(group))):
            for part in groups(table, group - own):
                attack = _Attack(table, part)
                for key in _exposed(attack, {each: needs[each] for each in part & needs.keys()}):
                    yield Finding(key, attack.interval(key), own)
    for key in sorted(needs.keys() - everything):
        yield Finding(key, Interval(table.values[key], table.values[key]))


def _exposed(attack: _Attack, needs: Mapping[Key, float]) -> list[Key]:
    """List the cells that cannot be as small or large as they must; a table may do for many."""
    values = dict(zip(attack.keys, attack.values.tolist(), strict=True))
    slack = {key: _EXACT * max(1.0, values[key]) for key in needs}
    small = {key: max(0.0, values[key] - need) + slack[key] for key, need in needs.items()}
    large = {key: values[key] + need - slack[key] for key, need in needs.items()}
    exposed = set()
    for sign, limits in ((1, small), (-1, large)):
        waiting = set(needs)
        for key in sorted(needs):
            if key not in waiting:
                continue
            table = attack.extreme(key, sign)
            reached = {
                each for each in waiting & table.keys() if sign * table[each] <= sign * limits[each]
            }
            if key not in reached:
                exposed.add(key)
            waiting -= reached | {key}
    return sorted(exposed)
