"""The client's side of a forwarded request: its body, and whether it is still there."""

import asyncio
from collections.abc import AsyncIterator

from starlette.types import Receive

from gateway.proxy.exchange import UpstreamFailed

_LATE_SECONDS = 0.05


class Departure:
    """Cancels the request's task when its client leaves.

    A task that listens for that costs more than a fast answer; it starts when the answer is late.
    """

    def __init__(self, receive: Receive, max_bytes: int) -> None:
        self._receive = receive
        self._max_bytes = max_bytes
        self._loop = asyncio.get_running_loop()
        self._served = asyncio.current_task()
        self._reading = False
        self._listener: asyncio.Task[None] | None = None
        self._timer = self._loop.call_later(_LATE_SECONDS, self._listen)
        self.happened = False
        self.oversized = False

    async def body(self) -> AsyncIterator[bytes]:
        """Give the request body as it comes; leaving in the middle ends the exchange."""
        self._reading = True
        passed = 0
        more = True
        while more:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                self.happened = True
                raise UpstreamFailed("departed")
            piece = message.get("body", b"")
            more = message.get("more_body", False)
            passed += len(piece)
            if passed > self._max_bytes:
                self.oversized = True
                raise UpstreamFailed("departed")
            yield piece
        self._reading = False

    def stop(self) -> None:
        """Listen no more; the answer is there or the request is over."""
        self._timer.cancel()
        if self._listener is not None:
            self._listener.cancel()

    def _listen(self) -> None:
        if self._reading:  # the body's reader will see the client leave
            self._timer = self._loop.call_later(_LATE_SECONDS, self._listen)
        else:
            self._listener = self._loop.create_task(self._until_gone())

    async def _until_gone(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self.happened = True
        if self._served is not None:
            self._served.cancel()
