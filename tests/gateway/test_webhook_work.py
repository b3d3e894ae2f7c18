"""Turns of webhooks, at instants of our choice: claimed, tried again, given up, disabled."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from gateway.feeds import service as feeds
from gateway.webhooks import beside
from gateway.webhooks.work import AT_ONCE, MOST_WAITING
from platformkit.db import transaction
from tests.gateway.hooks import Hooks, came, hooks, later, subject
from tests.gateway.partners import sql
from tests.harness import Database


@pytest.fixture(scope="module")
async def world(
    database: Database, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Hooks]:
    async with hooks(database, tmp_path_factory.mktemp("work")) as world:
        yield world


@pytest.fixture(autouse=True)
async def alone(world: Hooks) -> AsyncIterator[None]:
    yield
    await world.end()


async def test_the_log_is_read_from_the_start_position_without_a_gap(world: Hooks) -> None:
    one = subject()
    past = await world.happen(one, 1, 2)
    webhook, _ = await world.add()
    earlier, _ = await world.add(after=past[0] - 1)
    to_come = await world.happen(one, 3, 4)
    for started, expected in ((webhook, to_come), (earlier, past + to_come)):
        events, claims = [], list(await world.turn(started))
        while claims:
            events += [claim.event for claim in claims]
            claims = list(await world.turn(started, *(came(claim, 204) for claim in claims)))
        assert events == [f"evt_{position}" for position in expected]


async def test_only_what_was_asked_for_is_sent(world: Hooks) -> None:
    one = subject()
    webhook, _ = await world.add(
        "http://localhost:9/", "training.certification.deleted", "observatory.*.created"
    )
    await world.happen(one, 1)
    await world.happen(one, 2, kind="deleted")
    await world.happen("DF_X/1", 1, of="observatory", entity="release", kind="created")
    await world.happen("DF_X/1", 1, of="observatory", entity="release", kind="deleted")
    await world.happen(one, 1, entity="formation-flags", kind="deleted")
    await world.turn(webhook)
    rows = await sql(
        world.database,
        "SELECT type FROM gateway.webhook_delivery WHERE webhook_id = $1 ORDER BY id",
        webhook,
    )
    assert [row["type"] for row in rows] == [
        "training.certification.deleted",
        "observatory.release.created",
    ]


async def test_of_one_subject_a_later_event_waits_for_the_earlier(world: Hooks) -> None:
    one, other = subject(), subject()
    webhook, _ = await world.add()
    first, _, third = await world.happen(one, 1, 2, 3)
    (beside_it,) = await world.happen(other, 1)
    claims = await world.turn(webhook)
    assert sorted(claim.event for claim in claims) == [f"evt_{first}", f"evt_{beside_it}"]
    early = next(claim for claim in claims if claim.event == f"evt_{first}")
    (other_one,) = [claim for claim in claims if claim is not early]
    assert await world.turn(webhook, came(early, 500), came(other_one, 200)) == []
    (early,) = await world.turn(webhook, now=later(seconds=6))
    assert early.event == f"evt_{first}"
    (second,) = await world.turn(webhook, came(early, 200), now=later(seconds=6))
    gone = second.begun_at + timedelta(days=3)
    (last,) = await world.turn(webhook, came(second, 500), now=gone)
    assert last.event == f"evt_{third}"
    assert await world.states(webhook) == ["delivered", "dead", "pending", "delivered"]


async def test_no_more_are_under_way_at_once_than_a_receiver_is_asked_to_take(
    world: Hooks,
) -> None:
    webhook, _ = await world.add()
    for _ in range(AT_ONCE + 1):
        await world.happen(subject(), 1)
    both = await asyncio.gather(*(world.turn(webhook) for _ in range(4)))
    claims = [claim for some in both for claim in some]
    assert len(claims) == AT_ONCE
    (ninth,) = await world.turn(webhook, came(claims[0], 200))
    for claim in (*claims[1:], ninth):
        assert await world.turn(webhook, came(claim, 503)) == []
    (one,) = await world.turn(webhook, now=later(hours=1))
    assert await world.turn(webhook, now=later(hours=1)) == []  # it fails: one at a time
    assert len(await world.turn(webhook, came(one, 200), now=later(hours=1))) == AT_ONCE - 1


async def test_what_a_dead_gateway_had_claimed_is_taken_over_when_its_lease_is_over(
    world: Hooks,
) -> None:
    webhook, _ = await world.add()
    await world.happen(subject(), 1)
    (lost,) = await world.turn(webhook)
    assert await world.turn(webhook, now=later(seconds=50)) == []
    assert (await world.row(webhook))["due_at"] < later(seconds=61)
    (again,) = await world.turn(webhook, now=later(seconds=61))
    assert (again.event, again.body, again.attempts) == (lost.event, lost.body, 2)
    await world.turn(webhook, came(lost, 500), now=later(seconds=61))  # too late to count
    assert (await world.row(webhook))["due_at"] > later(seconds=110)
    await world.turn(webhook, came(lost, 200), now=later(seconds=61))  # but it was accepted
    assert await world.states(webhook) == ["delivered"]


async def test_a_refused_event_is_tried_for_three_days_and_then_is_a_dead_letter(
    world: Hooks,
) -> None:
    webhook, _ = await world.add()
    await world.happen(subject(), 1)
    begun = now = datetime.now(UTC)
    (claim,) = await world.turn(webhook, now=now)
    pauses = []
    while True:
        assert await world.turn(webhook, came(claim, 500, answer="no"), now=now) == []
        due = (await world.row(webhook))["due_at"]
        if due is None:
            break
        pauses.append(due - now)
        assert await world.turn(webhook, now=due - timedelta(milliseconds=1)) == []
        now = due
        (claim,) = await world.turn(webhook, now=now)
    assert await world.states(webhook) == ["dead"]
    assert timedelta(days=3) <= now - begun < timedelta(days=3, hours=8)
    assert 12 < len(pauses) < 45
    assert all(
        pause <= timedelta(seconds=min(5 * 4**number, 8 * 3600))
        for number, pause in enumerate(pauses)
    )
    (kept,) = await sql(
        world.database, "SELECT log FROM gateway.webhook_delivery WHERE webhook_id = $1", webhook
    )
    assert kept["log"].count('"answer": "no"') == len(pauses) + 1


async def test_a_receiver_is_left_alone_as_long_as_it_asks(world: Hooks) -> None:
    webhook, _ = await world.add()
    await world.happen(subject(), 1)
    (claim,) = await world.turn(webhook)
    asked = came(claim, 429, retry_after=timedelta(hours=2))
    assert await world.turn(webhook, asked) == []
    await world.happen(subject(), 1)
    assert await world.turn(webhook, now=later(minutes=119)) == []
    assert len(await world.turn(webhook, now=later(minutes=121))) == 1


async def test_gone_disables_a_webhook_and_says_so(world: Hooks) -> None:
    webhook, _ = await world.add()
    await world.happen(subject(), 1)
    await world.happen(subject(), 1)
    one, two = await world.turn(webhook)
    assert await world.turn(webhook, came(one, 410)) == []
    row = await world.row(webhook)
    assert (row["status"], row["reason"], row["version"]) == ("disabled", "gone", 2)
    assert await world.turn(webhook, came(two, 200), now=later(days=1)) == []
    assert await world.states(webhook) == ["pending", "delivered"]
    deeds = await sql(
        world.database,
        "SELECT actor, tenant, detail FROM gateway.audit_event"
        " WHERE entity_id = $1 AND action = 'disable_webhook'",
        str(webhook),
    )
    assert [tuple(deed) for deed in deeds] == [("gateway", "cci-hdf", "gone")]


async def test_a_webhook_that_accepts_nothing_for_five_days_is_disabled(world: Hooks) -> None:
    webhook, _ = await world.add()
    await world.happen(subject(), 1)
    (claim,) = await world.turn(webhook)
    await world.turn(webhook, came(claim, 500))
    (claim,) = await world.turn(webhook, now=later(days=4))
    await world.turn(webhook, came(claim, 500), now=later(days=4))
    assert (await world.row(webhook))["status"] == "active"
    await world.happen(subject(), 1)
    (claim,) = await world.turn(webhook, now=later(days=5))
    await world.turn(webhook, came(claim, 500), now=later(days=5))
    row = await world.row(webhook)
    assert (row["status"], row["reason"]) == ("disabled", "failing")


async def test_an_acceptance_begins_the_days_of_failing_anew(world: Hooks) -> None:
    webhook, _ = await world.add()
    for status, days in ((500, 0), (200, 4), (500, 4), (500, 8)):
        await world.happen(subject(), 1)
        await sql(world.database, "UPDATE gateway.webhook SET held_until = NULL")
        (claim, *_) = await world.turn(webhook, now=later(days=days))
        await world.turn(webhook, came(claim, status), now=later(days=days))
    assert (await world.row(webhook))["status"] == "active"


async def test_a_client_without_the_feeds_scope_or_shut_out_is_told_nothing_more(
    world: Hooks,
) -> None:
    webhook, _ = await world.add()
    await world.happen(subject(), 1)
    shut = "UPDATE gateway.client SET disabled_at = {} WHERE client_id = $1"
    await sql(world.database, shut.format("now()"), world.client_id)
    assert await world.turn(webhook) == []
    await sql(world.database, shut.format("NULL"), world.client_id)
    scopes = "UPDATE gateway.client SET scopes = {} WHERE client_id = $1 RETURNING scopes"
    await sql(world.database, scopes.format("ARRAY['observatory:feed']"), world.client_id)
    assert await world.turn(webhook) == []
    row = await world.row(webhook)
    assert (row["status"], row["reason"]) == ("disabled", "scope-withdrawn")
    back = "ARRAY['training:feed', 'observatory:feed', 'diagnostic:feed', 'gateway:webhooks']"
    await sql(world.database, scopes.format(back), world.client_id)


async def test_the_log_is_not_read_on_while_much_waits(world: Hooks) -> None:
    webhook, _ = await world.add()
    name = uuid4().hex
    await sql(
        world.database,
        "INSERT INTO gateway.feed_entry (service, entity, entity_id, kind, version, at)"
        " SELECT 'training', 'certification', $1 || n, 'updated', 1, now()"
        " FROM generate_series(1, $2) n",
        name,
        MOST_WAITING + 100,
    )
    claims = list(await world.turn(webhook))
    assert len(await world.states(webhook)) == MOST_WAITING
    assert (await world.row(webhook))["is_full"]
    seen: list[str] = []
    while claims:
        seen += [claim.event for claim in claims]
        outcomes = [came(claim, 200) for claim in claims]
        claims = list(await world.turn(webhook, *outcomes))
        states = await world.states(webhook)
        assert states.count("pending") <= MOST_WAITING
    assert len(seen) == len(set(seen)) == MOST_WAITING + 100
    assert not (await world.row(webhook))["is_full"]


async def test_who_fell_behind_the_log_is_told_rather_than_skipped_on(world: Hooks) -> None:
    webhook, _ = await world.add()
    (position,) = await world.happen(subject(), 1)
    kept, _ = await world.add()
    await sql(
        world.database,
        "INSERT INTO gateway.feed (service) VALUES ('training') ON CONFLICT DO NOTHING",
    )
    await sql(
        world.database,
        "UPDATE gateway.feed_entry SET read_at = now() - interval '31 days' WHERE position = $1",
        position,
    )
    async with transaction(world.settings, "gateway") as session:
        await feeds.forget(session, datetime.now(UTC))
        await beside.forget(session, datetime.now(UTC))
    assert (await world.row(webhook))["reason"] == "behind"
    assert (await world.row(kept))["status"] == "active"


async def test_deliveries_are_kept_seven_days_and_dead_letters_thirty(world: Hooks) -> None:
    webhook, _ = await world.add()
    for state, days in (("delivered", 6), ("delivered", 8), ("dead", 29), ("dead", 31)):
        await sql(
            world.database,
            "INSERT INTO gateway.webhook_delivery"
            " (webhook_id, event, type, subject, body, state, ended_at)"
            " VALUES ($1, 'x', 'x', 'x', '', $2, now() - $3::interval)",
            webhook,
            state,
            timedelta(days=days),
        )
    async with transaction(world.settings, "gateway") as session:
        await beside.forget(session, datetime.now(UTC))
    assert await world.states(webhook) == ["delivered", "dead"]
