"""One request and its answer on one upstream connection: parsing, back-pressure, failure."""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Literal, Protocol, Self

import httptools

Reason = Literal["busy", "unreachable", "timeout", "invalid", "truncated", "departed", "resting"]

HIGH_WATER = 256 * 1024
MAX_HEAD = 64 * 1024
_FRAMING = frozenset({b"connection", b"content-length", b"transfer-encoding"})
BODILESS = frozenset({204, 304})


class Channel(Protocol):
    """What an exchange asks of the connection that carries it."""

    loop: asyncio.AbstractEventLoop
    reused: bool

    def abort(self) -> None:
        """Close at once."""

    def pause(self) -> None:
        """Stop reading."""

    def resume(self) -> None:
        """Read again."""

    def finish(self, *, keep: bool) -> None:
        """End the exchange; keep the connection or not."""


class UpstreamFailed(Exception):
    """No usable answer came; `stale` marks a kept connection that died before its first byte.

    `begun` tells whether anything may have been sent, `asked` whether the whole request was,
    `blamed` whether the service is at fault;
    `retry_after` is when asking again makes sense, in seconds, 0 where that is not known.
    """

    def __init__(self, reason: Reason, *, stale: bool = False, retry_after: float = 0.0) -> None:
        super().__init__(reason)
        self.reason: Reason = reason
        self.stale = stale
        self.begun = False
        self.asked = False
        self.blamed = False
        self.retry_after = retry_after

    @property
    def is_refusal(self) -> bool:
        """Tell whether there was no connection to send anything on."""
        return not self.begun and self.reason in {"unreachable", "timeout"}


class Exchange:
    """The answer to one request; the holder must `close()` it, whatever happened."""

    __slots__ = (
        "_chunks",
        "_close_after",
        "_connection",
        "_framed",
        "_head_only",
        "_head_size",
        "_interim",
        "_size",
        "_stray",
        "_task",
        "_timer",
        "_waiter",
        "complete",
        "failure",
        "head_done",
        "headers",
        "listener",
        "parser",
        "sent",
        "status",
        "touched",
    )

    def __init__(self, connection: Channel, *, head_only: bool) -> None:
        self._connection = connection
        self._chunks: deque[bytes] = deque()
        self._size = 0
        self._waiter: asyncio.Future[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._task: asyncio.Task[None] | None = None
        self._head_only = head_only
        self._head_size = 0
        self._interim = False
        self._framed = False
        self._close_after = False
        self._stray = False
        self.status = 0
        self.headers: list[tuple[bytes, bytes]] = []
        self.head_done = False
        self.complete = False
        self.sent = False
        self.touched = False
        self.failure: UpstreamFailed | None = None
        self.listener: Callable[[], None] | None = None
        """Told of all that happens, instead of a holder that awaits it."""

        self.parser = httptools.HttpResponseParser(self)

    # What the connection tells us

    def feed(self, data: bytes) -> None:
        """Parse bytes from the upstream; whatever is not HTTP/1.1 fails the exchange."""
        self.touched = True
        if self.failure is not None:
            return
        try:
            self.parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            if self.complete:
                self._stray = True
                self._wake()  # what came before may have come with it
            else:
                self.fail("invalid")
            return
        if not self.head_done:
            self._head_size += len(data)
            if self._head_size > MAX_HEAD:
                self.fail("invalid")
                return
        elif self._size > HIGH_WATER:
            self._connection.pause()
        self._wake()

    def ended(self) -> None:
        """Take the end of the stream: it ends an unframed body, anything else is truncated."""
        if self.complete or self.failure is not None:
            return
        if self.head_done and not self._framed:
            self._close_after = True
            self.complete = True
            self._wake()
        elif self.touched:
            self.fail("truncated")
        else:
            self.fail("truncated", stale=self._connection.reused)

    def fail(self, reason: Reason, *, stale: bool = False) -> None:
        """End the exchange with an error; the connection is never used again."""
        if self.complete or self.failure is not None:
            return
        self.failure = UpstreamFailed(reason, stale=stale)
        self._connection.abort()
        self._wake()

    # httptools callbacks

    def on_message_begin(self) -> None:
        """Note a second message on one request: a stray one, the connection is not kept."""
        if self.complete:
            self._stray = True

    def on_header(self, name: bytes, value: bytes) -> None:
        """Collect the head; trailers are dropped."""
        if self.head_done:
            return
        name = name.lower()
        if name in _FRAMING:
            self._frame(name, value.lower())
        if b"\x7f" in value:
            raise ValueError(value)
        self.headers.append((name, value))

    def _frame(self, name: bytes, value: bytes) -> None:
        if name == b"connection":
            self._close_after = self._close_after or b"close" in value
        else:
            self._framed = True
            if name == b"transfer-encoding" and value != b"chunked":
                raise ValueError(value)

    def on_headers_complete(self) -> None:
        """Skip 1xx; settle the framing that the parser cannot know (HEAD)."""
        if self.complete:
            return
        status = self.parser.get_status_code()
        version = self.parser.get_http_version()
        if status < 200 and status >= 100:  # noqa: PLR2004  # HTTP's classes
            self._interim = True
            self.headers = []
            return
        if not 200 <= status <= 599 or version not in {"1.0", "1.1"}:  # noqa: PLR2004  # likewise
            raise ValueError(status)
        self.status = status
        self._close_after = self._close_after or version == "1.0"
        self.head_done = True
        if self._head_only or status in BODILESS:
            self.complete = True

    def on_body(self, data: bytes) -> None:
        """Queue a piece of the body; bytes after the end spoil the connection."""
        if self.complete:
            self._stray = True
            return
        self._chunks.append(data)
        self._size += len(data)

    def on_message_complete(self) -> None:
        """Note the end, unless it is a 1xx that ends."""
        if self._interim:
            self._interim = False
        else:
            self.complete = True

    # What the holder does

    async def headed(self) -> None:
        """Wait for status and headers."""
        while not self.head_done:
            await self._progress()

    async def chunk(self) -> bytes | None:
        """Give the next bytes of the body, all that is here; None at its end."""
        while not self._chunks:
            if self.complete:
                return None
            await self._progress()
        data = self._chunks.popleft() if len(self._chunks) == 1 else b"".join(self._chunks)
        self._chunks.clear()
        self._size = 0
        self._connection.resume()
        return data

    @property
    def drained(self) -> bool:
        """Tell whether all of the answer has been given out."""
        return self.complete and not self._chunks

    async def read(self, limit: int) -> bytes:
        """Give the whole body; more than `limit` bytes is an invalid answer."""
        parts: list[bytes] = []
        size = 0
        while (piece := await self.chunk()) is not None:
            size += len(piece)
            if size > limit:
                self._stray = True
                raise UpstreamFailed("invalid")
            parts.append(piece)
        return b"".join(parts)

    def awaits_more(self, most: int) -> bool:
        """Tell whether it is not whole yet, and has not `most` bytes of body already."""
        return not self.complete and self._size < most

    def taken(self) -> bytes:
        """Give the rest of a body that is complete."""
        data = b"".join(self._chunks)
        self._chunks.clear()
        return data

    def expire_at(self, when: float) -> None:
        """Fail with `timeout` at this loop time, unless complete; replaces the earlier limit."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if not self.complete:
            self._timer = self._connection.loop.call_at(when, self.fail, "timeout")

    def uploading(self, task: asyncio.Task[None]) -> None:
        """Tie the task that sends the request body to this exchange."""
        self._task = task

    def close(self) -> None:
        """Give the connection back: kept when both messages are whole, closed otherwise."""
        if self._timer is not None:
            self._timer.cancel()
        if self._task is not None and not self._task.done():
            self._task.cancel()
        whole = self.complete and self.sent and not self._stray and self.failure is None
        self._connection.finish(keep=whole and not self._close_after)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _wake(self) -> None:
        if self.listener is not None:
            self.listener()
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    async def _progress(self) -> None:
        if self.failure is not None:
            raise self.failure
        self._waiter = self._connection.loop.create_future()
        await self._waiter
