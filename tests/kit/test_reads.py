"""The pool of hot reads: fair, bounded, read-only, and whole after anything."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import asyncpg
import pytest

from platformkit.reads import ReadPool
from tests.harness import Database
from tests.kit.conftest import Settings

SIZE = 3


@pytest.fixture
async def pool(probe_dsn: str) -> AsyncIterator[ReadPool]:
    settings = Settings.model_validate(
        {
            "database_url": probe_dsn,
            "secret_key": "",
            "trusted_issuers": {},
            "read_connections": SIZE,
        }
    )
    pool = ReadPool(settings, "pooltest")
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
    async with asyncio.timeout(5):
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
    await admin.execute("SELECT pg_terminate_backend($1)", pid)
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
        async with asyncio.timeout(3):
            with pytest.raises((OSError, asyncpg.PostgresError)):
                await pool.fetchval("n", "SELECT 1")


async def test_it_cannot_write(pool: ReadPool) -> None:
    with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
        await pool.fetch("write", "DELETE FROM probe.thing")
