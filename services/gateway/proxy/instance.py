"""HTTP/1.1 client of one address: streams both ways, bounded in time, safe under cancellation."""

from collections.abc import AsyncIterator
from typing import Final, NamedTuple

from gateway.proxy.connection import Connection
from gateway.proxy.exchange import Exchange, UpstreamFailed
from gateway.proxy.pool import Pool

_WITH_BODY: Final = frozenset({"POST", "PUT", "PATCH"})
IDEMPOTENT = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE", "TRACE"})


class Request(NamedTuple):
    """What goes to the upstream; `deadline` is in loop time, `length` None means chunked."""

    method: str
    target: bytes
    lines: bytes
    """Headers, each as a line with its end."""

    deadline: float
    body: AsyncIterator[bytes] | None = None
    length: int | None = None


class Instance:
    """One process of a service, reached by `http://host:port` or `unix:///path`."""

    def __init__(
        self,
        url: str,
        *,
        size: int = 64,
        queue: int = 1024,
        connect_within: float = 1.0,
        queue_within: float = 5.0,
        idle_for: float = 4.0,
        first_byte_within: float = 30.0,
    ) -> None:
        self._pool = Pool(
            url,
            size=size,
            queue=queue,
            connect_within=connect_within,
            queue_within=queue_within,
            idle_for=idle_for,
        )
        self._first_byte_within = first_byte_within
        self.connect_within = connect_within
        self.address = url

    @property
    def is_ready(self) -> bool:
        """Tell whether a request can be sent at once, on a connection that is idle."""
        return self._pool.has_idle()

    def ask(self, request: Request) -> Connection:
        """Send a request without body at once; `hear` is for the same turn of the loop."""
        connection = self._pool.take()
        self._write(connection, request)
        return connection

    async def send(self, request: Request, exchange: Exchange | None = None) -> Exchange:
        """Send and wait for the answer's head; retries once what a stale connection swallowed.

        Only a request without body and idempotent is sent twice, and only when no byte came back.
        One that was begun goes on by its `exchange`.
        """
        repeatable = request.body is None and request.method in IDEMPOTENT
        try:
            if exchange is not None:
                return await self._headed(exchange, request)
            return await self._exchange(await self._pool.acquire(request.deadline), request)
        except UpstreamFailed as failure:
            if not (failure.stale and repeatable):
                raise
        connection = await self._pool.acquire(request.deadline, fresh=True)
        return await self._exchange(connection, request)

    async def _exchange(self, connection: Connection, request: Request) -> Exchange:
        self._write(connection, request)
        return await self._headed(self.hear(connection, request), request)

    def _write(self, connection: Connection, request: Request) -> None:
        connection.write(_head(request, self._pool.authority))

    def hear(self, connection: Connection, request: Request) -> Exchange:
        """Begin to hear the answer to what was just sent; what was asked goes on with `send`."""
        exchange = connection.begin(head_only=request.method == "HEAD")
        if request.body is None:
            exchange.sent = True
            self._expect_head(connection, exchange, request)
        else:
            exchange.expire_at(request.deadline)
            exchange.uploading(
                connection.loop.create_task(self._upload(connection, exchange, request))
            )
        if not connection.alive:
            exchange.ended()
        return exchange

    async def _headed(self, exchange: Exchange, request: Request) -> Exchange:
        try:
            await exchange.headed()
            exchange.expire_at(request.deadline)
        except UpstreamFailed as failure:
            failure.asked = exchange.sent
            failure.begun = True
            exchange.close()
            raise
        except BaseException:
            exchange.close()
            raise
        return exchange

    def _expect_head(self, connection: Connection, exchange: Exchange, request: Request) -> None:
        exchange.expire_at(min(request.deadline, connection.loop.time() + self._first_byte_within))

    async def _upload(self, connection: Connection, exchange: Exchange, request: Request) -> None:
        """Send the body at the upstream's pace; a source that fails ends the exchange."""
        chunked = request.length is None
        body = request.body
        if body is None:
            return
        try:
            async for piece in body:
                if not piece:
                    continue
                connection.write(b"%x\r\n%b\r\n" % (len(piece), piece) if chunked else piece)
                await connection.drain()
                if not connection.alive:
                    return
            if chunked:
                connection.write(b"0\r\n\r\n")
            exchange.sent = True
            if not exchange.head_done:
                self._expect_head(connection, exchange, request)
        except UpstreamFailed as failure:
            exchange.fail(failure.reason)
        except Exception:  # noqa: BLE001  # whatever stops the source, the upstream must not wait
            exchange.fail("departed")

    def close(self) -> None:
        """Close idle connections."""
        self._pool.close()

    @property
    def opened(self) -> int:
        """Connections open now, used or idle."""
        return self._pool.opened

    @property
    def in_use(self) -> int:
        """Requests on their way."""
        return self._pool.in_use

    @property
    def waiting(self) -> int:
        """Requests that wait for a connection."""
        return self._pool.waiting


def _head(request: Request, authority: bytes) -> bytes:
    method, target, lines, *_ = request
    framing = b""
    if request.body is not None:
        if request.length is None:
            framing = b"transfer-encoding: chunked\r\n"
        else:
            framing = b"content-length: %d\r\n" % request.length
    elif method in _WITH_BODY:
        framing = b"content-length: 0\r\n"
    told = (method.encode(), target, authority, lines, framing)
    return b"%b %b HTTP/1.1\r\nhost: %b\r\n%b%b\r\n" % told
