"""One HTTP/1.1 connection to an upstream; it carries one exchange at a time."""

import asyncio
from collections.abc import Callable

from gateway.proxy.exchange import Exchange


class Connection(asyncio.Protocol):
    """A socket to the upstream; `on_idle_lost` and `on_finish` tell its pool what became of it."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        on_finish: Callable[["Connection", bool], None],
        on_idle_lost: Callable[["Connection"], None],
    ) -> None:
        self.loop = loop
        self._on_finish = on_finish
        self._on_idle_lost = on_idle_lost
        self._transport: asyncio.Transport | None = None
        self._exchange: Exchange | None = None
        self._room: asyncio.Future[None] | None = None
        self._blocked = False
        self._paused = False
        self.alive = False
        self.reused = False
        self.idle_since = 0.0

    # asyncio callbacks

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self._transport = transport  # type: ignore[assignment]  # loops give a Transport here
        self.alive = True

    def data_received(self, data: bytes) -> None:
        """Bytes without a request are nobody's answer: such a connection is not to be trusted."""
        if self._exchange is None:
            self.abort()
        else:
            self._exchange.feed(data)

    def eof_received(self) -> bool:
        """Let the transport close; `connection_lost` follows."""
        self.alive = False
        if self._exchange is not None:
            self._exchange.ended()
        return False

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  # asyncio's signature
        """Tell the exchange, or the pool when idle."""
        self.alive = False
        self._release_writer()
        if self._exchange is not None:
            self._exchange.ended()
        else:
            self._on_idle_lost(self)

    def pause_writing(self) -> None:
        """Make `drain` wait: the upstream reads slowly."""
        self._blocked = True

    def resume_writing(self) -> None:
        """Let the writer go on: the upstream caught up."""
        self._release_writer()

    # What an exchange and its sender do

    def begin(self, *, head_only: bool) -> Exchange:
        """Start an exchange; the connection carries no other until it is closed."""
        self._exchange = Exchange(self, head_only=head_only)
        return self._exchange

    def write(self, data: bytes) -> None:
        """Send bytes; a dead connection swallows them, the exchange then knows."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(data)

    async def drain(self) -> None:
        """Wait until the upstream takes more."""
        if self._blocked and self.alive:
            self._room = self.loop.create_future()
            await self._room

    def pause(self) -> None:
        """Stop reading: our client is slower than the upstream."""
        if self._transport is not None and not self._paused:
            self._paused = True
            self._transport.pause_reading()

    def resume(self) -> None:
        """Read again."""
        if self._paused:
            self._paused = False
            if self._transport is not None and not self._transport.is_closing():
                self._transport.resume_reading()

    def abort(self) -> None:
        """Close without a word; unsent bytes are dropped."""
        self.alive = False
        self._release_writer()
        if self._transport is not None:
            self._transport.abort()

    def finish(self, *, keep: bool) -> None:
        """End the exchange and go back to the pool, or to nowhere; the second call does nothing."""
        if self._exchange is None:
            return
        self._exchange = None
        keep = keep and self.alive
        if keep:
            self.resume()
        else:
            self.abort()
        self._on_finish(self, keep)

    def _release_writer(self) -> None:
        self._blocked = False
        if self._room is not None and not self._room.done():
            self._room.set_result(None)
