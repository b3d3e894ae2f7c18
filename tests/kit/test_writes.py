"""A write is committed before its answer, once per Idempotency-Key, and only over what was read."""

import asyncio
import uuid

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from platformkit import app
from tests import harness
from tests.kit.conftest import build


def key() -> dict[str, str]:
    return {"idempotency-key": uuid.uuid4().hex}


async def count(sql: asyncpg.Connection, name: str) -> int:
    found: int = await sql.fetchval("SELECT count(*) FROM probe.thing WHERE name = $1", name)
    return found


async def test_a_commit_that_fails_is_told_and_stores_nothing(
    probe: httpx.AsyncClient, sql: asyncpg.Connection
) -> None:
    for headers in ({}, key()):  # with and without the wrapper that owns the transaction
        answer = await probe.post(
            "/v1/things", json={"name": "orphan", "parent": -1}, headers=headers
        )
        assert answer.status_code == 500
        assert answer.json()["code"] == "internal-error"
    assert await count(sql, "orphan") == 0


async def test_a_connection_that_the_server_ended_fails_no_write(
    probe: httpx.AsyncClient, sql: asyncpg.Connection
) -> None:
    assert (await probe.post("/v1/things", json={"name": "a"}, headers=key())).status_code == 201
    ended = await sql.fetch(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE application_name = 'vigie probe write'"
    )
    assert ended
    while await sql.fetchval(
        "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'vigie probe write'"
    ):
        pass
    answer = await probe.post("/v1/things", json={"name": "b"}, headers=key())
    assert answer.status_code == 201, answer.text


async def test_the_same_key_and_body_give_the_same_answer_once(
    probe: httpx.AsyncClient, sql: asyncpg.Connection
) -> None:
    name, headers = uuid.uuid4().hex, key()
    first = await probe.post("/v1/things", json={"name": name}, headers=headers)
    again = await probe.post("/v1/things", json={"name": name}, headers=headers)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert again.headers["location"] == first.headers["location"]
    assert again.headers["etag"] == first.headers["etag"] == '"1"'
    assert again.headers["idempotent-replayed"] == "true"
    assert "idempotent-replayed" not in first.headers
    assert await count(sql, name) == 1


async def test_the_same_key_with_another_body_is_refused(probe: httpx.AsyncClient) -> None:
    headers = key()
    await probe.post("/v1/things", json={"name": "one"}, headers=headers)
    other = await probe.post("/v1/things", json={"name": "two"}, headers=headers)
    assert other.status_code == 422
    assert other.json()["code"] == "idempotency-key-reused"


async def test_a_key_belongs_to_its_caller(probe: httpx.AsyncClient) -> None:
    headers = key()
    mine = await probe.post("/v1/things", json={"name": "mine"}, headers=headers)
    theirs = await probe.post(
        "/v1/things",
        json={"name": "theirs"},
        headers=headers | harness.as_client("probe", "cci-hdf", {"probe:write"}),
    )
    assert (mine.status_code, theirs.status_code) == (201, 201)


async def test_two_people_of_one_application_have_keys_of_their_own(
    probe: httpx.AsyncClient,
) -> None:
    headers = key()
    answers = [
        await probe.post(
            "/v1/things",
            json={"name": "one"},
            headers=headers | harness.as_client("probe", scopes={"probe:write"}, person=person),
        )
        for person in ("person:a", "person:b", "person:a")
    ]
    assert [answer.status_code for answer in answers] == [201, 201, 201]
    replayed = ["idempotent-replayed" in answer.headers for answer in answers]
    assert replayed == [False, False, True]


HELD = """
SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid)
 WHERE locktype = 'advisory' AND usename = current_user"""
"""Applications of other files may still run, and hold locks of theirs."""


async def test_while_the_first_is_in_flight_the_second_waits_elsewhere(
    probe: httpx.AsyncClient, probe_app: FastAPI, sql: asyncpg.Connection
) -> None:
    name, headers = uuid.uuid4().hex, key()
    probe_app.state.wait = asyncio.Event()
    first = asyncio.create_task(probe.post("/v1/things", json={"name": name}, headers=headers))
    refusals = 0
    while not refusals:
        await asyncio.sleep(0.02)
        held = await sql.fetchval(HELD)
        if held:
            second = await probe.post("/v1/things", json={"name": name}, headers=headers)
            assert second.status_code == 409
            assert second.json()["code"] == "idempotency-key-in-flight"
            assert second.headers["retry-after"] == "1"
            refusals += 1
    probe_app.state.wait.set()
    assert (await first).status_code == 201
    third = await probe.post("/v1/things", json={"name": name}, headers=headers)
    assert third.headers["idempotent-replayed"] == "true"
    assert await count(sql, name) == 1


async def test_twenty_at_once_with_one_key_make_one_thing(
    probe: httpx.AsyncClient, sql: asyncpg.Connection
) -> None:
    name, headers = uuid.uuid4().hex, key()
    answers = await asyncio.gather(
        *(probe.post("/v1/things", json={"name": name}, headers=headers) for _ in range(20))
    )
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert any(answer.status_code == 201 for answer in answers)
    assert await count(sql, name) == 1


async def test_a_twin_is_never_told_that_it_is_a_conflict(
    probe: httpx.AsyncClient, sql: asyncpg.Connection
) -> None:
    """Whoever looks, waits and then finds the other's thing must get the other's answer."""
    told: set[tuple[int, str | None]] = set()

    async def ask(name: str, headers: dict[str, str], later: float) -> None:
        await asyncio.sleep(later)
        answer = await probe.post("/v1/things", json={"name": name}, headers=headers)
        told.add((answer.status_code, answer.json().get("code")))

    for attempt in range(80):
        name, headers = f"only {uuid.uuid4().hex}", key()
        moments = (0, 0.001, 0.002 + attempt / 20_000, 0.004, 0.006)
        await asyncio.gather(*(ask(name, headers, moment) for moment in moments))
        assert await count(sql, name) == 1
    assert told <= {(201, None), (409, "idempotency-key-in-flight")}
    assert (201, None) in told


async def test_a_replay_needs_the_scope_of_the_first(probe: httpx.AsyncClient) -> None:
    headers = key()
    await probe.post("/v1/things", json={"name": "mine"}, headers=headers)
    little = harness.as_client("probe", scopes={"probe:read"})
    answer = await probe.post("/v1/things", json={"name": "mine"}, headers=headers | little)
    assert (answer.status_code, answer.json()["code"]) == (403, "scope-missing")


async def test_waiting_before_the_first_statement_holds_no_connection(probe_dsn: str) -> None:
    """A handler that asks a slow neighbour first must not stop everybody else's writes."""
    app = build(probe_dsn, write_connections=1)
    async with harness.opened(app) as http:
        http.headers.update(harness.as_client("probe", scopes={"probe:write"}))
        app.state.ready = asyncio.Event()
        waiting = [
            asyncio.create_task(http.post("/v1/things", json={"name": "late"}, headers=key()))
            for _ in range(5)
        ]
        await asyncio.sleep(0.1)
        async with asyncio.timeout(30):
            page = await http.get("/v1/things?limit=1")  # needs the one connection
        assert page.status_code == 200
        app.state.ready.set()
        assert {(await each).status_code for each in waiting} == {201}


async def test_a_refusal_is_judged_afresh(probe: httpx.AsyncClient) -> None:
    headers = key()
    for _ in range(2):
        refused = await probe.post("/v1/things", json={"name": "taken"}, headers=headers)
        assert refused.status_code == 409
        assert "idempotent-replayed" not in refused.headers


async def test_a_key_must_be_readable(probe: httpx.AsyncClient) -> None:
    for bad in (b"", b"x" * 256, b"caf\xe9"):
        answer = await probe.post(
            "/v1/things", json={"name": "k"}, headers={b"idempotency-key": bad}
        )
        assert answer.status_code == 400
        assert answer.json()["code"] == "idempotency-key-unreadable"


async def test_a_write_says_which_version_it_changes(probe: httpx.AsyncClient) -> None:
    made = await probe.post("/v1/things", json={"name": "versioned"})
    path = made.headers["location"]
    without = await probe.put(path, json={"name": "a"})
    assert without.status_code == 428
    first, second = await asyncio.gather(
        probe.put(path, json={"name": "a"}, headers={"if-match": made.headers["etag"]}),
        probe.put(path, json={"name": "b"}, headers={"if-match": made.headers["etag"]}),
    )
    assert sorted((first.status_code, second.status_code)) == [200, 412]
    loser = first if first.status_code == 412 else second
    assert loser.headers["etag"] == '"2"'
    assert loser.json()["code"] == "stale-version"


async def test_answers_are_forgotten_after_two_days(
    probe: httpx.AsyncClient,
    probe_app: FastAPI,
    sql: asyncpg.Connection,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    old, young = key(), key()
    for headers in (old, young):
        await probe.post("/v1/things", json={"name": "kept"}, headers=headers)
    digests = await sql.fetch(
        "SELECT digest FROM probe.idempotency_key ORDER BY created_at DESC LIMIT 2"
    )
    await sql.execute(
        "UPDATE probe.idempotency_key SET created_at = now() - interval '49 hours'"
        " WHERE digest = $1",
        digests[1]["digest"],
    )
    monkeypatch.setattr(app, "_HOUSEKEEPING_SECONDS", 0.01)
    gone = False
    async with harness.opened(probe_app), asyncio.timeout(30):
        while not gone:
            await asyncio.sleep(0.02)
            gone = not await sql.fetchval(
                "SELECT count(*) FROM probe.idempotency_key WHERE digest = $1", digests[1]["digest"]
            )
    async with harness.opened(probe_app) as http:
        http.headers.update(probe.headers)
        again = await http.post("/v1/things", json={"name": "kept"}, headers=young)
    assert again.headers["idempotent-replayed"] == "true"
