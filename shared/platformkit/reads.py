"""Hot statements: a small, fair pool of connections, read-only ones used outside transactions.

asyncpg's own pool starts a task at every release, wraps every connection and sends a reset query;
for a statement of a tenth of a millisecond that is most of the cost (docs/performance.md).
"""

import asyncio
from collections import Counter, deque
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext, suppress
from contextvars import Context
from typing import Annotated, Any

import asyncpg
from fastapi import Depends, Request
from opentelemetry.trace import SpanKind

from platformkit import telemetry
from platformkit.db import IDLE_MILLISECONDS, connect, is_away
from platformkit.errors import ProblemError
from platformkit.settings import ServiceSettings


class ReadPool:
    """Lends connections in the order of asking, as many as are allowed at once.

    A connection whose use ended in anything but a result, a refusal of ours or an error of the
    server is closed: nobody else may meet what a cancelled statement left on the wire.
    """

    errors = (asyncpg.PostgresError, asyncpg.InterfaceError)
    """What a read may raise beside OSError and TimeoutError."""

    def __init__(self, settings: ServiceSettings, service: str, **told: str) -> None:
        """`told` are settings of the server for these connections, beside the common ones."""
        self._settings = settings
        self._told = {
            "application_name": f"vigie {service} read",
            "default_transaction_read_only": "on",
            "jit": "off",  # compiling takes longer than any of these statements may
            **told,
        }
        self._free = settings.read_connections
        self._idle: list[asyncpg.Connection] = []
        self._lent: set[asyncpg.Connection] = set()
        self._waiting: deque[asyncio.Future[asyncpg.Connection | None]] = deque()

    async def fetch(self, name: str, sql: str, *arguments: object) -> list[asyncpg.Record]:
        """Return all rows; `name` is the statement's name in traces."""
        async with self.connection(name) as connection:
            rows: list[asyncpg.Record] = await connection.fetch(sql, *arguments)
            return rows

    async def fetchrow(self, name: str, sql: str, *arguments: object) -> asyncpg.Record | None:
        """Return the first row, or None."""
        async with self.connection(name) as connection:
            return await connection.fetchrow(sql, *arguments)

    async def fetchval(self, name: str, sql: str, *arguments: object) -> Any:  # noqa: ANN401  # a column of any type
        """Return the first column of the first row, or None."""
        async with self.connection(name) as connection:
            return await connection.fetchval(sql, *arguments)

    @asynccontextmanager
    async def connection(self, name: str) -> AsyncIterator[asyncpg.Connection]:
        """Lend a connection, for reads that stream; `name` as in `fetch`."""
        connection = await self._take()
        try:
            with _told(name):
                yield connection
        except (asyncpg.PostgresError, ProblemError):
            self._give(connection)
            raise
        except BaseException:
            connection.terminate()
            self._give(connection)
            raise
        self._give(connection)

    async def _take(self) -> asyncpg.Connection:
        connection = None
        if self._idle:
            connection = self._idle.pop()
        elif self._free:
            self._free -= 1
        else:
            connection = await self._turn()
        if connection is None or connection.is_closed():
            connection = await self._connect()
        self._lent.add(connection)
        return connection

    async def _turn(self) -> asyncpg.Connection | None:
        """Wait for a connection, or for the right to open one (None)."""
        turn = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            return await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():  # it came, and we left
                self._pass_on(turn.result())
            raise

    async def _connect(self) -> asyncpg.Connection:
        try:
            connection = await connect(self._settings, **self._told)
            await connection.set_type_codec(  # in binary, 0.2919 would be 0.29190000891685486
                "float4", schema="pg_catalog", encoder=str, decoder=float, format="text"
            )
        except BaseException:
            self._pass_on(None)
            raise
        return connection

    def _give(self, connection: asyncpg.Connection) -> None:
        self._lent.discard(connection)
        self._pass_on(None if connection.is_closed() else connection)

    def _pass_on(self, connection: asyncpg.Connection | None) -> None:
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(connection)
                return
        if connection is None:
            self._free += 1
        else:
            self._idle.append(connection)

    async def close(self) -> None:
        """Drop all connections, also those lent."""
        for connection in (*self._idle, *self._lent):
            connection.terminate()
        self._idle.clear()


def _told(name: str) -> AbstractContextManager[object]:
    """Return the span of a statement in the trace under way, if there is one."""
    trace = telemetry.current()
    if trace is None or trace.tracer is None:
        return nullcontext()
    return telemetry.span(
        name, SpanKind.CLIENT, {"db.system.name": "postgresql", "db.query.summary": name}
    )


_Asked = tuple[tuple[object, ...], asyncio.Future[asyncpg.Record]]
"""The arguments of a request that goes with others, and where its row is awaited."""

TOGETHER, TRIPS = 64, 2
"""How many requests one trip takes at most, and how many trips of a statement are under way."""


class WritePool(ReadPool):
    """Lends connections for the few writes that are hot: a transaction of plain statements each.

    The ORM's session costs five times as much (docs/performance.md); all other writes use it.
    """

    def __init__(self, settings: ServiceSettings, service: str) -> None:
        super().__init__(settings, service)
        self._told = {
            "application_name": f"vigie {service} hot write",
            "idle_in_transaction_session_timeout": IDLE_MILLISECONDS,
        }
        self._free = settings.write_connections
        self._asked: dict[str, deque[_Asked]] = {}
        self._under_way: Counter[str] = Counter()
        self._trips: set[asyncio.Task[None]] = set()

    async def together(self, name: str, sql: str, *arguments: object) -> asyncpg.Record:
        """Return the row that a statement gives for these arguments, beside those of others.

        The statement takes an array for each argument and returns a row for each place, in order.
        Whoever asks while enough trips of it are under way goes with the next one: they share its
        commit (decision 52). When it is refused, each goes alone; when the connection is lost it
        may be done, and nobody goes again.
        """
        mine = asyncio.get_running_loop().create_future()
        asked = self._asked.setdefault(sql, deque())
        asked.append((arguments, mine))
        if self._under_way[sql] < TRIPS:
            self._under_way[sql] += 1
            apart = Context()  # of no request: this serves many
            trip = asyncio.create_task(self._travel(name, sql, asked), context=apart)
            self._trips.add(trip)
            trip.add_done_callback(self._trips.discard)
        with _told(name):
            row: asyncpg.Record = await mine
            return row

    async def _travel(self, name: str, sql: str, asked: deque[_Asked]) -> None:
        while asked:
            fair = min(-(-len(asked) // TRIPS), TOGETHER)
            next_ones = [asked.popleft() for _ in range(fair)]
            on_board = [one for one in next_ones if not one[1].done()]  # who left is left
            try:
                if on_board:
                    await self._trip(name, sql, on_board)
            except asyncpg.PostgresError:  # of one of them: nothing is done yet
                for one in on_board:
                    if not one[1].done():  # else it went alone, and was told
                        with suppress(asyncpg.PostgresError):
                            await self._trip(name, sql, [one])
        self._under_way[sql] -= 1

    async def _trip(self, name: str, sql: str, asked: Sequence[_Asked]) -> None:
        """Answer all, also with what went wrong; raises what PostgreSQL refused it for."""
        try:
            columns = zip(*(arguments for arguments, _ in asked), strict=True)
            rows = await self.fetch(name, sql, *map(list, columns))
            answered = [(mine, row) for (_, mine), row in zip(asked, rows, strict=True)]
        except Exception as error:  # who waits is told, whatever it is
            refused = isinstance(error, asyncpg.PostgresError) and not is_away(error)
            for _, mine in asked:
                if not mine.done() and not (refused and len(asked) > 1):
                    mine.set_exception(error)
            if refused:
                raise
            return
        for mine, row in answered:
            if not mine.done():
                mine.set_result(row)

    @asynccontextmanager
    async def transaction(self, name: str) -> AsyncIterator[asyncpg.Connection]:
        """Commit what the block did at its end, or nothing when it raises."""
        async with self.connection(name) as connection, connection.transaction():
            yield connection


async def _writes(request: Request) -> WritePool:
    pool: WritePool = request.app.state.writes
    return pool


Writes = Annotated[WritePool, Depends(_writes)]
"""The service's pool for hot writes; not for routes that take a `Session` as well."""


async def _reads(request: Request) -> ReadPool:
    pool: ReadPool = request.app.state.reads
    return pool


Reads = Annotated[ReadPool, Depends(_reads)]
"""The service's pool for reads that need no transaction."""
