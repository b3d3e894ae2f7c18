"""Works off the queue of imports beside the service: each run in a process of its own.

Parsing would hold the event loop and the interpreter from the answers of the service; a hostile
file that ends its process ends nothing else. The process is told its database through its
environment, and holds the run's lock as long as it lives.
"""

import asyncio
import contextlib
import gc
import logging
import os
import resource
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Final

import asyncpg
from fastapi import FastAPI

from platformkit.beside import working
from platformkit.db import CONNECT_SECONDS
from platformkit.reads import ReadPool
from training.imports import engine, queries
from training.imports.formats import Formats
from training.settings import Settings

DSN: Final = "TRAINING_DATABASE_URL"
IDLE_SECONDS: Final = 15.0
"""Until the queue is looked at again without being told; for runs that another process left."""

LOCK_MILLISECONDS: Final = 60_000
"""That the connection which stages waits for a lock: all that it takes are its own run's."""

_LARGEST_BYTES: Final = 4 << 30
"""Of address space: many times what a run needs, and less than what stops the machine."""

_NEW_OBJECTS: Final = 50_000
"""Until the garbage collector looks for cycles."""

_log = logging.getLogger(__name__)


@asynccontextmanager
async def beside(app: FastAPI, command: Sequence[str]) -> AsyncIterator[None]:
    """Work off the queue while the application runs; `command` carries out one run by its id."""
    wake: asyncio.Event = app.state.import_wake
    settings: Settings = app.state.settings
    if not settings.import_worker:
        yield
        return
    async with working(_work(app.state.reads, settings, wake, command)):
        yield


async def _work(
    reads: ReadPool, settings: Settings, wake: asyncio.Event, command: Sequence[str]
) -> None:
    while True:
        wake.clear()
        try:
            run = await reads.fetchval("import queue", queries.WAITING)
            if run is not None and await _carried_out(run, settings, command):
                continue
        except Exception as failure:  # noqa: BLE001  # else imports would end in silence
            _log.warning("imports postponed", extra={"why": type(failure).__qualname__})
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(wake.wait(), IDLE_SECONDS)


async def _carried_out(run: uuid.UUID, settings: Settings, command: Sequence[str]) -> bool:
    """Run the process to its end; a service that stops ends it, and the next start takes over."""
    process = await asyncio.create_subprocess_exec(
        *command,
        str(run),
        stdin=asyncio.subprocess.DEVNULL,
        env={**os.environ, DSN: settings.database_url.get_secret_value()},
    )
    try:
        code = await process.wait()
    except asyncio.CancelledError:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        await process.wait()
        raise
    if code:
        _log.warning("import process ended", extra={"run": str(run), "code": code})
    return code == 0


async def carry_out(
    dsn: str, run: uuid.UUID, formats: Formats, observe: engine.Observe = lambda _: None
) -> engine.State | None:
    """Carry out a run over connections of its own."""
    async with connected(dsn) as (connection, beside):
        return await engine.execute(connection, run, formats, observe, beside)


@asynccontextmanager
async def connected(dsn: str) -> AsyncIterator[tuple[asyncpg.Connection, asyncpg.Connection]]:
    """Open the connections of an import: one that stages and tells, and one beside it that merges.

    Should the first wait for somebody who waits for the second, as a change of a table would,
    PostgreSQL sees no deadlock: it gives up for that.
    """
    name = {"application_name": "vigie training import"}
    patient = {**name, "lock_timeout": str(LOCK_MILLISECONDS)}
    connection = await asyncpg.connect(dsn, timeout=CONNECT_SECONDS, server_settings=patient)
    try:
        beside = await asyncpg.connect(dsn, timeout=CONNECT_SECONDS, server_settings=name)
        try:
            yield connection, beside
        finally:
            await beside.close()
    finally:
        await connection.close()


def be_modest() -> None:
    """Leave the processor to the services, and end rather than fill the memory."""
    os.nice(10)
    resource.setrlimit(resource.RLIMIT_AS, (_LARGEST_BYTES, _LARGEST_BYTES))
    collect_rarely()


def collect_rarely() -> None:
    """Look for cycles less often: records make none, and the search costs a tenth of the time."""
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS)
