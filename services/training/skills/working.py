"""Links what imports have changed, beside the service, a few seconds behind them."""

import asyncio
import contextlib
import logging
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from fastapi import FastAPI

from platformkit.reads import ReadPool, WritePool
from training.skills import linking

PAUSE_SECONDS: Final = 5.0
_VERSION: Final = "SELECT version FROM training.search_index"
"""Whoever changes the catalogue gives its index another version."""

_log = logging.getLogger(__name__)


@asynccontextmanager
async def beside(app: FastAPI) -> AsyncIterator[None]:
    """Follow the catalogue while the application runs, in the process that works off imports."""
    if not app.state.settings.import_worker:
        yield
        return
    worker = asyncio.create_task(_work(app.state.reads, app.state.writes))
    try:
        yield
    finally:
        worker.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await worker


async def _work(reads: ReadPool, writes: WritePool) -> None:
    done: uuid.UUID | None = None
    while True:
        try:
            version = await reads.fetchval("index version", _VERSION)
            if version != done:
                await follow_all(writes)
                done = version
        except Exception as failure:  # noqa: BLE001  # else linking would end in silence
            _log.warning("skills not linked", extra={"why": type(failure).__qualname__})
        await asyncio.sleep(PAUSE_SECONDS)


async def follow_all(writes: WritePool) -> None:
    """Link all that is not linked yet, once through, a batch in each transaction."""
    for kind in linking.KINDS:
        after: uuid.UUID | None = uuid.UUID(int=0)
        while after is not None:
            async with writes.transaction("link skills") as connection:
                after = await linking.follow(connection, kind, after)
