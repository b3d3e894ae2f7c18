"""What the gate remembers of a programme between two days: who was last shown with whom."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from diagnostic.benchmarks.disclosure import Cell
from diagnostic.benchmarks.renewal import Members, remembered
from diagnostic.statistics import queries
from diagnostic.statistics.companies import Brought

Groups = Mapping[str, Mapping[Cell, Members]]
"""Groups by subject."""


@dataclass(frozen=True, slots=True)
class Memory:
    """Groups as they are shown, and hidden ones as they last were, with their contributions."""

    shown: Groups
    hidden: Groups
    known: Mapping[uuid.UUID, Mapping[str, Any]]

    @property
    def barred(self) -> Collection[uuid.UUID]:
        """Contributions that may no longer count: their consent is withdrawn, or they are void."""
        return {one for one, row in self.known.items() if not row["allowed"]}


async def recall(session: AsyncSession, programme: uuid.UUID, k: int) -> Memory:
    """Read what is remembered; figures that a smaller k had allowed count as hidden."""
    known = {row["id"]: row for row in await rows(session, queries.KNOWN, programme)}
    shown: dict[str, dict[Cell, Sequence[uuid.UUID]]] = defaultdict(dict)
    hidden: dict[str, dict[Cell, Sequence[uuid.UUID]]] = defaultdict(dict)
    for row in await rows(session, queries.GROUPS, programme):
        is_shown = row["is_shown"] and row["k"] >= k
        (shown if is_shown else hidden)[row["subject"]][row["cell"]] = row["members"]

    def whose(one: uuid.UUID) -> tuple[str, str]:
        return known[one]["siren"], known[one]["tenant"]

    return Memory(
        {one: remembered(cells, cells, whose) for one, cells in shown.items()},
        {one: remembered(cells, shown.get(one, {}), whose) for one, cells in hidden.items()},
        known,
    )


async def remember(
    session: AsyncSession,
    programme: uuid.UUID,
    chosen: Groups,
    before: Memory,
    fresh: Mapping[uuid.UUID, Brought],
    k: int,
) -> None:
    """Keep what is shown now and what no longer is; of contributions only what these need."""
    now, shown, hidden = _flat(chosen), _flat(before.shown), _flat(before.hidden)
    told = [
        (programme, subject, cell, k, True, list(members))
        for (subject, cell), members in now.items()
        if shown.get((subject, cell), {}).keys() != members.keys()
    ]
    told += [
        (programme, subject, cell, k, False, list(members))
        for (subject, cell), members in shown.items()
        if (subject, cell) not in now
    ]
    needed = {one for members in (hidden | shown | now).values() for one in members}
    new = [
        (
            one,
            programme,
            fresh[one].organisation_id,
            fresh[one].subject,
            list(fresh[one].assessments),
            orjson.dumps(fresh[one].facts).decode(),
        )
        for one in needed - before.known.keys()
    ]
    connection = await session.connection()
    for statement, many in ((queries.KEEP, new), (queries.REMEMBER, told)):
        if many:
            await connection.exec_driver_sql(statement, many)
    await connection.exec_driver_sql(queries.EMPTY, (list(before.barred),))
    await connection.exec_driver_sql(queries.FORGET, (programme, list(needed)))


def _flat(groups: Groups) -> dict[tuple[str, Cell], Members]:
    return {
        (subject, cell): members
        for subject, cells in sorted(groups.items())
        for cell, members in sorted(cells.items())
    }


async def rows(session: AsyncSession, statement: str, *arguments: object) -> Sequence[Any]:
    """Read all rows of a statement in the session's transaction."""
    connection = await session.connection()
    result = await connection.exec_driver_sql(statement, arguments)
    return result.mappings().all()
