"""Writes what PostgreSQL copies out in the formats of the exports, in flat memory."""

import asyncio
from collections.abc import AsyncIterator, Callable

import orjson

from platformkit.copying import RAW
from training.offers.writing import TAIL, Version, head, written

Copy = Callable[..., AsyncIterator[bytes]]
"""`copied` with all but the options of COPY."""


async def json_lines(copy: Copy) -> AsyncIterator[bytes]:
    """Yield one JSON document per line."""
    async for piece in copy(**RAW):
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
    async for piece in copy(**RAW):
        *lines, rest = (rest + piece).split(b"\n")
        if lines:
            yield await asyncio.to_thread(_formations, lines, version)
    yield TAIL.encode()


def _formations(lines: list[bytes], version: Version) -> bytes:
    return "".join(written(orjson.loads(line), version) for line in lines).encode()
