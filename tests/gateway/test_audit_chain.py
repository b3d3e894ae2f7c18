"""The audit trail can be added to, and nothing else without being seen (S-M14)."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import asyncpg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.audit.chain import FIELDS, GENESIS, ChainBroken, Head, link, verify
from tests.gateway.partners import sql
from tests.harness import Database

Event = dict[str, Any]


def chained(count: int) -> list[Event]:
    events: list[Event] = []
    previous = GENESIS
    for number in range(1, count + 1):
        event: Event = dict.fromkeys(FIELDS, "x") | {
            "id": number,
            "at": datetime(2026, 11, 27, tzinfo=UTC),
            "previous": previous,
        }
        previous = event["hash"] = link(previous, event)
        events.append(event)
    return events


async def _each(events: list[Event]) -> AsyncIterator[Event]:
    for event in events:
        yield event


def verified(events: list[Event], kept: Head | None = None) -> Head:
    return asyncio.run(verify(_each(events), kept))


TAMPERED: dict[str, tuple[Callable[[list[Event]], Any], int]] = {
    "a field is changed": (lambda events: events[1].update(actor="y"), 2),
    "a field is moved to its neighbour": (
        lambda events: events[1].update(actor="xx", tenant=""),
        2,
    ),
    "an instant is changed": (lambda events: events[0].update(at=datetime.now(UTC)), 1),
    "an event is taken out": (lambda events: events.pop(1), 2),
    "the first is taken out": (lambda events: events.pop(0), 1),
    "two are exchanged": (lambda events: events.reverse(), 1),
    "one is slipped in": (lambda events: events.insert(1, dict(events[0])), 2),
    "digests are of another chain": (lambda events: events[2].update(previous=GENESIS), 3),
}


@pytest.mark.parametrize("name", TAMPERED)
def test_what_is_altered_is_found_where_it_is(name: str) -> None:
    tamper, place = TAMPERED[name]
    events = chained(3)
    assert verified(events).id == 3
    tamper(events)
    with pytest.raises(ChainBroken, match=f"event {place}:"):
        verified(events)


def test_only_what_was_written_down_shows_that_the_end_was_cut_off() -> None:
    events = chained(3)
    head = verified(events)
    assert verified(events[:2]).id == 2
    with pytest.raises(ChainBroken, match="event 3: missing"):
        verified(events[:2], head)
    assert verified(chained(5), head).id == 5
    assert verified([], Head()) == Head()
    with pytest.raises(ChainBroken, match="event 3: not what"):
        verified(events, replace(head, hash=GENESIS))


@settings(max_examples=25)
@given(st.lists(st.text(), min_size=2, max_size=2), st.lists(st.text(), min_size=2, max_size=2))
def test_different_events_spell_differently(one: list[str], other: list[str]) -> None:
    blank = dict.fromkeys(FIELDS, "")
    digests = {
        link(GENESIS, blank | dict(zip(("actor", "tenant"), texts, strict=True)))
        for texts in (one, other)
    }
    assert (len(digests) == 1) is (one == other)


async def test_the_services_own_role_can_only_add(database: Database) -> None:
    connection = await asyncpg.connect(database.dsn("gateway"))
    try:
        for attempt in (
            "UPDATE gateway.audit_event SET actor = 'x'",
            "DELETE FROM gateway.audit_event",
            "TRUNCATE gateway.audit_event",
            "ALTER TABLE gateway.audit_event DISABLE TRIGGER ALL",
            "DROP TRIGGER chain ON gateway.audit_event",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(attempt)
    finally:
        await connection.close()


ADD = """
INSERT INTO gateway.audit_event
  (id, at, previous, hash, actor, tenant, action, entity, entity_id, decision, trace_id, detail)
VALUES (7, '2000-01-01', '', '', $1, 'é€😀', 'x', 'x', 'x', 'allowed', '', $2)"""


async def test_many_at_once_make_one_chain_and_none_chooses_its_place_or_time(
    database: Database,
) -> None:
    async def add(number: int) -> None:
        connection = await asyncpg.connect(database.dsn("gateway"))
        try:
            for _ in range(5):
                await connection.execute(ADD, f"adder-{number}", "l\n1:2")
        finally:
            await connection.close()

    await asyncio.gather(*(add(number) for number in range(6)))
    rows = await sql(database, "SELECT * FROM gateway.audit_event ORDER BY id")
    head = await verify(_each([dict(row) for row in rows]))
    assert head.id == len(rows) >= 30
    assert min(row["at"] for row in rows).year > 2000
