"""Answers that are made while they are sent, and files that are read before anything is held."""

import tempfile
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from typing import IO, Any

from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.types import Send


class Streamed(StreamingResponse):
    """Closes what it streams at its end, also when the reader has left or asked for the head only.

    Otherwise a connection lent to the stream would be lent until the garbage is collected.
    """

    async def stream_response(self, send: Send) -> None:
        """Send the pieces as they come."""
        pieces: Any = self.body_iterator
        async with aclosing(pieces):
            await super().stream_response(send)


async def begun(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Wait for the first piece, so that a failure before it is still an answer of its own."""
    first = await anext(pieces, b"")

    async def all_() -> AsyncIterator[bytes]:
        yield first
        async for piece in pieces:
            yield piece

    return all_()


@asynccontextmanager
async def received(request: Request) -> AsyncIterator[IO[bytes]]:
    """Read the body to a temporary file, to its end: whoever sends slowly holds nothing else."""
    with tempfile.TemporaryFile() as file:
        async for piece in request.stream():
            file.write(piece)
        file.seek(0)
        yield file


_PIECE_BYTES = 1 << 20


async def pieces_of(file: IO[bytes]) -> AsyncIterator[bytes]:
    """Give what is left of a file, a megabyte at a time."""
    while piece := file.read(_PIECE_BYTES):
        yield piece
