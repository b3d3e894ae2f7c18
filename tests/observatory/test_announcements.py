"""The release calendar: announced days, their changes, punctuality, and a diary that follows."""

from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import httpx
import icalendar
import pytest

from tests.harness import Database, as_client
from tests.observatory.publishing import Publisher, name, table

NOW = datetime.now(UTC).replace(microsecond=0)
SOON = (NOW + timedelta(days=10)).isoformat()
LATER = (NOW + timedelta(days=20)).isoformat()
WHY = {"fr": "La source a du retard.", "en": "The source is late."}
ROWS = [("R32", "A", "2020", 1.0)]


def body(flow: str, at: str = SOON, **changed: Any) -> dict[str, Any]:
    return {"dataflow": flow, "title": name("Emplois 2026"), "scheduled_at": at, **changed}


async def announced(publisher: Publisher, flow: str, at: str = SOON) -> dict[str, Any]:
    answer = await publisher.client.post(
        "/v1/announcements", json=body(flow, at), headers=publisher.headers
    )
    assert answer.status_code == 201, answer.text
    assert answer.headers["location"] == f"/v1/announcements/{answer.json()['id']}"
    return publisher.known(answer)


async def act(
    publisher: Publisher, given: dict[str, Any], deed: str, told: dict[str, Any], **headers: str
) -> httpx.Response:
    return await publisher.client.post(
        f"/v1/announcements/{given['id']}/{deed}",
        json=told,
        headers={**publisher.headers, "if-match": given["etag"], **headers},
    )


async def events(publisher: Publisher, flow: str, **headers: str) -> list[Any]:
    answer = await publisher.client.get(f"/v1/calendar.ics?dataflow={flow}", headers=headers)
    assert answer.headers["content-type"].startswith("text/calendar")
    found = icalendar.Calendar.from_ical(answer.text)
    return list(found.walk("VEVENT"))


async def test_s7_a_day_is_announced_moved_with_its_reason_kept_and_punctuality_told(
    publisher: Publisher, database: Database
) -> None:
    flow = await publisher.flow()
    await publisher.release(flow, table(ROWS))
    made = await announced(publisher, flow)
    assert (made["ordinal"], made["state"], made["version"]) == (2, "announced", 1)
    assert made["punctuality"] is None
    moved = publisher.known(
        await act(publisher, made, "move", {"scheduled_at": LATER, "reason": WHY})
    )
    assert [each["reason"] for each in moved["dates"]] == [None, WHY]
    times = [datetime.fromisoformat(each["scheduled_at"]) for each in moved["dates"]]
    assert [each.isoformat() for each in times] == [SOON, LATER], "what was announced stays"
    listed = (await publisher.client.get(f"/v1/announcements?dataflow={flow}")).json()
    assert [each["id"] for each in listed["items"]] == [made["id"]]
    assert (await publisher.client.get(f"/v1/announcements/{made['id']}")).json() == listed[
        "items"
    ][0]
    draft = await publisher.draft(flow)
    loaded = publisher.known(await publisher.load(draft, table([("R32", "A", "2020", 2.0)])))
    early = await publisher.act(loaded, "publish")
    assert (early.status_code, early.json()["code"]) == (409, "announced-for-later")
    assert LATER[:10] in early.json()["detail"]
    waiting = publisher.known(await publisher.act(loaded, "publish", {"at": LATER}))
    told = (await publisher.client.get(f"/v1/announcements/{made['id']}")).json()
    assert (told["state"], told["published_at"]) == ("announced", None), "an embargo is not told"
    await _let_it_be(database, made["id"], waiting["id"])
    done = (await publisher.client.get(f"/v1/announcements/{made['id']}")).json()
    assert done["state"] == "published"
    assert done["punctuality"] == {"days": 2, "days_from_first": 12}
    settled = await act(
        publisher,
        {**made, "etag": "*"},
        "move",
        {"scheduled_at": LATER, "reason": WHY},
    )
    assert (settled.status_code, settled.json()["code"]) == (409, "announcement-settled")


async def _let_it_be(database: Database, announcement: str, release: str) -> None:
    """Put the announced day twenty-two days back, and the release two days after it."""
    connection = await asyncpg.connect(database.admin_dsn)
    await connection.execute(
        "UPDATE observatory.announcement SET scheduled_at = scheduled_at - interval '22 days'"
        " WHERE id = $1::text::uuid",
        announcement,
    )
    await connection.execute(
        "UPDATE observatory.announced_date SET scheduled_at = scheduled_at - interval '22 days'"
        " WHERE announcement = $1::text::uuid",
        announcement,
    )
    await connection.execute(
        "UPDATE observatory.release SET published_at = published_at - interval '20 days'"
        " - interval '1 second' WHERE id = $1::text::uuid",
        release,
    )
    await connection.close()


async def test_a_release_may_appear_at_its_announced_instant_or_after(publisher: Publisher) -> None:
    flow = await publisher.flow()
    await announced(publisher, flow)
    loaded = publisher.known(await publisher.load(await publisher.draft(flow), table(ROWS)))
    too_soon = (NOW + timedelta(days=9)).isoformat()
    refused = await publisher.act(loaded, "publish", {"at": too_soon})
    assert refused.json()["code"] == "announced-for-later"
    assert (await publisher.act(loaded, "publish", {"at": SOON})).status_code == 200


async def test_the_next_announcement_is_of_the_next_release(publisher: Publisher) -> None:
    flow = await publisher.flow()
    first, second = await announced(publisher, flow), await announced(publisher, flow, LATER)
    assert (first["ordinal"], second["ordinal"]) == (1, 2)
    cancelled = publisher.known(await act(publisher, second, "cancel", {"reason": WHY}))
    assert cancelled["state"] == "cancelled"
    assert cancelled["dates"][-1]["scheduled_at"] is None
    assert (await announced(publisher, flow, LATER))["ordinal"] == 2, "its place is free again"
    again = await act(publisher, cancelled, "cancel", {"reason": WHY})
    assert (again.status_code, again.json()["code"]) == (409, "announcement-settled")


async def test_a_diary_follows_a_change_and_a_cancellation(publisher: Publisher) -> None:
    flow = await publisher.flow()
    made = await announced(publisher, flow)
    (before,) = await events(publisher, flow)
    assert before["SUMMARY"] == "Emplois 2026"
    assert before.decoded("dtstart") == datetime.fromisoformat(SOON)
    assert (before["SEQUENCE"], before["STATUS"]) == (0, "CONFIRMED")
    moved = publisher.known(
        await act(publisher, made, "move", {"scheduled_at": LATER, "reason": WHY})
    )
    (after,) = await events(publisher, flow)
    assert (after["UID"], after["SEQUENCE"]) == (before["UID"], 1)
    assert after.decoded("dtstart") == datetime.fromisoformat(LATER)
    assert WHY["fr"] in after["DESCRIPTION"]
    (english,) = await events(publisher, flow, **{"accept-language": "en"})
    assert WHY["en"] in english["DESCRIPTION"]
    publisher.known(await act(publisher, moved, "cancel", {"reason": WHY}))
    (gone,) = await events(publisher, flow)
    assert (gone["UID"], gone["SEQUENCE"], gone["STATUS"]) == (before["UID"], 2, "CANCELLED")


async def test_a_day_that_is_past_or_the_same_is_no_announcement(publisher: Publisher) -> None:
    flow = await publisher.flow()
    past = (NOW - timedelta(days=1)).isoformat()
    refused = await publisher.client.post(
        "/v1/announcements", json=body(flow, past), headers=publisher.headers
    )
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "instant-past")
    made = await announced(publisher, flow)
    for at, code in ((past, "instant-past"), (SOON, "instant-same")):
        answer = await act(publisher, made, "move", {"scheduled_at": at, "reason": WHY})
        assert answer.json()["errors"][0]["code"] == code
    silent = await act(publisher, made, "move", {"scheduled_at": LATER})
    assert silent.status_code == 422, "a day does not change without a reason"
    unknown = await publisher.client.post(
        "/v1/announcements", json=body("NOTHING"), headers=publisher.headers
    )
    assert unknown.json()["code"] == "dataflow-unknown"
    listed = (await publisher.client.get(f"/v1/announcements?dataflow={flow}")).json()["items"]
    assert [len(each["dates"]) for each in listed] == [1], "nothing was stored"


async def test_the_calendar_is_read_by_instants_in_pages(publisher: Publisher) -> None:
    flow = await publisher.flow()
    made = [
        await announced(publisher, flow, (NOW + timedelta(days=day)).isoformat())
        for day in (30, 40, 50)
    ]
    asked: dict[str, Any] = {"dataflow": flow, "start": (NOW + timedelta(days=35)).isoformat()}
    page = (await publisher.client.get("/v1/announcements", params={**asked, "limit": 1})).json()
    assert [each["id"] for each in page["items"]] == [made[1]["id"]]
    rest = await publisher.client.get("/v1/announcements", params={**asked, "after": page["next"]})
    assert [each["id"] for each in rest.json()["items"]] == [made[2]["id"]]
    answer = await publisher.client.get("/v1/announcements", params={**asked, "end": SOON})
    assert answer.json()["items"] == []


@pytest.mark.parametrize("deed", ["move", "cancel"])
async def test_changing_an_announcement_is_guarded(publisher: Publisher, deed: str) -> None:
    made = await announced(publisher, await publisher.flow())
    told: dict[str, Any] = {"reason": WHY} | ({"scheduled_at": LATER} if deed == "move" else {})
    path = f"/v1/announcements/{made['id']}/{deed}"
    client, headers = publisher.client, publisher.headers
    tag = {"if-match": made["etag"]}
    reader = as_client("observatory", scopes={"observatory:feed"})
    stranger = as_client("observatory", tenant="another", client="another")
    for given, status in (
        ({"authorization": ""}, 401),
        (reader | tag, 403),
        (stranger | tag, 404),
        (headers, 428),
        (headers | {"if-match": '"old"'}, 412),
    ):
        answer = await client.post(path, json=told, headers=given)
        assert answer.status_code == status, (given, answer.text)
    assert (await client.post(path, json={}, headers=headers | tag)).status_code == 422
    once = headers | tag | {"idempotency-key": f"{deed}-{made['id']}"}
    first = await client.post(path, json=told, headers=once)
    again = await client.post(path, json=told, headers=once)
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.content == again.content
    assert len(again.json()["dates"]) == 2


async def test_announcing_is_guarded_and_replayed(publisher: Publisher) -> None:
    flow = await publisher.flow()
    client = publisher.client
    reader = as_client("observatory", scopes={"observatory:feed"})
    assert (await client.post("/v1/announcements", json=body(flow))).status_code == 401
    assert (
        await client.post("/v1/announcements", json=body(flow), headers=reader)
    ).status_code == 403
    once = publisher.headers | {"idempotency-key": f"announce-{flow}"}
    first = await client.post("/v1/announcements", json=body(flow), headers=once)
    again = await client.post("/v1/announcements", json=body(flow), headers=once)
    assert first.json()["id"] == again.json()["id"]
    missing = await client.get("/v1/announcements/97da8114-b949-467d-b094-d0b5345fc845")
    assert (missing.status_code, missing.json()["code"]) == (404, "announcement-unknown")


async def test_followers_hear_of_the_calendar(publisher: Publisher) -> None:
    made = await announced(publisher, await publisher.flow())
    publisher.known(await act(publisher, made, "move", {"scheduled_at": LATER, "reason": WHY}))
    found: list[dict[str, Any]] = []
    after: dict[str, str] = {}
    while True:
        answer = await publisher.client.get(
            "/v1/changes", params=after, headers=as_client("observatory")
        )
        page = answer.json()
        found += [each for each in page["items"] if each["entity_id"] == made["id"]]
        after = {"after": page["next"]}
        if not page["more"]:
            break
    assert [each["kind"] for each in found] == ["created", "updated"]
    assert "client" not in found[0]["payload"]
