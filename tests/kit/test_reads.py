"""The pools of hot statements: fair, bounded, and whole after anything."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from platformkit.errors import Conflict
from platformkit.reads import TRIPS, ReadPool, WritePool
from tests.harness import Database
from tests.kit.conftest import Settings

SIZE = 3


@pytest.fixture
def settings(probe_dsn: str) -> Settings:
    return Settings.model_validate(
        {
            "database_url": probe_dsn,
            "secret_key": "",
            "trusted_issuers": {},
            "read_connections": SIZE,
            "write_connections": 1,
        }
    )


@pytest.fixture
async def pool(settings: Settings) -> AsyncIterator[ReadPool]:
    pool = ReadPool(settings, "pooltest")
    yield pool
    await pool.close()


@pytest.fixture
async def writes(settings: Settings) -> AsyncIterator[WritePool]:
    """Give a pool of one connection: whatever befalls it befalls the next one too."""
    pool = WritePool(settings, "pooltest")
    yield pool
    await pool.close()


async def sessions(database: Database) -> int:
    connection = await asyncpg.connect(database.admin_dsn)
    found: int = await connection.fetchval(
        "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'vigie pooltest read'"
    )
    await connection.close()
    return found


async def test_it_never_opens_more_than_it_may(pool: ReadPool, database: Database) -> None:
    results = await asyncio.gather(
        *(pool.fetchval("n", "SELECT $1::int FROM pg_sleep(0.01)", n) for n in range(30))
    )
    assert results == list(range(30))
    assert await sessions(database) == SIZE


async def test_those_who_wait_are_served_in_their_order(pool: ReadPool) -> None:
    served: list[int] = []

    async def ask(number: int) -> None:
        await pool.fetchval("n", "SELECT pg_sleep(0.01)")
        served.append(number)

    async with pool.connection("a"), pool.connection("b"):  # one is left: strictly one by one
        await asyncio.gather(*(ask(number) for number in range(8)))
    assert served == list(range(8))


async def test_a_storm_of_cancelled_reads_leaves_it_whole(
    pool: ReadPool, database: Database
) -> None:
    async def hurried() -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(0.005):
                await pool.fetchval("slow", "SELECT pg_sleep(1)")

    for _ in range(20):
        await asyncio.gather(*(hurried() for _ in range(20)))
    async with asyncio.timeout(30):
        results = await asyncio.gather(
            *(pool.fetchval("n", "SELECT $1::int", n) for n in range(20))
        )
    assert results == list(range(20))


async def test_an_error_of_the_server_keeps_the_connection(
    pool: ReadPool, database: Database
) -> None:
    before = await pool.fetchval("pid", "SELECT pg_backend_pid()")
    with pytest.raises(asyncpg.UndefinedTableError):
        await pool.fetch("bad", "SELECT * FROM nothing")
    assert await pool.fetchval("pid", "SELECT pg_backend_pid()") == before


async def test_a_connection_that_the_server_ended_is_replaced(
    pool: ReadPool, database: Database
) -> None:
    pid = await pool.fetchval("pid", "SELECT pg_backend_pid()")
    admin = await asyncpg.connect(database.admin_dsn)
    assert await admin.fetchval("SELECT pg_terminate_backend($1, 30000)", pid)  # and it is gone
    await admin.close()
    await asyncio.sleep(0.1)
    assert await pool.fetchval("pid", "SELECT pg_backend_pid()") != pid


async def test_a_database_that_is_away_does_not_use_the_pool_up(database: Database) -> None:
    settings = Settings.model_validate(
        {
            "database_url": "postgresql://nobody@/none?host=/nowhere",
            "secret_key": "",
            "trusted_issuers": {},
            "read_connections": 1,
        }
    )
    pool = ReadPool(settings, "pooltest")
    for _ in range(5):
        async with asyncio.timeout(10):
            with pytest.raises((OSError, asyncpg.PostgresError)):
                await pool.fetchval("n", "SELECT 1")


async def test_it_cannot_write(pool: ReadPool) -> None:
    with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
        await pool.fetch("write", "DELETE FROM probe.thing")


_LOCK = "SELECT pg_advisory_xact_lock(20260126)"
_FREE = "SELECT pg_try_advisory_xact_lock(20260126)"


async def test_a_write_is_one_transaction(writes: WritePool, pool: ReadPool) -> None:
    async with writes.transaction("hold") as connection:
        await connection.execute(_LOCK)
        assert not await pool.fetchval("free", _FREE)
    assert await pool.fetchval("free", _FREE)


async def refused(writes: WritePool) -> None:
    async with writes.transaction("refuse") as connection:
        await connection.execute(_LOCK)
        raise Conflict


async def test_a_refusal_takes_the_write_back_and_keeps_the_connection(
    writes: WritePool, pool: ReadPool
) -> None:
    before = await writes.fetchval("pid", "SELECT pg_backend_pid()")
    with pytest.raises(Conflict):
        await refused(writes)
    assert await pool.fetchval("free", _FREE)
    assert await writes.fetchval("pid", "SELECT pg_backend_pid()") == before


async def stuck(writes: WritePool) -> None:
    async with asyncio.timeout(0.5), writes.transaction("slow") as connection:
        await connection.execute(_LOCK)
        await connection.execute("SELECT pg_sleep(60)")


async def test_a_write_that_is_cancelled_leaves_nothing_behind(writes: WritePool) -> None:
    with pytest.raises(TimeoutError):
        await stuck(writes)
    async with asyncio.timeout(30), writes.transaction("again") as connection:
        await connection.execute(_LOCK)


_DIVIDE = (
    "SELECT 12 / n AS share, pg_sleep(0.02) FROM unnest($1::int[]) WITH ORDINALITY AS a (n, i)"
)


class _Counted(WritePool):
    """Keeps how many went on each trip."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings, "pooltest")
        self.trips: list[int] = []

    async def fetch(self, name: str, sql: str, *arguments: Any) -> list[asyncpg.Record]:
        self.trips.append(len(arguments[0]))
        return await super().fetch(name, sql, *arguments)


async def test_those_who_come_meanwhile_share_a_trip(settings: Settings) -> None:
    pool = _Counted(settings)
    rows = await asyncio.gather(*(pool.together("divide", _DIVIDE, n) for n in (1, 2, 3, 4, 6, 12)))
    assert [row["share"] for row in rows] == [12, 6, 4, 3, 2, 1]
    assert len(pool.trips) < len(rows)
    assert sum(pool.trips) == len(rows)
    assert (await pool.together("divide", _DIVIDE, 5))["share"] == 2  # the way is free again
    await pool.close()


async def test_one_of_a_trip_that_fails_fails_alone(writes: WritePool) -> None:
    rows = await asyncio.gather(
        *(writes.together("divide", _DIVIDE, n) for n in (1, 2, 0, 4)), return_exceptions=True
    )
    assert isinstance(rows[2], asyncpg.DivisionByZeroError)
    assert [row["share"] for row in rows if isinstance(row, asyncpg.Record)] == [12, 6, 3]


async def test_who_was_told_of_a_failure_is_not_tried_again(settings: Settings) -> None:
    pool = _Counted(settings)
    with pytest.raises(asyncpg.DivisionByZeroError):
        await pool.together("divide", _DIVIDE, 0)
    assert (await pool.together("divide", _DIVIDE, 5))["share"] == 2
    assert pool.trips == [1, 1]
    await pool.close()


async def test_who_left_before_the_trip_is_not_taken_along(writes: WritePool) -> None:
    under_way = [asyncio.create_task(writes.together("divide", _DIVIDE, 1)) for _ in range(3)]
    await asyncio.sleep(0)
    late = asyncio.create_task(writes.together("divide", _DIVIDE, 0))  # which would fail
    await asyncio.sleep(0)
    late.cancel()
    assert [row["share"] for row in await asyncio.gather(*under_way)] == [12, 12, 12]
    assert (await writes.together("divide", _DIVIDE, 3))["share"] == 4


async def test_a_lost_connection_is_told_to_all_of_a_trip(writes: WritePool) -> None:
    ends = "SELECT pg_terminate_backend(pg_backend_pid()), n FROM unnest($1::int[]) n"
    rows = await asyncio.gather(
        *(writes.together("end", ends, n) for n in range(3)), return_exceptions=True
    )
    assert all(isinstance(row, (*writes.errors, OSError)) for row in rows)
    assert (await writes.together("divide", _DIVIDE, 3))["share"] == 4


async def test_what_may_have_been_done_is_not_done_again(settings: Settings) -> None:
    """A connection that is lost in the middle does not tell whether its trip was committed."""
    pool = _Counted(settings)
    ends = "SELECT pg_terminate_backend(pg_backend_pid()), n FROM unnest($1::int[]) n"
    rows = await asyncio.gather(
        *(pool.together("end", ends, n) for n in range(6)), return_exceptions=True
    )
    assert all(isinstance(row, (*pool.errors, OSError)) for row in rows)
    assert sum(pool.trips) == len(rows)
    await pool.close()


async def test_who_gets_no_row_is_told_and_keeps_nobody_waiting(writes: WritePool) -> None:
    some = "SELECT n FROM unnest($1::int[]) n WHERE n > 0"
    async with asyncio.timeout(30):
        for _ in range(TRIPS):
            with pytest.raises(ValueError, match="zip"):
                await writes.together("some", some, 0)
        assert (await writes.together("some", some, 1))["n"] == 1
