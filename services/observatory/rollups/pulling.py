"""Reads what nodes publish, incrementally and resumably; a slow node delays no other one.

A page is kept in one transaction with the place that comes after it, or not at all. A round is of
one vintage; it reads what changed since the last one (`updatedAfter`), and everything once a day
and whenever the tag changed without a new release: a withdrawal is not told otherwise.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any, Final

from fastapi import FastAPI

from observatory.nodes import certification
from observatory.nodes import queries as nodes
from observatory.rollups import figures, queries
from observatory.rollups.asking import Asker, NodeSilent, Question
from observatory.rollups.definitions import Terms, terms
from observatory.rollups.figures import FiguresRefused
from observatory.structures.library import StructureLibrary
from platformkit.beside import working
from platformkit.reads import ReadPool, WritePool

MOST_LINES: Final = 20_000_000
"""Of one round."""

_WHOLE: Final = timedelta(days=1)
_LOOK_SECONDS: Final = 5.0
_AT_ONCE: Final = 4
_PATIENCE: Final = timedelta(minutes=10)
"""For one turn of a node; who has not answered all by then goes on when it has its next turn."""

_GONE, _WAIT, _FAULTY = 400, 429, 500
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Puller:
    """Reads areas of roll-ups."""

    asker: Asker
    reads: ReadPool
    writes: WritePool
    structures: StructureLibrary
    pause: timedelta
    patience: timedelta = _PATIENCE

    async def run(self) -> None:
        """Read what is due until cancelled."""
        while True:
            try:
                await self.look()
            except Exception as failure:  # noqa: BLE001  # else pulling would end in silence
                told = {"error.type": type(failure).__qualname__}
                _log.warning("roll-ups cannot be pulled", extra=told)
            await asyncio.sleep(_LOOK_SECONDS)

    async def look(self) -> None:
        """Read what is due, a few nodes at a time."""
        turns = asyncio.Semaphore(_AT_ONCE)
        due = await self.reads.fetch("rollups due", queries.DUE, self.pause)
        async with asyncio.TaskGroup() as group:
            for row in due:
                group.create_task(self._turn(turns, row["rollup"], row["area"]))

    async def _turn(self, turns: asyncio.Semaphore, rollup: str, area: str) -> None:
        async with turns:
            try:
                await self.pull(rollup, area)
            except Exception as failure:  # noqa: BLE001  # else it would end the turns of all others
                told = {"error.type": type(failure).__qualname__, "vigie.area": area}
                _log.warning("area cannot be pulled", extra=told)

    async def pull(self, rollup: str, area: str) -> None:
        """Read an area until nothing is left, its time is up, or another instance reads it."""
        async with self.writes.transaction("rollup claim") as raw:
            source = await raw.fetchrow(queries.CLAIM, rollup, area, self.pause)
        if source is None:
            return
        node = await self.reads.fetchrow("node", nodes.ONE, source["agency"])
        found = await self.reads.fetchrow("rollup", queries.ONE, rollup)
        report = None if node is None else certification.holding(node)
        if found is None or node is None or report is None:
            return
        if not certification.covers(report, found["method"], found["method_version"]):
            return
        known = await terms(self.reads, await self.structures.catalogue(self.reads), found, area)
        question = Question(
            node["base_url"], node["agency"], found["source"], known.major, known.conditions
        )
        failure, is_refused, is_lost, status = None, False, False, 200
        try:
            await self._round(source, question, known)
        except NodeSilent as silent:
            failure, status = silent.code, silent.status
            is_lost = _GONE <= status < _FAULTY and status != _WAIT
        except FiguresRefused as refused:
            failure, is_refused = refused.code, True
        async with self.writes.transaction("rollup answered") as raw:
            await raw.execute(queries.ANSWERED, node["agency"], status)
            if failure is not None:
                _log.warning("node not read", extra={"vigie.peer": node["agency"], "why": failure})
                now = await raw.fetchval(queries.ROUND, rollup, area)
                await raw.execute(queries.FAIL, rollup, area, now, failure, is_refused, is_lost)

    async def _round(self, source: Mapping[str, Any], question: Question, known: Terms) -> None:
        place = source["rollup"], source["area"], source["round"]
        if source["as_of"] is None:
            vintage = await self.asker.vintage(question, source["etag"])
            if vintage is None:
                async with self.writes.transaction("rollup same") as raw:
                    await raw.execute(queries.SAME, *place)
                return
            is_whole = _is_whole(source, vintage.as_of)
            async with self.writes.transaction("rollup begin") as raw:
                begun = await raw.fetchrow(
                    queries.BEGIN, *place, vintage.as_of, is_whole, vintage.etag
                )
            if begun is None:
                return
            source = begun
        until = monotonic() + self.patience.total_seconds()
        while source["as_of"] is not None:
            since = None if source["is_whole"] else source["since"]
            body = await self.asker.page(question, source["as_of"], since, source["place"])
            batch = figures.Batch()
            if body:
                batch = await asyncio.to_thread(figures.read, body, known.expected)
            if source["place"] + batch.lines > MOST_LINES:
                raise FiguresRefused("too-many")
            kept = await self._keep(source, batch)
            if kept is None or monotonic() >= until:
                return
            source = kept

    async def _keep(self, source: Mapping[str, Any], batch: figures.Batch) -> Any:  # noqa: ANN401  # asyncpg's record
        """Write a page with the place that comes after it; None when another instance did."""
        rollup, area, turn = source["rollup"], source["area"], source["round"]
        is_last = batch.lines < self.asker.lines
        told = {place: one for place, one in batch.cells.items() if one is not None}
        gone = [place for place, one in batch.cells.items() if one is None]
        async with self.writes.transaction("rollup keep") as raw:
            kept = await raw.fetchrow(
                queries.ADVANCE, rollup, area, turn, source["place"], batch.lines, is_last
            )
            if kept is None:
                return None
            if told:
                rows = [
                    (*place, one.numerator, one.denominator, one.se, one.hidden)
                    for place, one in told.items()
                ]
                columns = map(list, zip(*rows, strict=True))
                await raw.execute(queries.KEEP, rollup, area, turn, *columns, timeout=_SECONDS)
            if gone:
                columns = map(list, zip(*gone, strict=True))
                await raw.execute(queries.LOSE, rollup, area, *columns, timeout=_SECONDS)
            if is_last and source["is_whole"]:
                await raw.execute(queries.LOSE_OLD, rollup, area, turn, timeout=_SECONDS)
        return kept


_SECONDS: Final = 600.0
"""Of one statement that keeps a page."""


def _is_whole(source: Mapping[str, Any], as_of: str) -> bool:
    """Tell whether a round must read everything: also of a node that went back to a backup."""
    whole_at = source["whole_at"]
    return (
        source["since"] is None
        or datetime.fromisoformat(source["since"]) >= datetime.fromisoformat(as_of)
        or whole_at is None
        or datetime.now(UTC) - whole_at > _WHOLE
    )


@asynccontextmanager
async def beside(app: FastAPI) -> AsyncIterator[None]:
    """Pull while the application runs, unless its settings leave that to another instance."""
    state = app.state
    seconds = state.settings.rollup_seconds
    if seconds is None:
        yield
        return
    async with Asker(state.settings) as asker:
        pause = timedelta(seconds=seconds)
        puller = Puller(asker, state.reads, state.writes, state.structures, pause)
        async with working(puller.run()):
            yield
