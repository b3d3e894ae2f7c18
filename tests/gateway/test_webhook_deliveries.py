"""What changes in a service reaches a receiver, whatever happens between (issue 6, item 7)."""

import asyncio
import json
import sys
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from gateway.webhooks.dispatcher import Dispatcher
from gateway.webhooks.sending import Sender
from platformkit.reads import ReadPool
from tests import harness
from tests.gateway.doors import UPSTREAM_KEY, door, served
from tests.gateway.hooks import Hooks, hooks, subject, verified
from tests.gateway.partners import sql, until
from tests.gateway.scripted import Received, Scripted, ok, scripted
from tests.harness import Database

WORKER = Path(__file__).with_name("webhook_worker.py")


@pytest.fixture
async def world(database: Database, tmp_path: Path) -> AsyncIterator[Hooks]:
    async with hooks(database, tmp_path) as world:
        yield world


@asynccontextmanager
async def delivering(world: Hooks) -> AsyncIterator[Dispatcher]:
    """Deliver as a gateway does."""
    reads = ReadPool(world.settings, "gateway")
    async with Sender(world.settings) as sender:
        dispatcher = Dispatcher(world.work, sender, reads)
        task = asyncio.create_task(dispatcher.run())
        try:
            yield dispatcher
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            await reads.close()


async def test_a_change_of_a_service_reaches_the_receiver_and_is_verified_there(
    database: Database, world: Hooks, tmp_path: Path
) -> None:
    """The whole way: service, feed, log, webhook, receiver, third-party library (S-B3)."""
    training = harness.application(database, "training", trusted_issuers={"gateway": UPSTREAM_KEY})
    told: dict[str, Any] = {
        "database_url": database.dsn("gateway"),
        "webhooks_local": True,
        "delivers_webhooks": True,
        "feed_seconds": 0.05,
        "issuer": "https://vigie.example",
    }
    one = subject()
    async with (
        served(training) as url,
        scripted(ok()) as receiver,
        door(tmp_path, {"training": url}, **told),
    ):
        _, secret = await world.add(receiver.url)
        await sql(
            database,
            "INSERT INTO training.change (entity, entity_id, kind, version, payload)"
            " VALUES ('certification', $1, 'updated', 3, '{}')",
            one,
        )

        async def is_there() -> bool:
            return any(one.encode() in got.body for got in receiver.received)

        await until(is_there)
    got = next(got for got in receiver.received if one.encode() in got.body)
    event = verified(secret, got)
    assert event["type"] == "training.certification.updated"
    assert got.header("webhook-id") == [f"evt_{event['data']['position']}"]
    assert event["data"] == {
        "id": one,
        "version": 3,
        "position": event["data"]["position"],
        "href": f"https://vigie.example/v1/training/certifications/{one}",
    }


async def test_a_receiver_that_is_slow_delays_nobody(world: Hooks) -> None:
    over = asyncio.Event()

    async def slow(_: Received, writer: asyncio.StreamWriter) -> None:
        await over.wait()
        writer.write(ok())

    async with scripted(slow) as hanging, scripted(ok()) as quick, delivering(world) as dispatcher:
        await world.add(hanging.url)
        await world.add(quick.url)
        for _ in range(30):
            await world.happen(subject(), 1)
        dispatcher.hear([])

        async def is_done() -> bool:
            return len(quick.received) == 30

        await until(is_done)
        assert 0 < len(hanging.received) <= 8
        over.set()

        async def is_over() -> bool:
            return len(hanging.received) == 30

        await until(is_over)


async def test_a_long_log_of_what_is_not_wanted_is_read_through_at_once(world: Hooks) -> None:
    async with scripted(ok()) as receiver:
        await world.add(receiver.url)
        await sql(
            world.database,
            "INSERT INTO gateway.feed_entry (service, entity, entity_id, kind, version, at)"
            " SELECT 'training', 'formation', n, 'created', 1, now()"
            " FROM generate_series(1, 12000) n",
        )
        await world.happen(subject(), 1)
        async with delivering(world):

            async def is_there() -> bool:
                return len(receiver.received) == 1

            await until(is_there)


async def test_what_is_refused_is_tried_again_and_the_same_to_the_byte(world: Hooks) -> None:
    refusals = [b"HTTP/1.1 500 Oh\r\ncontent-length: 0\r\n\r\n"] * 2
    async with scripted(*refusals, ok()) as receiver, delivering(world):
        webhook, secret = await world.add(receiver.url)
        await world.happen(subject(), 1)

        async def is_accepted() -> bool:
            await sql(
                world.database,
                "UPDATE gateway.webhook_delivery SET next_at = now() WHERE webhook_id = $1",
                webhook,
            )
            await sql(
                world.database, "UPDATE gateway.webhook SET due_at = now() WHERE id = $1", webhook
            )
            return await world.states(webhook) == ["delivered"]

        await until(is_accepted)
    first, *others = receiver.received
    assert len(others) == 2
    for other in others:
        assert (other.body, other.header("webhook-id")) == (first.body, first.header("webhook-id"))
        verified(secret, other)


async def test_a_gateway_that_is_stopped_lets_what_is_under_way_end(world: Hooks) -> None:
    begun, over = asyncio.Event(), asyncio.Event()

    async def slow(_: Received, writer: asyncio.StreamWriter) -> None:
        begun.set()
        await over.wait()
        writer.write(ok())

    async with scripted(slow) as receiver:
        webhook, _ = await world.add(receiver.url)
        await world.happen(subject(), 1)
        async with delivering(world):
            async with asyncio.timeout(30):
                await begun.wait()
            asyncio.get_running_loop().call_later(0.1, over.set)
        assert await world.states(webhook) == ["delivered"]


async def worker(world: Hooks) -> asyncio.subprocess.Process:
    """Start a gateway's deliveries in a process of their own, and wait until it works."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(WORKER), world.settings.database_url.get_secret_value(), stdout=-1
    )
    assert process.stdout is not None
    assert await process.stdout.readline() == b"ready\n"
    return process


class Killing:
    """A receiver that kills all gateways when so many more requests have come, unanswered."""

    def __init__(self) -> None:
        self.running: list[asyncio.subprocess.Process] = []
        self.left: int | None = None
        self.killed = asyncio.Event()

    async def answer(self, _: Received, writer: asyncio.StreamWriter) -> None:
        if self.left is not None:
            self.left -= 1
            if self.left == 0:
                for process in self.running:
                    process.kill()
                self.killed.set()
        if not self.killed.is_set():
            writer.write(ok())

    async def start(self, world: Hooks, count: int) -> None:
        self.killed.clear()
        self.running = [await worker(world) for _ in range(count)]

    async def dead(self) -> None:
        async with asyncio.timeout(30):
            await self.killed.wait()
        for process in self.running:
            await process.wait()


async def test_gateways_that_are_killed_with_events_under_way_lose_nothing(
    world: Hooks,
) -> None:
    """Kill -9: at least once, and of each subject no event before one that came earlier."""
    subjects, killing = [subject() for _ in range(6)], Killing()
    async with scripted(killing.answer) as receiver:
        await killing.start(world, 2)
        webhook, _ = await world.add(receiver.url)
        for first in (1, 11):
            killing.left = 20
            for one in subjects:
                await world.happen(one, *range(first, first + 10))
            await killing.dead()
            await killing.start(world, 1)

        async def is_done() -> bool:
            return await world.states(webhook) == ["delivered"] * 120

        async with asyncio.timeout(30):
            while not await is_done():  # noqa: ASYNC110  # a process of its own tells us nothing
                await asyncio.sleep(0.1)
        killing.running[0].kill()
        await killing.running[0].wait()
    came = order(receiver)
    assert sum(map(len, came.values())) > 120, "what was under way came again"
    for one in subjects:
        firsts = list(dict.fromkeys(came[one]))
        assert firsts == list(range(1, 21)), "each came, the first time in its order"


def order(receiver: Scripted) -> dict[str, list[int]]:
    """Give the versions of each subject as they came."""
    came: dict[str, list[int]] = defaultdict(list)
    for received in receiver.received:
        data = json.loads(received.body)["data"]
        came[data["id"]].append(data["version"])
    return came
