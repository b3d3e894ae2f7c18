"""Makes snapshots anew: `python -m diagnostic.benchmarks.rebuild`; also done by itself, hourly.

A population (one scoring, one milestone) changes on one day at most, Paris time. It costs a few
statements per population and one per group that changes, and holds one population in memory.
"""

import asyncio
import sys
import uuid
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from diagnostic.benchmarks import groups, queries
from diagnostic.benchmarks.disclosure import Cell, Contribution
from diagnostic.benchmarks.models import BenchmarkSeries, BenchmarkSnapshot
from diagnostic.benchmarks.quartiles import distribution, neighbours
from diagnostic.benchmarks.renewal import Members, remembered, renewed
from diagnostic.settings import Settings
from platformkit.db import transaction
from platformkit.paris import day_in_paris

_STEP = 1000
"""Scores read at a time."""


@dataclass(frozen=True, slots=True)
class Population:
    """Scores that can be compared."""

    scoring_hash: str
    milestone: str


@dataclass(frozen=True, slots=True)
class Current:
    """The latest snapshots of a population: those shown, and those hidden as they last were."""

    shown: Mapping[Cell, Members]
    hidden: Mapping[Cell, Members]
    barred: Collection[uuid.UUID]
    """Scores that may no longer count: their consent was withdrawn, or they are void."""


async def rebuild(session: AsyncSession, k: int, now: datetime) -> list[Population]:
    """Look at every population whose snapshot is of an earlier day; one process at a time."""
    await _rows(session, queries.LOCK)
    today = day_in_paris(now)
    looked_at = []
    for row in await _rows(session, queries.POPULATIONS):
        if row["as_of"] is None or day_in_paris(row["as_of"]) < today:
            population = Population(row["scoring_hash"], row["milestone"])
            await _rebuild(session, population, k, now)
            looked_at.append(population)
    return looked_at


async def _rebuild(session: AsyncSession, population: Population, k: int, now: datetime) -> None:
    current = await _current(session, population, k)
    candidates = await _candidates(session, population)
    chosen = await asyncio.to_thread(
        renewed, candidates, current.shown, current.hidden, k, current.barred
    )
    fresh = {
        cell: members.keys()
        for cell, members in sorted(chosen.items())
        if cell not in current.shown or members.keys() != current.shown[cell].keys()
    }
    figures = await _figures(session, fresh)
    for cell, members in fresh.items():
        snapshot = _snapshot(population, cell, list(members), k, now)
        snapshot.n = len(members)
        session.add(snapshot)
        await session.flush()
        session.add_all(_series(snapshot.id, code, one) for code, one in figures[cell].items())
    for cell in sorted(current.shown.keys() - chosen.keys()):
        session.add(_snapshot(population, cell, list(current.shown[cell]), k, now))
    await session.flush()
    session.expunge_all()


async def _candidates(session: AsyncSession, population: Population) -> list[Contribution]:
    asked = (population.scoring_hash, population.milestone)
    return [
        Contribution(
            row["id"],
            row["siren"],
            row["tenant"],
            groups.cells(row["region_code"], row["size_band"], row["section"]),
            groups.schemes(row["programme_id"], row["cohort_id"]),
        )
        for row in await _rows(session, queries.CONTRIBUTIONS, *asked)
    ]


async def _current(session: AsyncSession, population: Population, k: int) -> Current:
    """Read what is in force; figures that a smaller k had allowed count as hidden."""
    asked = (population.scoring_hash, population.milestone)
    rows = await _rows(session, queries.IN_FORCE, *asked)
    shown = {row["cell"]: row["members"] for row in rows if row["n"] is not None and row["k"] >= k}
    hidden = {row["cell"]: row["members"] for row in rows if row["cell"] not in shown}
    ids = {one for row in rows for one in row["members"]}
    known = {row["id"]: row for row in await _rows(session, queries.FORMER, list(ids))}

    def whose(one: uuid.UUID) -> tuple[str, str]:
        return known[one]["siren"], known[one]["tenant"]

    barred = {one for one, row in known.items() if not row["allowed"]}
    return Current(remembered(shown, shown, whose), remembered(hidden, shown, whose), barred)


async def _figures(
    session: AsyncSession, cells: Mapping[Cell, Collection[uuid.UUID]]
) -> dict[Cell, dict[str, Counter[str]]]:
    """Count for each group how often each exact score occurs, by series, in bounded steps."""
    homes: dict[uuid.UUID, list[dict[str, Counter[str]]]] = defaultdict(list)
    figures: dict[Cell, dict[str, Counter[str]]] = {cell: defaultdict(Counter) for cell in cells}
    for cell, members in cells.items():
        for one in members:
            homes[one].append(figures[cell])
    everybody = list(homes)
    for start in range(0, len(everybody), _STEP):
        for row in await _rows(session, queries.SCORES, everybody[start : start + _STEP]):
            for home in homes[row["id"]]:
                home[row["code"]][row["exact"]] += 1
    return figures


def _snapshot(
    population: Population, cell: Cell, members: list[uuid.UUID], k: int, now: datetime
) -> BenchmarkSnapshot:
    """Describe a group that is hidden from now on; with `n` it is shown."""
    return BenchmarkSnapshot(
        id=uuid.uuid4(),
        scoring_hash=population.scoring_hash,
        milestone=population.milestone,
        cell=cell,
        as_of=now,
        k=k,
        n=None,
        members=members,
    )


def _series(snapshot: uuid.UUID, code: str, counted: Counter[str]) -> BenchmarkSeries:
    """Keep of the scores of a group what its figures are computed from."""
    scores = distribution((Fraction(exact), times) for exact, times in counted.items())
    return BenchmarkSeries(
        snapshot_id=snapshot,
        code=code,
        around=[str(one) for three in neighbours(scores) for one in three],
        levels=[float(one.numerator) / float(one.denominator) for one in scores.values],
        reached=list(scores.reached),
    )


async def _rows(session: AsyncSession, statement: str, *arguments: object) -> Sequence[Any]:
    connection = await session.connection()
    result = await connection.exec_driver_sql(statement, arguments)
    return result.mappings().all()


async def run(settings: Settings, now: datetime) -> list[Population]:
    """Rebuild in one transaction, with the service's own role."""
    async with transaction(settings, "diagnostic") as session:
        return await rebuild(session, settings.benchmark_k, now)


def main() -> int:
    """Rebuild what is of an earlier day, and say how many populations were looked at."""
    looked_at = asyncio.run(run(Settings(), datetime.now(UTC)))
    sys.stdout.write(f"diagnostic: {len(looked_at)} populations looked at\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
