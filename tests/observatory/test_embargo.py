"""Before its instant a release is invisible to every read; at the instant all change at once."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from observatory.releases import heralding
from tests.harness import as_client
from tests.observatory.publishing import Publisher, lines, table
from tests.observatory.sdmx_reading import CSV, GENERIC, JSON, SPECIFIC, rows

OLD = [("R32", "A", str(year), float(year)) for year in range(1990, 2020)]
NEW = [(area, sector, year, value + 1) for area, sector, year, value in OLD[1:]]
NEW.append(("D59", "C", "2030", 5.0))
FAR = (datetime.now(UTC) + timedelta(days=30)).isoformat()


async def seen(publisher: Publisher, flow: str) -> dict[str, Any]:
    """Read all that could betray a release."""
    client, found = publisher.client, {}
    start = "2000-01-01"
    for suffix in ("csv", "json"):
        for parameters in (
            {},
            {"asOf": "9999-12-31"},
            {"updatedAfter": start},
            {"includeHistory": "true"},
            {"lastN": 1},
            {"c[REF_AREA]": "D59"},
        ):
            answer = await publisher.data(flow, suffix, **parameters)
            found[f"{suffix} {parameters}"] = (answer.content, answer.headers["etag"])
    for path in (
        f"/v1/dataflows/{flow}/croissant",  # it makes the file, which the next tells of
        f"/v1/dataflows/{flow}",
        f"/v1/releases?dataflow={flow}&count=true",
        f"/v1/dataflows/{flow}/dcat.jsonld",
        f"/v1/dataflows/{flow}/schema-org",
    ):
        answer = await client.get(path)
        found[path] = (answer.content, answer.headers["etag"])
    sdmx = f"/sdmx/v2/data/dataflow/HDF/{flow}"
    for path, accept in (
        (sdmx, JSON),
        (f"{sdmx}?includeHistory=true", GENERIC),
        (f"{sdmx}?updatedAfter={start}", CSV),
        (f"/sdmx/v2/availability/dataflow/HDF/{flow}", "*/*"),
    ):
        answer = await client.get(path, headers={"accept": accept})
        assert answer.status_code == 200, answer.text
        found[path] = (answer.content, answer.headers["etag"])
    return found


async def told(client: httpx.AsyncClient, flow: str) -> list[int]:
    """Return the ordinals of a flow that the change feed has told of."""
    headers = as_client("observatory")
    after: dict[str, str] = {}
    found: list[int] = []
    while True:
        body = (await client.get("/v1/changes", params=after, headers=headers)).json()
        found += [
            each["version"]
            for each in body["items"]
            if each["entity"] == "release" and f":{flow}/" in each["entity_id"]
        ]
        after = {"after": body["next"]}
        if not body["more"]:
            return found


async def test_t5_an_embargo_is_invisible_until_its_instant_and_then_whole(
    publisher: Publisher, observatory: httpx.AsyncClient
) -> None:
    flow = await publisher.flow()
    await publisher.release(flow, table(OLD))
    before = await seen(publisher, flow)
    assert await told(observatory, flow) == [1]
    draft = await publisher.draft(flow)
    loaded = publisher.known(await publisher.load(draft, table(NEW)))
    assert await seen(publisher, flow) == before
    waiting = publisher.known(await publisher.act(loaded, "publish", {"at": FAR}))
    assert waiting["state"] == "embargoed"
    assert await seen(publisher, flow) == before
    assert (await observatory.get(f"/v1/releases/{waiting['id']}")).status_code == 404
    assert await told(observatory, flow) == [1]

    soon = (datetime.now(UTC) + timedelta(seconds=3)).isoformat()
    moved = publisher.known(await publisher.act(waiting, "publish", {"at": soon}))
    assert moved["state"] == "embargoed"
    tag = before["csv {}"][1]
    answer = await publisher.data(flow)
    while answer.headers["etag"] == tag:  # until the instant has come
        assert answer.content == before["csv {}"][0]
        answer = await publisher.data(flow)
    assert datetime.now(UTC) >= datetime.fromisoformat(soon)
    assert [float(row["OBS_VALUE"]) for row in lines(answer)] == [row[3] for row in NEW]
    after = await seen(publisher, flow)
    changed = {name for name in before if before[name] != after[name]}
    assert changed == set(before), "everything changes in one read"
    async with asyncio.timeout(30):  # the herald looks every few seconds
        while await told(observatory, flow) != [1, 2]:
            pass


async def test_while_one_waits_no_other_release_overtakes_it(
    publisher: Publisher,
) -> None:
    """Invariant 1: the order of ordinals is that of instants."""
    flow = await publisher.flow()
    await publisher.release(flow, table(OLD))
    loaded = publisher.known(await publisher.load(await publisher.draft(flow), table(NEW)))
    waiting = publisher.known(await publisher.act(loaded, "publish", {"at": FAR}))
    other = await publisher.draft(flow)
    refused = await publisher.load(other, table(OLD))
    assert (refused.status_code, refused.json()["code"]) == (409, "contradictory-vintages")
    rejected = await publisher.act(waiting, "reject", {"reason": {"fr": "non", "en": "no"}})
    assert rejected.json()["state"] == "rejected"
    assert rejected.json()["outcome"] == {"fr": "non", "en": "no"}
    again = await publisher.load(other, table([("R32", "A", "1990", 7.0)]))
    assert again.json()["diff"] == {"added": 0, "revised": 1, "deleted": 29, "max_delta": 1983.0}
    published = publisher.known(await publisher.act(publisher.known(again), "publish"))
    assert published["ordinal"] == 2, "the rejected one has left no trace"
    assert len(lines(await publisher.data(flow, includeHistory="true"))) == 30 + 30
    settled = await publisher.act(publisher.known(rejected), "publish")
    assert (settled.status_code, settled.json()["code"]) == (409, "release-settled")


async def test_an_instant_that_is_past_contradicts_what_was_seen(publisher: Publisher) -> None:
    flow = await publisher.flow()
    loaded = publisher.known(await publisher.load(await publisher.draft(flow), table(OLD)))
    refused = await publisher.act(loaded, "publish", {"at": "2020-01-01T00:00:00Z"})
    assert (refused.status_code, refused.json()["code"]) == (409, "contradictory-vintages")


async def test_t6_fifty_readers_never_see_two_releases_at_once(publisher: Publisher) -> None:
    flow = await publisher.flow()
    await publisher.release(flow, table(OLD))
    loaded = publisher.known(await publisher.load(await publisher.draft(flow), table(NEW)))
    is_over = asyncio.Event()
    found: set[tuple[bytes, str]] = set()

    async def reader() -> None:
        while not is_over.is_set():
            answer = await publisher.data(flow)
            found.add((answer.content, answer.headers["etag"]))

    readers = [asyncio.create_task(reader()) for _ in range(50)]
    await publisher.data(flow)  # in the queue behind the fifty
    await publisher.act(loaded, "publish")
    await publisher.data(flow)
    is_over.set()
    await asyncio.gather(*readers)
    last = await publisher.data(flow)
    found.add((last.content, last.headers["etag"]))
    assert len(found) == 2, "the one before and the one after, each with its own tag"
    assert sorted(body.count(b"\n") for body, _ in found) == [1 + len(NEW), 1 + len(OLD)]


async def test_t6_sdmx_messages_never_mix_two_releases(publisher: Publisher) -> None:
    flow = await publisher.flow()
    await publisher.release(flow, table(OLD))
    loaded = publisher.known(await publisher.load(await publisher.draft(flow), table(NEW)))
    is_over = asyncio.Event()
    found: dict[str, set[str]] = {}

    async def read(accept: str) -> None:
        path = f"/sdmx/v2/data/dataflow/HDF/{flow}"
        answer = await publisher.client.get(path, headers={"accept": accept})
        told = {float(row["OBS_VALUE"]) - int(row["TIME_PERIOD"]) for row in rows(answer)}
        assert told in ({0.0}, {1.0, 5.0 - 2030})
        found.setdefault(accept, set()).add(answer.headers["etag"])

    async def reader(accept: str) -> None:
        while not is_over.is_set():
            await read(accept)

    forms = (JSON, CSV, GENERIC, SPECIFIC)
    readers = [asyncio.create_task(reader(form)) for form in forms for _ in range(5)]
    for form in forms:
        await read(form)
    await publisher.act(loaded, "publish")
    is_over.set()
    await asyncio.gather(*readers)
    for form in forms:
        await read(form)
    assert {len(tags) for tags in found.values()} == {2}


async def test_the_herald_goes_on_after_whatever_befell_it(monkeypatch: pytest.MonkeyPatch) -> None:
    looks = iter((LookupError, None))
    told = asyncio.Event()

    async def announce(_: AsyncSession) -> int:
        if failure := next(looks, None):
            raise failure
        told.set()
        return 0

    monkeypatch.setattr(heralding, "announce", announce)
    monkeypatch.setattr(heralding, "SECONDS", 0.01)
    app = FastAPI()
    app.state.sessions = async_sessionmaker()
    async with heralding.beside(app), asyncio.timeout(30):
        await told.wait()
