"""Webhooks over HTTP: an organisation manages its own, and reads what came of them."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
import pytest

from deploy.openapi import TARGET
from gateway.webhooks.service import MOST
from tests.gateway.doors import Opened, door
from tests.gateway.hooks import FEEDS, Hooks, came, hooks, later, subject
from tests.gateway.partners import sql
from tests.harness import Database

NEW: dict[str, Any] = {
    "url": "https://ecole.example/hooks",
    "events": ["training.certification.*"],
    "description": "L’école",
}


@dataclass
class School:
    """A client with its own token at the door, and what happens behind."""

    gate: Opened
    world: Hooks
    headers: dict[str, str]

    async def send(self, method: str, path: str, **told: Any) -> httpx.Response:
        headers = self.headers | told.pop("headers", {})
        return await self.gate.http.request(method, f"/v1/webhooks{path}", headers=headers, **told)

    async def made(self, **given: Any) -> dict[str, Any]:
        answer = await self.send("POST", "", json=NEW | given)
        assert answer.status_code == 201, answer.text
        body: dict[str, Any] = answer.json()
        return body


@pytest.fixture(scope="module")
async def gate(
    database: Database, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Opened]:
    document = json.loads(TARGET.read_bytes())
    folder = tmp_path_factory.mktemp("hooks")
    told = {"database_url": database.dsn("gateway"), "document": document}
    async with door(folder, {}, **told) as gate:
        yield gate


@pytest.fixture
async def school(
    gate: Opened, database: Database, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[School]:
    async with hooks(database, tmp_path_factory.mktemp("school")) as world:
        tenant = f"school-{uuid4().hex[:8]}"
        headers = gate.signed_for(world.client_id, *FEEDS, "gateway:webhooks", tenant=tenant)
        yield School(gate, world, headers)


async def test_a_webhook_is_made_and_shows_its_secret_once(
    school: School, database: Database
) -> None:
    answer = await school.send("POST", "", json=NEW)
    made = answer.json()
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["location"] == f"/v1/webhooks/{made['id']}"
    assert made["secret"].startswith("whsec_")
    assert (made["status"], made["reason"], made["client_id"]) == (
        "active", None, school.world.client_id,
    )  # fmt: skip
    read = await school.send("GET", f"/{made['id']}")
    assert read.json() == {name: value for name, value in made.items() if name != "secret"}
    assert read.headers["etag"] == answer.headers["etag"] == '"1"'
    rows = await sql(database, "SELECT * FROM gateway.webhook")
    assert made["secret"] not in repr(rows)
    assert made["secret"].removeprefix("whsec_") not in repr(rows)


async def test_webhooks_are_listed_page_by_page(school: School) -> None:
    made = [(await school.made())["id"] for _ in range(3)]
    first = (await school.send("GET", "?limit=2&count=true")).json()
    assert (first["total"], [one["id"] for one in first["items"]]) == (3, made[:0:-1])
    second = (await school.send("GET", f"?limit=2&after={first['next']}")).json()
    assert ([one["id"] for one in second["items"]], second["next"]) == (made[:1], None)


async def test_a_webhook_is_changed_paused_and_resumed(school: School) -> None:
    made = await school.made()
    path = f"/{made['id']}"
    changed = await school.send(
        "PATCH",
        path,
        headers={"if-match": '"1"'},
        json={"url": "https://ecole.example:8443/b", "events": ["observatory.release.created"],
              "description": "", "status": "paused"},
    )  # fmt: skip
    assert (changed.status_code, changed.headers["etag"]) == (200, '"2"')
    said = changed.json()
    assert (said["url"], said["status"]) == ("https://ecole.example:8443/b", "paused")
    assert (said["events"], said["description"]) == (["observatory.release.created"], "")
    (position,) = await school.world.happen("DF/1", 1, of="observatory", entity="release",
                                            kind="created")  # fmt: skip
    assert await school.world.turn(made["id"]) == []
    stale = await school.send("PATCH", path, headers={"if-match": '"1"'}, json={})
    assert (stale.status_code, stale.headers["etag"]) == (412, '"2"')
    assert (await school.send("PATCH", path, json={})).status_code == 428
    resumed = await school.send(
        "PATCH", path, headers={"if-match": '"2"'}, json={"status": "active"}
    )
    assert (resumed.json()["status"], resumed.json()["url"]) == ("active", said["url"])
    (claim,) = await school.world.turn(made["id"])
    assert claim.event == f"evt_{position}"


async def test_one_that_was_disabled_is_resumed_and_what_waits_is_tried_at_once(
    school: School,
) -> None:
    made = await school.made()
    await school.world.happen(subject(), 1)
    (claim,) = await school.world.turn(made["id"])
    await school.world.turn(made["id"], came(claim, 410))
    path = f"/{made['id']}"
    said = (await school.send("GET", path)).json()
    assert (said["status"], said["reason"]) == ("disabled", "gone")
    refused = await school.send("POST", f"{path}/ping")
    assert (refused.status_code, refused.json()["code"]) == (409, "webhook-not-active")
    back = await school.send("PATCH", path, headers={"if-match": "*"}, json={"status": "active"})
    assert (back.json()["status"], back.json()["reason"]) == ("active", None)
    assert back.json()["failing_since"] is None
    (again,) = await school.world.turn(made["id"])
    assert (again.event, again.attempts) == (claim.event, 2)


async def test_a_webhook_can_begin_earlier_and_go_back(school: School) -> None:
    one = subject()
    first, second = await school.world.happen(one, 1, 2)
    made = await school.made(after=first)
    (claim,) = await school.world.turn(made["id"])
    assert claim.event == f"evt_{second}"
    ahead = await school.send("POST", "", json=NEW | {"after": 2**62})
    assert (ahead.status_code, ahead.json()["errors"][0]["pointer"]) == (422, "/after")


async def test_what_the_log_no_longer_has_cannot_be_asked_for(
    school: School, database: Database
) -> None:
    (position,) = await school.world.happen(subject(), 1)
    made = await school.made()
    path = f"/{made['id']}"
    await school.send("PATCH", path, headers={"if-match": "*"}, json={"status": "paused"})
    await sql(
        database,
        "INSERT INTO gateway.feed (service, forgotten) VALUES ('gone', $1)",
        position + 1,
    )
    try:
        for answer in (
            await school.send("POST", "", json=NEW | {"after": position}),
            await school.send("PATCH", path, headers={"if-match": "*"}, json={"status": "active"}),
        ):
            assert (answer.status_code, answer.json()["code"]) == (409, "events-gone")
            assert str(position + 1) in answer.json()["detail"]
    finally:
        await sql(database, "DELETE FROM gateway.feed WHERE service = 'gone'")


async def test_a_secret_is_rotated_and_two_are_live_for_a_while(
    school: School, database: Database
) -> None:
    made = await school.made()
    path = f"/{made['id']}/rotate-secret"
    answer = await school.send("POST", path, json={"former_hours": 1})
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert answer.json()["secret"] != made["secret"]
    await school.world.happen(subject(), 1)
    await school.world.happen(subject(), 1)
    work = school.world.work
    both = await work.turn(made["id"], [], later())
    assert both is not None
    assert both.target.secrets == [answer.json()["secret"], made["secret"]]
    after = await work.turn(made["id"], [came(both.claims[0], 500)], later(minutes=61))
    assert after is not None
    assert after.target.secrets == [answer.json()["secret"]]


async def test_a_webhook_is_deleted_with_its_deliveries(school: School, database: Database) -> None:
    made = await school.made()
    path = f"/{made['id']}"
    await school.send("POST", f"{path}/ping")
    assert (await school.send("DELETE", path)).status_code == 428
    assert (await school.send("DELETE", path, headers={"if-match": '"7"'})).status_code == 412
    assert (await school.send("DELETE", path, headers={"if-match": '"1"'})).status_code == 204
    assert (await school.send("GET", path)).json()["code"] == "webhook-unknown"
    statement = "SELECT FROM gateway.webhook_delivery WHERE webhook_id = $1"
    assert await sql(database, statement, made["id"]) == []
    deeds = await sql(
        database,
        "SELECT action, actor FROM gateway.audit_event WHERE entity_id = $1 ORDER BY id",
        made["id"],
    )
    assert [deed["action"] for deed in deeds] == ["add_webhook", "delete_webhook"]
    assert {deed["actor"] for deed in deeds} == {school.world.client_id}


async def test_deliveries_are_read_with_each_attempt(school: School) -> None:
    made = await school.made()
    one = subject()
    (position,) = await school.world.happen(one, 7)
    (claim,) = await school.world.turn(made["id"])
    await school.world.turn(made["id"], came(claim, 500, answer="oh"))
    (claim,) = await school.world.turn(made["id"], now=later(seconds=6))
    await school.world.turn(made["id"], came(claim, None), now=later(seconds=6))
    path = f"/{made['id']}/deliveries"
    page = (await school.send("GET", f"{path}?state=pending&count=true")).json()
    (listed,) = page["items"]
    assert (page["total"], listed["event"], listed["attempts"]) == (1, f"evt_{position}", 2)
    assert (listed["last"]["number"], listed["last"]["failure"]) == (2, "timeout")
    whole = (await school.send("GET", f"{path}/{listed['id']}")).json()
    assert [one["status"] for one in whole.pop("log")] == [500, None]
    body = whole.pop("body")
    assert whole == listed
    assert body["type"] == "training.certification.updated"
    assert body["data"] == {
        "id": one,
        "version": 7,
        "position": position,
        "href": f"{school.world.work.base}/v1/training/certifications/{one}",
    }
    assert (await school.send("GET", f"{path}?state=dead")).json()["items"] == []
    await school.send("POST", f"/{made['id']}/ping")
    newest = (await school.send("GET", f"{path}?limit=1")).json()
    assert newest["items"][0]["type"] == "ping"
    older = (await school.send("GET", f"{path}?limit=1&after={newest['next']}")).json()
    assert (older["items"][0]["id"], older["next"]) == (listed["id"], None)
    assert (await school.send("GET", f"{path}/9{listed['id']}")).json()[
        "code"
    ] == "delivery-unknown"


async def test_a_dead_letter_is_sent_again(school: School) -> None:
    made = await school.made()
    await school.world.happen(subject(), 1)
    (claim,) = await school.world.turn(made["id"])
    path = f"/{made['id']}/deliveries/{claim.id}"
    busy = await school.send("POST", f"{path}/replay")
    assert (busy.status_code, busy.json()["code"]) == (409, "delivery-pending")
    await school.world.turn(made["id"], came(claim, 500), now=later(days=3))
    assert (await school.send("GET", path)).json()["state"] == "dead"
    key = {"idempotency-key": uuid4().hex}
    for _ in range(2):
        done = await school.send("POST", f"{path}/replay", headers=key)
        assert done.status_code == 204, done.text
    (again,) = await school.world.turn(made["id"])
    assert (again.event, again.body, again.attempts) == (claim.event, claim.body, 2)
    other = await school.made()
    strange = await school.send("POST", f"/{other['id']}/deliveries/{claim.id}/replay")
    assert (strange.status_code, strange.json()["code"]) == (404, "delivery-unknown")


async def test_a_part_of_the_log_is_sent_again(school: School) -> None:
    one, other = subject(), subject()
    before = await school.world.happen(one, 1, 2)
    await school.world.happen("x", 1, entity="provider")
    made = await school.made()
    (new,) = await school.world.happen(other, 1)
    (claim,) = await school.world.turn(made["id"])
    await school.world.turn(made["id"], came(claim, 200))
    asked = {"after": before[0] - 1}
    path = f"/{made['id']}/replay"
    answer = await school.send("POST", path, json=asked)
    assert (answer.status_code, answer.json()) == (
        202, {"events": 3, "position": new, "more": False},
    )  # fmt: skip
    claims = await school.world.turn(made["id"])
    assert {claim.event for claim in claims} == {f"evt_{before[0]}", f"evt_{new}"}
    bounded = await school.send("POST", path, json=asked | {"until": before[0]})
    assert bounded.json() == {"events": 1, "position": before[0], "more": False}
    bad = await school.send("POST", path, json={"after": -1, "until": "x"})
    assert [fault["pointer"] for fault in bad.json()["errors"]] == ["/after", "/until"]


async def test_a_long_replay_is_asked_for_in_parts_until_too_much_waits(
    school: School, database: Database
) -> None:
    (first,) = await school.world.happen(subject(), 1)
    await sql(
        database,
        "INSERT INTO gateway.feed_entry (service, entity, entity_id, kind, version, at)"
        " SELECT 'training', 'certification', $1 || n, 'updated', 1, now()"
        " FROM generate_series(1, 1100) n",
        uuid4().hex,
    )
    made = await school.made()
    path, after, events = f"/{made['id']}/replay", first, []
    for _ in range(2):
        told = (await school.send("POST", path, json={"after": after})).json()
        after = told["position"]
        events.append((told["events"], told["more"]))
    assert events == [(500, True), (500, True)]
    full = await school.send("POST", path, json={"after": after})
    assert (full.status_code, full.json()["code"]) == (409, "webhook-backlog-full")


async def test_a_ping_is_sent_once_whatever_its_key_is_sent_twice(school: School) -> None:
    made = await school.made()
    key = {"idempotency-key": uuid4().hex}
    answers = [await school.send("POST", f"/{made['id']}/ping", headers=key) for _ in range(2)]
    assert [one.status_code for one in answers] == [202, 202]
    assert answers[0].content == answers[1].content
    assert answers[1].headers["idempotent-replayed"] == "true"
    (claim,) = await school.world.turn(made["id"])
    location = f"/v1/webhooks/{made['id']}/deliveries/{claim.id}"
    assert answers[0].headers["location"] == location
    assert json.loads(claim.body)["data"] == {"webhook": made["id"]}


async def test_an_organisation_has_so_many_webhooks_and_no_more(school: School) -> None:
    for _ in range(MOST):
        await school.made()
    refused = await school.send("POST", "", json=NEW)
    assert (refused.status_code, refused.json()["code"]) == (409, "webhooks-too-many")


WRITES = [
    ("PATCH", "", {}),
    ("DELETE", "", None),
    ("POST", "/rotate-secret", {}),
    ("POST", "/ping", None),
    ("POST", "/replay", {"after": 0}),
    ("POST", "/deliveries/1/replay", None),
    ("GET", "", None),
    ("GET", "/deliveries", None),
    ("GET", "/deliveries/1", None),
]


@pytest.mark.parametrize(("method", "rest", "body"), WRITES)
async def test_a_webhook_of_another_organisation_is_unknown_and_managing_takes_the_scope(
    school: School, method: str, rest: str, body: object
) -> None:
    made = await school.made()
    path = f"/v1/webhooks/{made['id']}{rest}"
    client, signed = school.world.client_id, school.gate.signed_for
    for headers, status, code in (
        (
            school.gate.signed_for(client, "gateway:webhooks", tenant="other"),
            404,
            "webhook-unknown",
        ),
        (signed(client, "gateway:keys", tenant="other"), 403, "scope-missing"),
        ({}, 401, "token-refused"),
    ):
        given: dict[str, Any] = {"json": body} if body is not None else {}
        told = headers | {"if-match": "*"}
        answer = await school.gate.http.request(method, path, headers=told, **given)
        assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_following_a_feed_takes_the_scope_that_reads_it(school: School) -> None:
    client = school.world.client_id
    narrow = school.gate.signed_for(client, "gateway:webhooks", "training:feed", tenant="narrow")
    asked = NEW | {"events": ["training.*.*", "diagnostic.cohort.*"]}
    refused = await school.gate.http.post("/v1/webhooks", headers=narrow, json=asked)
    assert (refused.status_code, refused.json()["code"]) == (403, "scope-missing")
    assert "diagnostic:feed" in refused.json()["detail"]
    nobody = school.gate.signed_for("nobody", *FEEDS, "gateway:webhooks")
    lost = await school.gate.http.post("/v1/webhooks", headers=nobody, json=NEW)
    assert (lost.status_code, lost.json()["code"]) == (404, "client-unknown")


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({"url": "http://ecole.example/", "events": ["training.x.*", "a"]},
         ["/url", "/events/0", "/events/1"]),
        ({"url": "https://127.0.0.1/", "events": ["diagnostic.*.*"]}, ["/url"]),
        ({"url": "https://ecole.example:22/"}, ["/url"]),
        ({"events": []}, ["/events"]),
        ({"events": ["training.*.*"] * 51}, ["/events"]),
        ({"events": ["*.*.*"]}, ["/events/0"]),
        ({"events": ["training.certification.*\n"]}, ["/events/0"]),
        ({"events": ["training.certification"]}, ["/events/0"]),
        ({"url": "https://e.example/" + "x" * 500}, ["/url"]),
        ({"after": -1, "secret": "whsec_x"}, ["/after", "/secret"]),
        ({"after": False}, ["/after"]),
        ({"description": "x" * 201}, ["/description"]),
        ({"description": "\x00"}, ["/description"]),
    ],
)  # fmt: skip
async def test_a_webhook_badly_described_is_not_made(
    school: School, database: Database, body: dict[str, Any], pointers: list[str]
) -> None:
    answer = await school.send("POST", "", json=NEW | body)
    assert answer.status_code == 422, answer.text
    assert [fault["pointer"] for fault in answer.json()["errors"]] == pointers
    statement = "SELECT FROM gateway.webhook WHERE client_id = $1"
    assert await sql(database, statement, school.world.client_id) == []
