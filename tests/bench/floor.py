"""The least that an HTTP server in Python can do for a statement: uvicorn, asyncpg, no framework.

`FLOOR_DSN` and `FLOOR_SQL`; any path is answered with the rows of the statement as CSV.
"""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
from starlette.types import Receive, Scope, Send

from tests.bench.stage import ROOT
from tests.ports import free_ports

_connections: list[asyncpg.Connection] = []


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Run the statement on one connection, and write its rows."""
    if scope["type"] != "http":
        raise NotImplementedError  # there is no lifespan
    if not _connections:
        _connections.append(await asyncpg.connect(os.environ["FLOOR_DSN"]))
    rows: list[Any] = await _connections[0].fetch(os.environ["FLOOR_SQL"])
    body = "\n".join(",".join(map(str, row)) for row in rows).encode()
    length = str(len(body)).encode()
    headers = [(b"content-type", b"text/csv"), (b"content-length", length)]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


@asynccontextmanager
async def floor(dsn: str, sql: str) -> AsyncIterator[str]:
    """Serve the statement beside the platform, as a service is served; yield the address."""
    (port,) = free_ports(1)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "uvicorn", "tests.bench.floor:app", "--port", str(port)),
        *("--http", "httptools", "--loop", "uvloop", "--lifespan", "off"),
        *("--no-access-log", "--log-level", "warning"),
        cwd=ROOT,
        env={**os.environ, "FLOOR_DSN": dsn, "FLOOR_SQL": sql},
    )
    try:
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.1)
            else:
                writer.close()
                break
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.terminate()
        await process.wait()
