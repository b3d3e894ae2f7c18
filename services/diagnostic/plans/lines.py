"""A mixed-integer programme, written line by line, and solved by HiGHS."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Care:
    """How many branches HiGHS searches (a time would not repeat), and the gap it may leave."""

    nodes: int
    gap: float


CONSTANT = -1

_DONE, _LIMIT, _NONE = 0, 1, 2  # what scipy.optimize.milp answers

Sum = Mapping[int, float]
"""A linear expression: factors by column, and a constant under CONSTANT."""


def plus(*terms: tuple[float, Sum]) -> dict[int, float]:
    """Add up expressions, each times its factor."""
    found: dict[int, float] = {}
    for factor, one in terms:
        for column, value in one.items():
            found[column] = found.get(column, 0.0) + factor * value
    return found


def total(sums: Iterable[Sum]) -> dict[int, float]:
    """Add up expressions."""
    return plus(*((1.0, one) for one in sums))


@dataclass(frozen=True, slots=True)
class Solved:
    """The values found (null: none), the least value that any could have, and whether it is met.

    `impossible`: it is proven that there are none.
    """

    values: tuple[float, ...] | None
    bound: float
    optimal: bool
    impossible: bool


@dataclass(slots=True)
class Lines:
    """Columns with their upper ends (the lower ends are 0), and rows with both ends."""

    uppers: list[float] = field(default_factory=list)
    whole: list[int] = field(default_factory=list)
    rows: list[tuple[Sum, float, float]] = field(default_factory=list)

    def column(self, upper: float = 1.0, *, whole: bool = False) -> dict[int, float]:
        """Add a column from 0 to `upper`."""
        self.uppers.append(upper)
        self.whole.append(int(whole))
        return {len(self.uppers) - 1: 1.0}

    def at_least(self, one: Sum, least: float) -> None:
        """Demand that an expression is no less than this."""
        self.rows.append((one, least, math.inf))

    def equal(self, one: Sum, other: Sum) -> None:
        """Demand that two expressions are the same."""
        self.rows.append((plus((1.0, one), (-1.0, other)), 0.0, 0.0))

    def least(self, goal: Sum, care: Care) -> Solved:
        """Look for the smallest value of an expression; one thread, no chance, bounded work."""
        import numpy as np  # noqa: PLC0415  # half a second that only plans need
        from scipy import optimize, sparse  # noqa: PLC0415  # likewise

        uppers, whole = self.uppers or [0.0], self.whole or [0]  # scipy wants a column
        entries = [
            (place, column, value)
            for place, (one, _, _) in enumerate(self.rows)
            for column, value in one.items()
            if column != CONSTANT and value
        ]
        constants = [one.get(CONSTANT, 0.0) for one, _, _ in self.rows]
        table = sparse.csr_array(
            (
                [value for _, _, value in entries],
                ([place for place, _, _ in entries], [column for _, column, _ in entries]),
            ),
            shape=(len(self.rows), len(uppers)),
        )
        cost = np.zeros(len(uppers))
        for column, value in goal.items():
            if column != CONSTANT:
                cost[column] = value
        found: Any = optimize.milp(
            cost,
            constraints=optimize.LinearConstraint(
                table,
                [low - base for (_, low, _), base in zip(self.rows, constants, strict=True)],
                [high - base for (_, _, high), base in zip(self.rows, constants, strict=True)],
            ),
            bounds=optimize.Bounds(0, uppers),
            integrality=whole,
            options={"mip_rel_gap": care.gap, "node_limit": care.nodes},
        )
        bound = found.mip_dual_bound
        if bound is None:  # nothing whole was left to decide
            bound = found.fun if found.status == _DONE else -math.inf
        return Solved(
            values=None if found.x is None else tuple(float(one) for one in found.x),
            bound=float(bound) + goal.get(CONSTANT, 0.0),
            optimal=found.status == _DONE,
            impossible=found.status == _NONE,
        )
