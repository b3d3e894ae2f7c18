"""Prices, dates and recruitment of one's own sessions, many at once, each judged on its own."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from tests.harness import anonymous, as_client
from tests.training.expiring import offer, period, session
from tests.training.importing import Importer, catalogue_of, fresh_copy, importer
from tests.training.offering import SIRET, formation
from training.offers.lheo import identity
from training.session_edits.schemas import EditsRead


@pytest.fixture(scope="module")
async def school(template: Any, importing: FastAPI) -> AsyncIterator[Importer]:
    """Open a catalogue in which one school has offers."""
    async with importer(importing, await fresh_copy(template, catalogue_of(template))) as opened:
        more = {
            "certifications": "",
            "period": period("2027-10-04", "2027-11-05"),
            "sessions": session("S2", "2027-12-06", "2027-12-17"),
        }
        await offer(opened, *(formation(f"E{one}", **more) for one in range(6)))
        yield opened


def of(number: str, named: str = "S1") -> str:
    return identity(SIRET, number, "A1", named)


async def edit(school: Importer, *items: dict[str, Any], **headers: str) -> httpx.Response:
    path = "/v1/session-edits"
    return await school.client.post(path, json={"items": items}, headers=headers)


async def shown(school: Importer, number: str) -> tuple[int, Any]:
    body = (await school.client.get(f"/v1/formations/{identity(SIRET, number)}")).json()
    return body["version"], body["actions"][0]


async def test_each_item_is_changed_or_says_why_it_is_not(school: Importer) -> None:
    nobody = identity("nothing")
    answer = await edit(
        school,
        {"session": of("E0"), "version": 1, "price": "1200.5", "recruitment_state": "open"},
        {"session": of("E0", "S2"), "version": 1, "starts_on": "2027-12-07"},
        {"session": of("E1"), "version": 2, "ends_on": "2027-11-06"},
        {"session": of("E2"), "version": 1, "ends_on": "2027-10-01"},
        {"session": nobody, "version": 1, "price": "0"},
    )
    body = answer.json()
    assert EditsRead.model_validate(body).model_dump(mode="json") == body
    assert [(one["status"], one["version"]) for one in body["items"]] == [
        (200, 2),
        (200, 2),
        (412, 1),
        (422, 1),
        (404, None),
    ]
    assert [one["code"] for one in body["items"][3]["errors"]] == ["period-inverted"]
    version, action = await shown(school, "E0")
    assert (version, body["changed"]) == (2, 2)
    assert action["price"] == {"amount": "1200.50", "currency": "EUR", "free": False}
    assert action["sessions"][0]["recruitment_state"] == "open"
    assert action["sessions"][1]["period"] == {"start": "2027-12-07", "end": "2027-12-17"}
    for number in ("E1", "E2"):
        assert (await shown(school, number))[0] == 1
    told = await school.rows(
        "SELECT version FROM training.change WHERE entity = 'formation' AND entity_id = $1"
        " ORDER BY xid, seq",
        identity(SIRET, "E0"),
    )
    assert [row["version"] for row in told] == [1, 2]  # once for both sessions


async def test_one_wrong_item_keeps_all_of_its_formation_as_it_is(school: Importer) -> None:
    answer = await edit(
        school,
        {"session": of("E3"), "version": 1, "price": "10"},
        {"session": of("E3", "S2"), "version": 1, "price": "20"},
        {"session": of("E4"), "version": 1, "enrolment_ends_on": "2027-11-06"},
    )
    items = answer.json()["items"]
    assert [one["status"] for one in items] == [422, 422, 422]
    assert [one["errors"][0]["code"] for one in items] == [
        "price-contradicted",
        "price-contradicted",
        "enrolment-after-session",
    ]
    version, action = await shown(school, "E3")
    assert (version, "price" in action) == (1, False)


async def test_an_edit_is_repeated_by_its_key_and_what_changes_nothing_is_no_version(
    school: Importer,
) -> None:
    item = {"session": of("E5"), "version": 1, "recruitment_state": "closed"}
    first = await edit(school, item, **{"idempotency-key": "edit-1"})
    again = await edit(school, item, **{"idempotency-key": "edit-1"})
    assert first.json() == again.json()
    same = await edit(school, {**item, "version": 2})
    assert (same.json()["items"][0]["status"], (await shown(school, "E5"))[0]) == (200, 2)
    assert (await shown(school, "E5"))[1]["sessions"][0]["recruitment_state"] == "closed"


async def test_who_may_not_edits_nothing_and_nonsense_is_named_all_at_once(
    school: Importer,
) -> None:
    item = {"session": of("E4"), "version": 1, "price": "5"}
    assert (await edit(school, item, **anonymous("training"))).status_code == 401
    reader = as_client("training", scopes={"training:read"})
    assert (await edit(school, item, **reader)).status_code == 403
    theirs = await edit(school, item, **as_client("training", tenant="other-school"))
    assert theirs.json()["items"][0]["status"] == 404
    bad = await edit(
        school,
        {"session": "x", "price": "-1", "starts_on": "tomorrow", "more": 1},
        {"session": of("E4"), "version": 1},
    )
    assert bad.status_code == 422
    assert len(bad.json()["errors"]) == 6
    assert (await edit(school, item, item)).status_code == 422
    assert (await edit(school)).status_code == 422
    assert (await shown(school, "E4"))[0] == 1


async def test_e5_of_twenty_who_want_the_last_place_one_gets_it(school: Importer) -> None:
    path = f"/v1/sessions/{of('E1')}/capacity"
    client = school.client
    assert (await client.get(path)).json()["code"] == "capacity-unknown"
    assert (await client.post(f"{path}/take", json={})).status_code == 404
    told = {"capacity": 12, "remaining": 1}
    assert (await client.put(path, json=told)).status_code == 428
    assert (await client.put(path, json=told, headers={"if-match": "*"})).status_code == 412
    made = await client.put(path, json=told, headers={"if-match": '"0"'})
    assert (made.status_code, made.headers["etag"]) == (200, '"1"')
    taken = await asyncio.gather(*(client.post(f"{path}/take", json={}) for _ in range(20)))
    assert sorted(one.status_code for one in taken) == [200] + 19 * [409]
    assert {one.json()["code"] for one in taken if one.status_code != 200} == {"session-full"}
    read = await client.get(path, headers=anonymous("training"))
    assert (read.json()["remaining"], read.json()["capacity"]) == (0, 12)
    seen = await client.get(path, headers={"if-none-match": read.headers["etag"]})
    assert seen.status_code == 304
    tags = {"if-match": read.headers["etag"]}
    puts = await asyncio.gather(
        *(client.put(path, json={"capacity": 20, "remaining": n}, headers=tags) for n in range(20))
    )
    assert sorted(one.status_code for one in puts) == [200] + 19 * [412]
    assert [row["version"] for row in await school.changes("session-capacity")] == [1, 2, 3]


async def test_only_who_offers_a_session_tells_its_places(school: Importer) -> None:
    path, tag = f"/v1/sessions/{of('E2')}/capacity", {"if-match": '"0"'}
    told = {"capacity": 12, "remaining": 1}
    for who, status in (
        (anonymous("training"), 401),
        (as_client("training", scopes={"training:read"}), 403),
        (as_client("training", tenant="other-school"), 404),
    ):
        for method, address, body in (("PUT", path, told), ("POST", f"{path}/take", {})):
            headers = {**tag, **who}
            answer = await school.client.request(method, address, json=body, headers=headers)
            assert answer.status_code == status, (method, status)
    too_many = {"capacity": 1, "remaining": 2}
    bad = await school.client.put(path, json=too_many, headers=tag)
    assert (bad.status_code, bad.json()["errors"][0]["code"]) == (422, "more-than-capacity")
    assert (await school.client.get(path)).status_code == 404
