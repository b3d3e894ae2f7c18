"""Asks the saved searches about what changed, some changes at a time, in the order of the feed.

A change is asked about among its own entries only, by the search's own statement: nothing else of
the catalogue is looked at. The cursor moves in the transaction that notes what is new, so that
each change is asked about once, whatever dies.
"""

import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, Final
from uuid import UUID

from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncSession

from platformkit import feed
from platformkit.beside import repeated, working
from platformkit.db import driver, is_away
from platformkit.paris import day_in_paris
from platformkit.reads import ReadPool
from training.alerts import queries
from training.alerts.service import ASKED
from training.search import service as search
from training.search.filters import Asked

_CHANGES: Final = 2_000
"""Asked about at once: few enough that each is looked up."""

_SEARCHES: Final = 200
_EVERY_ENTRY: Final = 1_000_000
_PAUSE_SECONDS: Final = 5.0
_log = logging.getLogger(__name__)


@asynccontextmanager
async def beside(app: FastAPI) -> AsyncIterator[None]:
    """Follow the feed while the application runs, where its settings say so."""
    if not app.state.settings.alert_worker:
        yield
        return

    async def follow() -> bool:
        async with app.state.sessions() as session, session.begin():
            return await evaluate(session, app.state.reads, day_in_paris(datetime.now(UTC)))

    async with working(repeated(follow, _PAUSE_SECONDS, _log, "alerts postponed")):
        yield


async def evaluate(session: AsyncSession, reads: ReadPool, today: date) -> bool:
    """Ask about the next changes; tell whether there may be more. Another's turn is nothing."""
    raw = await driver(session)
    if not await raw.fetchval(queries.TURN):
        return False
    cursor = await raw.fetchrow(queries.CURSOR)
    changed = await raw.fetch(queries.CHANGED, str(cursor["xid"]), cursor["seq"], _CHANGES)
    if not changed:
        return False
    searches = await raw.fetch(queries.FOLLOWED, None, _SEARCHES)
    if not searches:
        await raw.execute(queries.SKIP)
        return False
    things = await _things(raw, changed)
    while searches and things:
        for one in searches:
            try:
                async with session.begin_nested():
                    asked = replace(ASKED.validate_json(one["asked"]), among=things)
                    await _ask(session, reads, one["id"], asked, today)
            except Exception as failure:
                if is_away(failure):  # of the database, not of the search: all is asked again
                    raise
                # one search must not end all alerts
                told = {"search": str(one["id"]), "why": type(failure).__qualname__}
                _log.warning("saved search passed over", extra=told)
        searches = await raw.fetch(queries.FOLLOWED, searches[-1]["id"], _SEARCHES)
    await raw.execute(queries.ADVANCE, changed[-1]["xid"], changed[-1]["seq"])
    return len(changed) == _CHANGES


async def _things(raw: Any, changed: Sequence[Any]) -> list[UUID]:  # noqa: ANN401  # asyncpg's
    """Return the formations and certifications that changes touched, each once."""
    by_entity: dict[str, set[str]] = {"certification": set(), "formation": set()}
    for one in changed:
        if one["entity"] in by_entity:
            by_entity[one["entity"]].add(one["entity_id"])
    numbers = list(by_entity["certification"])
    formations = [UUID(one) for one in by_entity["formation"]]
    return [row["id"] for row in await raw.fetch(queries.THINGS, numbers, formations)]


async def _ask(
    session: AsyncSession, reads: ReadPool, search_id: UUID, asked: Asked, today: date
) -> None:
    """Note what matches a search from now on and what no more, and tell when anything is new."""
    raw = await driver(session)
    found = await search.matching(reads, asked, today, _EVERY_ENTRY)
    ids = [one["id"] for one in found]
    await raw.execute(queries.END, search_id, asked.among, ids)
    if not ids:
        return
    kinds = [one["kind"] for one in found]
    version = await raw.fetchval(
        queries.BEGIN, search_id, ids, kinds, [one["thing_id"] for one in found]
    )
    if version is not None:
        await feed.publish(
            session,
            entity="saved_search",
            entity_id=str(search_id),
            kind="updated",
            version=version,
            payload={},
        )
