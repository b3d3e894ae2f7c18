"""Streams what PostgreSQL copies out, in flat memory: the server waits for whoever reads."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from typing import Any, Final

import asyncpg
import orjson

from platformkit.reads import ReadPool
from training.offers.writing import TAIL, Version, head, written

LONGEST_SECONDS: Final = 3_600.0
"""Of one export; a reader slower than that begins anew."""

_PIECES: Final = 4
_RAW: Final = {"format": "csv", "delimiter": "\x02", "quote": "\x01"}
"""COPY's text format would double the backslashes of JSON, which never holds these two as such."""


Copy = Callable[..., AsyncIterator[bytes]]
"""`copied` with all but the options of COPY."""


async def copied(
    pool: ReadPool,
    sql: str,
    argument: object,
    **options: Any,  # noqa: ANN401  # of COPY
) -> AsyncIterator[bytes]:
    """Yield the pieces of a COPY as the server sends them, on a connection of its own."""
    pieces: asyncio.Queue[bytes | None] = asyncio.Queue(_PIECES)

    async def copy(connection: asyncpg.Connection) -> None:
        try:
            await connection.copy_from_query(
                sql, argument, output=pieces.put, timeout=LONGEST_SECONDS, **options
            )
        except asyncio.CancelledError:
            raise
        except BaseException:
            await pieces.put(None)
            raise
        await pieces.put(None)

    async with pool.connection("export") as connection:
        work = asyncio.create_task(copy(connection))
        try:
            while (piece := await pieces.get()) is not None:
                yield bytes(piece)
            await work
        finally:
            work.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await work


async def json_lines(copy: Copy) -> AsyncIterator[bytes]:
    """Yield one JSON document per line."""
    async for piece in copy(**_RAW):
        yield piece


async def csv(copy: Copy) -> AsyncIterator[bytes]:
    """Yield a table as RFC 4180 has it, with `;` for the spreadsheets of France."""
    async for piece in copy(format="csv", delimiter=";", header=True):
        yield piece.replace(b"\n", b"\r\n")


async def marked_csv(copy: Copy) -> AsyncIterator[bytes]:
    """Yield it behind a byte order mark, by which spreadsheets know UTF-8."""
    yield b"\xef\xbb\xbf"
    async for piece in csv(copy):
        yield piece


async def lheo(copy: Copy, version: Version) -> AsyncIterator[bytes]:
    """Yield the documents as LHÉO; writing one piece is a thread's work."""
    yield head(version).encode()
    rest = b""
    async for piece in copy(**_RAW):
        *lines, rest = (rest + piece).split(b"\n")
        if lines:
            yield await asyncio.to_thread(_formations, lines, version)
    yield TAIL.encode()


def _formations(lines: list[bytes], version: Version) -> bytes:
    return "".join(written(orjson.loads(line), version) for line in lines).encode()


async def begun(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Wait for the first piece, so that a failure before it is still an answer of its own."""
    first = await anext(pieces, b"")

    async def all_() -> AsyncIterator[bytes]:
        yield first
        async for piece in pieces:
            yield piece

    return all_()
