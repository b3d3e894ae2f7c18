"""Secondary suppression: which other cells to hide so that no hidden cell follows from the rest.

For each cell and each direction, a linear programme (HiGHS) looks for the cheapest other table
that agrees with all that is shown and in which the cell is as far off as it must be; the cells
that differ in it are hidden (Fischetti and Salazar 2000, as a heuristic one cell at a time). The
other table proves the protection, so the audit agrees whatever the sums are. Cells that turn out
not to be needed are shown again.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Final

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csc_array, hstack

from observatory.disclosure.tables import Key, Own, Table, groups

MOST_TRIALS: Final = 300
"""Linear programmes that may be spent on showing cells again."""

_NOISE: Final = 1e-7
"""Part of a movement below which a solver's figure is none."""

Moves = Mapping[Key, float]
"""By how much the cells of another possible table differ."""

Aim = tuple[Key, bool]
"""A cell, and whether it must be able to be larger, or else smaller."""


class Unprotectable(Exception):
    """Some cells follow from what cannot be hidden; which ones is in `keys`."""

    def __init__(self, keys: Sequence[Key]) -> None:
        super().__init__(len(keys))
        self.keys = keys


class _System:
    """The sums of a table as a matrix, and what it costs to hide a cell."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self._hidden: frozenset[Key] | None = None
        self._groups: dict[Key, frozenset[Key]] = {}
        self.keys = sorted(table.values)
        self.column = {key: place for place, key in enumerate(self.keys)}
        rows, columns, signs = [], [], []
        for row, each in enumerate(table.sums):
            for key, sign in ((each.total, 1.0), *((part, -1.0) for part in each.parts)):
                rows.append(row)
                columns.append(self.column[key])
                signs.append(sign)
        self.matrix = csc_array((signs, (rows, columns)), shape=(len(table.sums), len(self.keys)))
        self.values = np.array([table.values[key] for key in self.keys])
        largest = max(1.0, float(self.values.max(initial=0)))
        self.costs = 1 + 9 * np.log1p(self.values) / np.log1p(largest)
        self.costs[self.values == 0] = 10  # often known to be empty
        self.trials = 0

    def linked(self, hidden: frozenset[Key], key: Key) -> frozenset[Key]:
        """Return the cells that the sums link to one, where these are hidden."""
        if self._hidden != hidden:
            found = groups(self.table, hidden | self.table.latent)
            self._hidden, self._groups = hidden, {each: group for group in found for each in group}
        return self._groups[key]

    def other(
        self, key: Key, amount: float, free: AbstractSet[Key], shown: AbstractSet[Key]
    ) -> Moves | None:
        """Return how the cheapest table differs in which `key` is off by `amount`.

        Only `free` and `shown` cells may differ, the former at no cost; None where none exists.
        """
        aim = self.column[key]
        moving = np.array(sorted({aim, *(self.column[each] for each in free | shown)}))
        costs = np.where([self.keys[place] in shown for place in moving], self.costs[moving], 0.0)
        costs[moving == aim] = 0.0
        count = len(moving)
        bounds = np.full((2 * count, 2), (0.0, np.inf))
        bounds[count:, 1] = self.values[moving]
        bounds[:count][moving == aim] = max(amount, 0.0)
        bounds[count:][moving == aim] = max(-amount, 0.0)
        sums = self.matrix[:, moving]
        found = linprog(
            np.concatenate((costs, costs)),
            A_eq=hstack((sums, -sums), format="csc"),
            b_eq=np.zeros(sums.shape[0]),
            bounds=bounds,
            method="highs",
        )
        if found.status == 2:  # noqa: PLR2004  # scipy's code for: no such table
            return None
        if found.status != 0:
            raise ArithmeticError(found.message)
        moved = found.x[:count] - found.x[count:]
        places = np.flatnonzero(np.abs(moved) > _NOISE * abs(amount))
        return {self.keys[moving[place]]: float(moved[place]) for place in places}


class _Proofs:
    """Other tables that were found: each proves the uncertainty of all cells that differ in it."""

    def __init__(self, table: Table, needs: Mapping[Key, float]) -> None:
        self.values, self.needs = table.values, needs
        self.moved: dict[Aim, list[AbstractSet[Key]]] = defaultdict(list)

    def add(self, moves: Moves) -> None:
        """Keep a table, and its mirror image where no cell of that is below zero."""
        mirrored = all(by <= self.values[key] for key, by in moves.items())
        for key in moves.keys() & self.needs.keys():
            by, need = moves[key], self.needs[key]
            if (by > 0 or mirrored) and abs(by) >= need:
                self.moved[key, True].append(moves.keys())
            if (by < 0 or mirrored) and abs(by) >= min(need, self.values[key]):
                self.moved[key, False].append(moves.keys())

    def hold(self, aim: Aim, free: AbstractSet[Key]) -> bool:
        """Tell whether a known table reaches the aim in which only `free` cells differ."""
        return any(each <= free for each in self.moved[aim])


def protect(
    table: Table,
    needs: Mapping[Key, float],
    hidden: AbstractSet[Key],
    insiders: Collection[Own] = (),
) -> frozenset[Key]:
    """Return the cells to hide beside those that are, or raise Unprotectable.

    `needs` says how far from its value each cell must remain possible; `insiders` are
    units that are alone in cells: the others are protected from what they know, too.
    """
    system, proofs = _System(table), _Proofs(table, needs)
    before = now = frozenset(hidden) | (needs.keys() - table.latent)
    lost = set()
    for aim in _aims(table, needs, needs):
        asked: set[Own] = set()
        while waiting := _attackers(system, now, aim[0], insiders) - asked:
            own = min(waiting, key=sorted)
            asked.add(own)
            free = (now | table.latent) - own
            if proofs.hold(aim, free):
                continue
            shown = table.values.keys() - free - table.known - own
            moves = system.other(aim[0], _amount(table, needs, aim), free, shown)
            if moves is None:
                lost.add(aim[0])
            else:
                proofs.add(moves)
                now |= moves.keys() - table.latent
    if lost:
        raise Unprotectable(sorted(lost))
    again = True
    while again:
        again = False
        for candidate in sorted(now - before, key=lambda key: (-table.values[key], key)):
            if _is_needless(candidate, system, proofs, now, insiders):
                now, again = now - {candidate}, True
    return now - before


def _is_needless(
    candidate: Key,
    system: _System,
    proofs: _Proofs,
    hidden: frozenset[Key],
    insiders: Collection[Own],
) -> bool:
    """Tell whether all cells stay protected when this one is shown; no where trials run out."""
    table, needs = system.table, proofs.needs
    for aim in _aims(table, needs, needs.keys() & system.linked(hidden, candidate)):
        for own in _attackers(system, hidden, aim[0], insiders):
            free = (hidden | table.latent) - own - {candidate}
            if proofs.hold(aim, free):
                continue
            if system.trials >= MOST_TRIALS:
                return False
            system.trials += 1
            moves = system.other(aim[0], _amount(table, needs, aim), free, frozenset())
            if moves is None:
                return False
            proofs.add(moves)
    return True


def _aims(table: Table, needs: Mapping[Key, float], keys: Iterable[Key]) -> list[Aim]:
    """List what must be possible, the most demanding first; no cell goes below zero."""
    ordered = sorted(keys, key=lambda key: (-needs[key], key))
    return [(key, up) for key in ordered for up in (True, False) if up or table.values[key] > 0]


def _amount(table: Table, needs: Mapping[Key, float], aim: Aim) -> float:
    key, is_up = aim
    return needs[key] if is_up else -min(needs[key], table.values[key])


def _attackers(
    system: _System, hidden: frozenset[Key], key: Key, insiders: Collection[Own]
) -> frozenset[Own]:
    """Return what attackers know: nothing more, or cells that the sums link to this one."""
    linked = system.linked(hidden, key) if insiders else frozenset()
    found = (own for own in insiders if key not in own and not own.isdisjoint(linked))
    return frozenset({frozenset(), *found})
