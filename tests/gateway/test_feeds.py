"""The log of what changed in the services: gap-free, once, whoever reads and whatever dies."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from gateway.feeds import service as feeds
from gateway.feeds.entry import Entry
from gateway.feeds.follower import FeedUnreadable, Follower
from gateway.feeds.tail import Tail
from gateway.proxy.instance import Instance
from gateway.proxy.upstream import Upstream
from gateway.tokens.access import Verified
from platformkit.auth import Principal
from platformkit.db import transaction
from platformkit.reads import WritePool
from tests import harness
from tests.gateway.doors import UPSTREAM_KEY, door, served, settings_for
from tests.gateway.partners import sql, until
from tests.gateway.scripted import ok, scripted
from tests.harness import Database

SERVICE = "training"
READER = Principal("gateway", "gateway", "service:gateway", "", scopes=frozenset({"training:feed"}))

_PUBLISH = """
INSERT INTO training.change (entity, entity_id, kind, version, payload)
VALUES ('subject', $1, 'updated', $2, '{"title": "x"}')"""


@pytest.fixture(scope="module")
async def training(database: Database) -> AsyncIterator[str]:
    app = harness.application(database, SERVICE, trusted_issuers={"gateway": UPSTREAM_KEY})
    async with served(app) as url:
        yield url


class Feeds:
    """Two followers of one service, as in two gateways."""

    def __init__(self, database: Database, followers: Sequence[Follower]) -> None:
        self.database, self.followers = database, followers
        self.caller = Verified(READER, expires=float("inf"))

    async def read(self, follower: int = 0) -> None:
        await sql(self.database, "UPDATE gateway.feed SET asked_at = now() - interval '1 hour'")
        await self.followers[follower].read(SERVICE, self.caller)

    async def versions(self, subject: str) -> list[int]:
        rows = await sql(
            self.database,
            "SELECT version FROM gateway.feed_entry WHERE entity_id = $1 ORDER BY position",
            subject,
        )
        return [row["version"] for row in rows]


@asynccontextmanager
async def following(
    database: Database, folder: Path, url: str, **overrides: object
) -> AsyncIterator[Feeds]:
    told = {"database_url": database.dsn("gateway"), "feed_seconds": 0.01, **overrides}
    settings = settings_for(folder, {SERVICE: url}, **told)
    upstream, pool = Upstream([Instance(url)]), WritePool(settings, "gateway")
    try:
        yield Feeds(database, [Follower(settings, {SERVICE: upstream}, pool) for _ in range(2)])
    finally:
        upstream.close()
        await pool.close()


@pytest.fixture
async def both(database: Database, training: str, tmp_path: Path) -> AsyncIterator[Feeds]:
    async with following(database, tmp_path, training) as feeds:
        yield feeds


async def publish(database: Database, subject: str, *versions: int) -> None:
    for version in versions:
        await sql(database, _PUBLISH, subject, version)


async def test_a_change_that_commits_late_is_in_the_log_too(
    both: Feeds, database: Database
) -> None:
    subject = uuid4().hex
    await both.read()
    late = await asyncpg.connect(database.admin_dsn)
    slow = late.transaction()
    await slow.start()
    await late.execute(_PUBLISH, subject, 1)
    await publish(database, subject, 2)
    await both.read()
    assert await both.versions(subject) == []
    await slow.commit()
    await late.close()
    await both.read(1)
    assert await both.versions(subject) == [1, 2]


async def test_gateways_that_read_at_once_keep_each_change_once_and_in_order(
    both: Feeds, database: Database
) -> None:
    subject = uuid4().hex
    await both.read()
    for first in range(1, 40, 8):
        await publish(database, subject, *range(first, first + 8))
        await asyncio.gather(*(both.read(number) for number in (0, 1, 0, 1)))
    assert await both.versions(subject) == list(range(1, 41))


async def test_one_gateway_asks_while_the_others_wait(database: Database, tmp_path: Path) -> None:
    async with (
        scripted(ok(b'{"items":[],"next":"x","more":false}')) as upstream,
        following(database, tmp_path, upstream.url, feed_seconds=60) as feeds,
    ):
        await sql(database, "DELETE FROM gateway.feed")
        for follower in feeds.followers:
            await follower.read(SERVICE, feeds.caller)
        (asked,) = upstream.received
        assert asked.target.startswith("/v1/changes?updated_since=")
        assert asked.target.endswith("limit=1000&payloads=false")
        await sql(database, "DELETE FROM gateway.feed")


async def test_a_cursor_of_another_database_is_dropped_and_nothing_is_lost(
    both: Feeds, database: Database
) -> None:
    subject = uuid4().hex
    await both.read()
    await sql(database, "UPDATE gateway.feed SET cursor = 'AAAA'")
    await publish(database, subject, 1)
    for _ in range(2):
        await both.read()
    assert await both.versions(subject) == [1]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (ok(b"no JSON"), "invalid"),
        (ok(b'{"items":[{}],"next":"x","more":false}'), "invalid"),
        (ok(b'{"code":"scope-missing"}').replace(b"200 OK", b"403 Forbidden"), "scope-missing"),
        (ok(b"[]").replace(b"200 OK", b"500 Oh"), "status-500"),
        (ok(b"x" * 2_000_001), "invalid"),
    ],
)
async def test_a_feed_that_cannot_be_read_moves_no_cursor(
    database: Database, tmp_path: Path, answer: bytes, reason: str
) -> None:
    async with (
        scripted(answer) as upstream,
        following(database, tmp_path, upstream.url) as feeds,
    ):
        before = await sql(database, "SELECT cursor FROM gateway.feed")
        with pytest.raises(FeedUnreadable, match=reason):
            await feeds.read()
        after = await sql(database, "SELECT cursor FROM gateway.feed")
        assert [row for row in after if row["cursor"]] == [row for row in before if row["cursor"]]


async def test_a_service_that_was_down_is_read_again(database: Database, tmp_path: Path) -> None:
    page = b'{"items":[{"at":"2026-11-27T06:00:00Z","entity":"certification","entity_id":"%b",'
    page += b'"kind":"created","version":1,"payload":{}}],"next":"%b","more":false}'
    subject = uuid4().hex
    down = ok(b"").replace(b"200 OK", b"503 Down")
    async with (
        scripted(down, down, ok(page % (subject.encode(), subject.encode()))) as upstream,
        following(database, tmp_path, upstream.url) as feeds,
    ):
        await sql(database, "DELETE FROM gateway.feed")
        task = asyncio.create_task(feeds.followers[0].run())

        async def is_there() -> bool:
            return bool(await feeds.versions(subject))

        await until(is_there)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await sql(database, "DELETE FROM gateway.feed")


async def test_every_gateway_hears_of_every_change_within_seconds(
    database: Database, training: str, tmp_path: Path
) -> None:
    subject = uuid4().hex
    heard: list[list[Entry]] = [[], []]
    told = {"database_url": database.dsn("gateway")}
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    async with (
        door(tmp_path / "a", {SERVICE: training}, feed_seconds=0.05, **told) as first,
        door(tmp_path / "b", {SERVICE: training}, **told) as second,
    ):
        for gate, entries in zip((first, second), heard, strict=True):
            gate.app.own.state.tail.listeners.append(entries.extend)
        await publish(database, subject, 1, 2, 3)

        async def is_told() -> bool:
            found = [[one for one in entries if one.entity_id == subject] for entries in heard]
            return all([one.version for one in entries] == [1, 2, 3] for entries in found)

        await until(is_told)
    (one, *_) = [entry for entry in heard[1] if entry.entity_id == subject]
    assert (one.service, one.entity, one.kind) == (SERVICE, "subject", "updated")
    assert datetime.now(UTC) - one.at < timedelta(minutes=5)


async def test_a_tail_takes_a_long_log_in_pieces(database: Database) -> None:
    tail, heard = Tail(), list[Entry]()
    tail.listeners.append(heard.extend)
    connection = await asyncpg.connect(database.admin_dsn)
    await tail.look(connection, timedelta())
    await connection.execute(
        "INSERT INTO gateway.feed_entry (service, entity, entity_id, kind, version, at)"
        " SELECT 'x', 'long', n, 'created', n, now() FROM generate_series(1, 2000) n"
    )
    await tail.look(connection, timedelta())
    await connection.close()
    assert [one.version for one in heard if one.entity == "long"] == list(range(1, 2001))


async def test_the_log_keeps_thirty_days(both: Feeds, database: Database) -> None:
    await sql(
        database,
        "INSERT INTO gateway.feed_entry (service, entity, entity_id, kind, version, at, read_at)"
        " SELECT 'x', 'aged', days, 'created', days, now(), now() - days * interval '1 day'"
        " FROM unnest(ARRAY[29, 31]) days",
    )
    async with transaction(both.followers[0].settings, "gateway") as session:
        await feeds.forget(session, datetime.now(UTC))
    kept = await sql(database, "SELECT version FROM gateway.feed_entry WHERE entity = 'aged'")
    assert [row["version"] for row in kept] == [29]
