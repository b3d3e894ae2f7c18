"""Follows the feeds of the neighbours, gap-free, each change counted once.

Any number of instances may follow: whoever asks first reads. A page is kept in one transaction with
the cursor that comes after it, or not at all; whoever finds another cursor drops what it read.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import orjson
from fastapi import FastAPI

from observatory.emergence import needs
from observatory.emergence.queries import FORGET_NEEDS, KEEP_NEEDS
from observatory.kpis import counting, queries
from platformkit.clients.base import PeerProblem
from platformkit.clients.feeds import DiagnosticFeed, FeedClient, TrainingFeed
from platformkit.feed import Changes
from platformkit.pagination import CursorRefused
from platformkit.reads import WritePool

PEERS: Final[Mapping[str, type[FeedClient]]] = {
    "diagnostic": DiagnosticFeed,
    "training": TrainingFeed,
}
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Follower:
    """Follows one feed."""

    peer: str
    client: FeedClient
    writes: WritePool
    seconds: float

    async def run(self) -> None:
        """Follow until cancelled; a neighbour that is down is asked again."""
        is_away = False
        while True:
            try:
                await self.follow()
                is_away = False
            except Exception as failure:  # noqa: BLE001  # else following would end in silence
                if not is_away:
                    why = type(failure).__qualname__
                    _log.warning("feed cannot be read", extra={"vigie.peer": self.peer, "why": why})
                is_away = True
            await asyncio.sleep(self.seconds)

    async def follow(self) -> None:
        """Read on until nothing is left, or until another instance turns out to follow.

        The next page is on its way while one is kept.
        """
        async with self.writes.transaction("kpi ask") as connection:
            pause = timedelta(seconds=self.seconds / 2)
            known = await connection.fetchrow(queries.ASK, self.peer, pause)
        if known is None:
            return
        cursor: str | None = known["cursor"]
        page = await self._first(cursor)
        while page is not None:
            outcomes = await asyncio.gather(
                self.keep(cursor, page), self._next(page), return_exceptions=True
            )
            for outcome in outcomes:
                if isinstance(outcome, BaseException):
                    raise outcome
            is_kept, following = outcomes
            if not is_kept:
                return
            cursor, page = page.next, following  # type: ignore[assignment]  # gather's union

    async def keep(self, cursor: str | None, page: Changes) -> bool:
        """Count a page, with the cursor after it; False when another instance did."""
        counted = counting.latest(self.peer, page.items)
        needed = needs.contributed(page.items)
        async with self.writes.transaction("kpi keep") as connection:
            advanced = await connection.fetchrow(
                queries.ADVANCE, self.peer, cursor, page.next, len(page.items), not page.more
            )
            if advanced is not None and counted:
                await connection.execute(
                    queries.KEEP, self.peer, *map(list, zip(*counted, strict=True))
                )
            if advanced is not None and needed:
                told = orjson.dumps([one._asdict() for one in needed]).decode()
                await connection.execute(KEEP_NEEDS, told)
        return advanced is not None

    async def _first(self, cursor: str | None) -> Changes | None:
        """Ask for a page; None where the cursor, of another database, ended what was counted."""
        try:
            return await self.client.changes(cursor)
        except PeerProblem as problem:
            if cursor is None or problem.code != CursorRefused.code:
                raise
        _log.warning("feed begun anew", extra={"vigie.peer": self.peer})
        async with self.writes.transaction("kpi begin anew") as connection:
            if await connection.fetchrow(queries.BEGIN_ANEW, self.peer, cursor):
                await forget(connection, self.peer)
        return None

    async def _next(self, page: Changes) -> Changes | None:
        return await self.client.changes(page.next) if page.more else None


async def forget(connection: Any, peer: str) -> None:  # noqa: ANN401  # asyncpg's, untyped
    """Forget what was counted of a feed that is read again from its beginning."""
    await connection.execute(queries.FORGET, peer)
    if peer == DiagnosticFeed.name:
        await connection.execute(FORGET_NEEDS)


@asynccontextmanager
async def beside(app: FastAPI) -> AsyncIterator[None]:
    """Follow every neighbour that the settings name, while the application runs."""
    settings = app.state.settings
    followers = [
        Follower(peer, app.state.clients[peer], app.state.writes, settings.feed_seconds)
        for peer in PEERS
        if peer in settings.peers
    ]
    tasks = [asyncio.create_task(one.run()) for one in followers]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        for task in tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task
