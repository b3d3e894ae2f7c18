"""Bounded keep-alive pool of one upstream: the freshest connection first, waiters in order."""

import asyncio
from collections import deque
from urllib.parse import unquote, urlsplit

from gateway.proxy.connection import Connection
from gateway.proxy.exchange import UpstreamFailed


class Pool:
    """At most `size` connections; a waiter is handed the next one, or the right to open one.

    Giving back never awaits, so that a cancelled request cannot leak its place (finding F1).
    """

    def __init__(
        self,
        url: str,
        *,
        size: int,
        queue: int,
        connect_within: float,
        queue_within: float,
        idle_for: float,
    ) -> None:
        parts = urlsplit(url)
        self._unix = unquote(parts.netloc + parts.path) if parts.scheme == "unix" else None
        self._host = parts.hostname or "localhost"
        self._port = parts.port or 80
        self.authority = ("localhost" if self._unix else parts.netloc).encode()
        self._size = size
        self._queue = queue
        self._connect_within = connect_within
        self._queue_within = queue_within
        self._idle_for = idle_for
        self._open = 0
        self._idle: deque[Connection] = deque()
        self._waiters: deque[asyncio.Future[Connection | None]] = deque()

    async def acquire(self, deadline: float, *, fresh: bool = False) -> Connection:
        """Give a connection before the deadline (loop time), or fail with the reason."""
        loop = asyncio.get_running_loop()
        if fresh:
            self.close()
        if self.has_idle():
            return self.take()
        if self._open < self._size:
            self._open += 1
            return await self._connect(loop, deadline)
        if len(self._waiters) >= self._queue:
            raise UpstreamFailed("busy")
        handed = await self._wait(loop, min(deadline, loop.time() + self._queue_within))
        if handed is not None and handed.alive and not fresh:
            handed.reused = True
            return handed
        if handed is not None:
            handed.abort()
        return await self._connect(loop, deadline)

    def has_idle(self) -> bool:
        """Tell whether `take` gives one; those too old to be trusted are closed."""
        while self._idle:
            freshest = self._idle[-1]
            if freshest.alive and freshest.loop.time() - freshest.idle_since < self._idle_for:
                return True
            self._open -= 1
            self._idle.pop().abort()
        return False

    def take(self) -> Connection:
        """Give the freshest idle connection."""
        connection = self._idle.pop()
        connection.reused = True
        return connection

    async def _wait(self, loop: asyncio.AbstractEventLoop, deadline: float) -> Connection | None:
        place: asyncio.Future[Connection | None] = loop.create_future()
        self._waiters.append(place)
        try:
            async with asyncio.timeout_at(deadline):
                return await place
        except BaseException as error:
            if place.done() and not place.cancelled():
                self._pass_on(place.result())
            else:
                place.cancel()
            if isinstance(error, TimeoutError):
                raise UpstreamFailed("busy") from None
            raise

    async def _connect(self, loop: asyncio.AbstractEventLoop, deadline: float) -> Connection:
        connection = Connection(loop, self._finished, self._lost_idle)
        try:
            async with asyncio.timeout_at(min(deadline, loop.time() + self._connect_within)):
                if self._unix:
                    await loop.create_unix_connection(lambda: connection, self._unix)
                else:
                    await loop.create_connection(lambda: connection, self._host, self._port)
        except TimeoutError:
            self._drop(connection)
            raise UpstreamFailed("timeout") from None
        except OSError:
            self._drop(connection)
            raise UpstreamFailed("unreachable") from None
        except BaseException:
            self._drop(connection)
            raise
        return connection

    def _drop(self, connection: Connection) -> None:
        connection.abort()
        self._pass_on(None)

    def _pass_on(self, connection: Connection | None) -> None:
        """Hand a place to the first waiter still there; without one, keep or free it."""
        while self._waiters:
            waiter = self._waiters.popleft()
            if not waiter.done():
                waiter.set_result(connection)
                return
        if connection is None:
            self._open -= 1
        else:
            connection.idle_since = connection.loop.time()
            self._idle.append(connection)

    def _finished(self, connection: Connection, keep: bool) -> None:  # noqa: FBT001  # a callback
        self._pass_on(connection if keep else None)

    def _lost_idle(self, connection: Connection) -> None:
        try:
            self._idle.remove(connection)
        except ValueError:
            return
        self._open -= 1

    def close(self) -> None:
        """Close the idle connections; those in use close with their exchange."""
        while self._idle:
            self._open -= 1
            self._idle.pop().abort()

    @property
    def opened(self) -> int:
        """Places taken: in use, idle and connecting."""
        return self._open

    @property
    def in_use(self) -> int:
        """Places taken by a request."""
        return self._open - len(self._idle)

    @property
    def waiting(self) -> int:
        """Requests in the queue, those included that have just left it."""
        return len(self._waiters)
