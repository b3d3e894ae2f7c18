"""Follows the feeds of the neighbours, gap-free, each change counted once.

Any number of instances may follow: whoever asks first reads. A page is kept in one transaction with
the cursor that comes after it, or not at all; whoever finds another cursor drops what it read.

A feed that is read again from its beginning is counted beside what is shown, and shown in the
transaction that keeps its last page.
"""

import asyncio
import contextlib
import logging
import math
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import orjson
from fastapi import FastAPI

from observatory.emergence import needs
from observatory.emergence.queries import (
    FORGET_RECOUNTED_NEEDS,
    KEEP_NEEDS,
    KEEP_RECOUNTED_NEEDS,
    SHOW_NEEDS,
)
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
SHOW_SECONDS: Final = 60
"""A million things are compared and shown in a few seconds of a quiet machine."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Shelf:
    """The statements that keep a page in one place."""

    advance: str
    keep: str
    keep_needs: str


SHOWN: Final = Shelf(queries.ADVANCE, queries.KEEP, KEEP_NEEDS)
BESIDE: Final = Shelf(queries.ADVANCE_RECOUNT, queries.KEEP_RECOUNTED, KEEP_RECOUNTED_NEEDS)


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

        While it is read again from its beginning, what is shown is followed as often as before.
        """
        known = await self._ask(timedelta(seconds=self.seconds / 2))
        while known is not None:
            await self._read_on(known["cursor"], SHOWN)
            if not known["recounting"]:
                return
            until = time.monotonic() + self.seconds
            if await self._read_on(known["recount_cursor"], BESIDE, until):
                return
            known = await self._ask(timedelta())

    async def _ask(self, pause: timedelta) -> Any:  # noqa: ANN401  # asyncpg's, untyped
        async with self.writes.transaction("kpi ask") as connection:
            return await connection.fetchrow(queries.ASK, self.peer, pause)

    async def _read_on(self, cursor: str | None, shelf: Shelf, until: float = math.inf) -> bool:
        """Keep what comes after the cursor; False where there is more than there was time for.

        The next page is on its way while one is kept.
        """
        page = await self._first(cursor)
        while page is not None:
            outcomes = await asyncio.gather(
                self.keep(cursor, page, shelf), self._next(page), return_exceptions=True
            )
            for outcome in outcomes:
                if isinstance(outcome, BaseException):
                    raise outcome
            is_kept, following = outcomes
            if not is_kept:
                return True
            cursor, page = page.next, following  # type: ignore[assignment]  # gather's union
            if page is not None and time.monotonic() > until:
                return False
        return True

    async def keep(self, cursor: str | None, page: Changes, shelf: Shelf) -> bool:
        """Count a page, with the cursor after it; False when another instance did."""
        counted = counting.latest(self.peer, page.items)
        needed = needs.contributed(page.items)
        async with self.writes.transaction("kpi keep") as connection:
            place = (cursor, page.next, len(page.items), not page.more)
            if await connection.fetchrow(shelf.advance, self.peer, *place) is None:
                return False
            if counted:
                await connection.execute(
                    shelf.keep, self.peer, *map(list, zip(*counted, strict=True))
                )
            if needed:
                told = orjson.dumps([one._asdict() for one in needed]).decode()
                await connection.execute(shelf.keep_needs, told)
            if shelf is BESIDE and not page.more:
                await show(connection, self.peer)
        return True

    async def _first(self, cursor: str | None) -> Changes | None:
        """Ask for a page; None where the cursor is of another database: all is counted again."""
        try:
            return await self.client.changes(cursor)
        except PeerProblem as problem:
            if cursor is None or problem.code != CursorRefused.code:
                raise
        async with self.writes.transaction("kpi begin anew") as connection:
            if await connection.fetchrow(queries.BEGIN_ANEW, self.peer, cursor):
                await forget_recounted(connection, self.peer)
                _log.warning("feed begun anew", extra={"vigie.peer": self.peer})
        return None

    async def _next(self, page: Changes) -> Changes | None:
        return await self.client.changes(page.next) if page.more else None


async def show(connection: Any, peer: str) -> None:  # noqa: ANN401  # asyncpg's, untyped
    """Show what was counted again instead of what was counted before."""
    await connection.execute(queries.COMPARE_WHOLE)
    for statement in queries.SHOW:
        await connection.execute(statement, peer, timeout=SHOW_SECONDS)
    if peer == DiagnosticFeed.name:
        for statement in SHOW_NEEDS:
            await connection.execute(statement, timeout=SHOW_SECONDS)


async def forget_recounted(connection: Any, peer: str) -> None:  # noqa: ANN401  # likewise
    """Forget what was counted so far of a feed that is counted again from its beginning."""
    await connection.execute(queries.FORGET_RECOUNTED, peer)
    if peer == DiagnosticFeed.name:
        await connection.execute(FORGET_RECOUNTED_NEEDS)


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
