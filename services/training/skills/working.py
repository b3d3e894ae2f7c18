"""Links what imports have changed, beside the service, a few seconds behind them."""

import logging
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from fastapi import FastAPI

from platformkit.beside import repeated, working
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
    reads: ReadPool = app.state.reads
    done: uuid.UUID | None = None

    async def look() -> None:
        nonlocal done
        version = await reads.fetchval("index version", _VERSION)
        if version != done:
            await follow_all(app.state.writes)
            done = version

    async with working(repeated(look, PAUSE_SECONDS, _log, "skills not linked")):
        yield


async def follow_all(writes: WritePool) -> None:
    """Link all that is not linked yet, once through, a batch in each transaction."""
    for kind in linking.KINDS:
        after: uuid.UUID | None = uuid.UUID(int=0)
        while after is not None:
            async with writes.transaction("link skills") as connection:
                after = await linking.follow(connection, kind, after)
