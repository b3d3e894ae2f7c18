"""What a service publishes reaches every gateway's cache within two seconds, or nothing is sure."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta

import asyncpg
import pytest

from gateway.cache.announcements import Announcements
from gateway.watch import ANNOUNCE
from tests.gateway.doors import Opened, door
from tests.gateway.scripted import Scripted, scripted
from tests.gateway.test_cache import PATH, UNCHANGED, lasting
from tests.harness import Database

WITHIN_SECONDS = 2.0
WRITE = """
INSERT INTO {service}.change (entity, entity_id, kind, version, payload)
VALUES ($1, 'x', 'updated', 1, '{{}}')"""
LOGGED = """
INSERT INTO gateway.feed_entry (service, entity, entity_id, kind, version, at)
VALUES ('observatory', 'release', 'x', 'created', 1, now())"""


@pytest.fixture(scope="module")
async def upstream() -> AsyncIterator[Scripted]:
    async with scripted(lasting(), UNCHANGED) as one:
        yield one


@pytest.fixture(scope="module")
async def doors(
    upstream: Scripted, database: Database, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[list[Opened]]:
    """Give two gateways on one database."""
    folder = tmp_path_factory.mktemp("announcements")
    upstreams = dict.fromkeys(("training", "observatory", "diagnostic"), upstream.url)
    told = {"database_url": database.dsn("gateway")}
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(door(folder, upstreams, **told)) for _ in range(2)]


async def until_changed(gate: Opened, service: str, epoch: int) -> None:
    heard = gate.app.own.state.cache.announcements
    async with asyncio.timeout(WITHIN_SECONDS):
        while heard.epoch(service) == epoch:  # noqa: ASYNC110  # they have no event for it
            await asyncio.sleep(0.005)


@pytest.mark.parametrize(
    ("service", "entity"),
    [("training", "formation"), ("observatory", "release"), ("diagnostic", "opportunity")],
)
async def test_a_committed_change_is_heard_by_every_gateway(
    doors: list[Opened], database: Database, service: str, entity: str
) -> None:
    heard = [gate.app.own.state.cache.announcements for gate in doors]
    before = [one.epoch(service) for one in heard]
    connection = await asyncpg.connect(database.dsn(service))
    try:
        transaction = connection.transaction()
        await transaction.start()
        await connection.execute(WRITE.format(service=service), entity)
        await connection.fetchval("SELECT 1")
        assert [one.epoch(service) for one in heard] == before, "nothing before the commit"
        await transaction.commit()
        for gate, epoch in zip(doors, before, strict=True):
            await until_changed(gate, service, epoch)
    finally:
        await connection.close()


async def test_what_is_no_public_answer_is_not_announced(
    doors: list[Opened], database: Database
) -> None:
    heard = doors[0].app.own.state.cache.announcements
    before = heard.epoch("diagnostic")
    connection = await asyncpg.connect(database.dsn("diagnostic"))
    try:
        await connection.execute(WRITE.format(service="diagnostic"), "contribution")
        await connection.execute(WRITE.format(service="diagnostic"), "opportunity")
    finally:
        await connection.close()
    await until_changed(doors[0], "diagnostic", before)
    assert heard.epoch("diagnostic") == before + 1


async def test_what_only_the_log_of_changes_tells_is_known_to_every_gateway(
    doors: list[Opened], database: Database
) -> None:
    """As of a service whose announcements stay in a database of its own."""
    before = [gate.app.own.state.cache.announcements.epoch("observatory") for gate in doors]
    connection = await asyncpg.connect(database.admin_dsn)
    async with connection.transaction():
        await connection.execute(LOGGED)
        await connection.execute(ANNOUNCE)
    await connection.close()
    for gate, epoch in zip(doors, before, strict=True):
        await until_changed(gate, "observatory", epoch)


async def test_a_kept_answer_is_asked_for_again_after_a_change(
    doors: list[Opened], upstream: Scripted, database: Database
) -> None:
    gate = doors[0]
    heard = gate.app.own.state.cache.announcements
    upstream.received.clear()
    for _ in range(2):
        assert (await gate.http.get(PATH)).text == "hello"
    assert len(upstream.received) == 1, "we hear, so what is fresh is right"
    epoch = heard.epoch("training")
    connection = await asyncpg.connect(database.dsn("training"))
    await connection.execute(WRITE.format(service="training"), "formation")
    await connection.close()
    await until_changed(gate, "training", epoch)
    for _ in range(2):
        assert (await gate.http.get(PATH)).text == "hello"
    assert [one.header("if-none-match") for one in upstream.received] == [[], ['"1"']]


async def test_whoever_is_cut_off_is_sure_of_nothing(
    doors: list[Opened], database: Database
) -> None:
    heard = doors[1].app.own.state.cache.announcements
    assert heard.sure_until > asyncio.get_running_loop().time()
    connection = await asyncpg.connect(database.admin_dsn)
    await connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE application_name = 'vigie gateway watch'"
    )
    await connection.close()
    async with asyncio.timeout(WITHIN_SECONDS):
        while heard.sure_until > 0:  # noqa: ASYNC110  # likewise
            await asyncio.sleep(0.005)


class Deaf:
    """A connection through a pooler that keeps announcements to itself."""

    async def add_listener(self, *_: object) -> None: ...

    def add_termination_listener(self, *_: object) -> None: ...

    async def execute(self, *_: object) -> None: ...


async def test_whoever_does_not_hear_himself_is_sure_of_nothing() -> None:
    heard = Announcements(["training"], hear_within=0.01)
    now = asyncio.get_running_loop().time()
    await heard.look(Deaf(), timedelta(0))
    assert heard.sure_until < now
    assert heard.epoch("training") == 1, "a new connection: what was said before, nobody heard"
