"""The least that an HTTP server in Python can do for a statement: uvicorn, asyncpg, no framework.

`FLOOR_DSN` and `FLOOR_SQL`; any path is answered with the rows of the statement as CSV.
"""

import os
from typing import Any

import asyncpg
from starlette.types import Receive, Scope, Send

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
