"""Answers that are made while they are sent, and let go of what they hold when nobody reads on."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

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
