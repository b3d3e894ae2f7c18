"""Streams what PostgreSQL copies out, in flat memory: the server waits for whoever reads."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from typing import Any, Final

import asyncpg

from platformkit.reads import ReadPool

LONGEST_SECONDS: Final = 3_600.0
"""Of one copy; a reader slower than that begins anew."""

RAW: Final = {"format": "csv", "delimiter": "\x02", "quote": "\x01"}
"""For JSON documents, one per line: COPY's text format would double their backslashes, and JSON
never holds these two characters as such."""

_PIECES: Final = 16
"""Of some kilobytes each; those that wait are passed on together, which spares a slow way."""


_SET = "SELECT set_config(key, value, true) FROM unnest($1::text[], $2::text[]) AS s (key, value)"


async def copied(
    pool: ReadPool,
    sql: str,
    *arguments: object,
    planned: Mapping[str, str] | None = None,
    **options: Any,  # noqa: ANN401  # of COPY
) -> AsyncIterator[bytes]:
    """Yield the pieces of a COPY as the server sends them, on a connection of its own.

    `planned` are settings of the server for this statement only.
    """
    pieces: asyncio.Queue[bytes | None] = asyncio.Queue(_PIECES)

    async def copy(connection: asyncpg.Connection) -> None:
        try:
            async with connection.transaction() if planned else contextlib.nullcontext():
                if planned:
                    await connection.execute(_SET, list(planned), list(planned.values()))
                await connection.copy_from_query(
                    sql, *arguments, output=pieces.put, timeout=LONGEST_SECONDS, **options
                )
        except asyncio.CancelledError:
            raise
        except BaseException:
            await pieces.put(None)
            raise
        await pieces.put(None)

    async with pool.connection("copy") as connection:
        work = asyncio.create_task(copy(connection))
        try:
            is_over = False
            while not is_over:
                ready = [await pieces.get()]
                while not pieces.empty():
                    ready.append(pieces.get_nowait())
                is_over = ready[-1] is None
                if found := b"".join(piece for piece in ready if piece is not None):
                    yield found
            await work
        finally:
            work.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await work
