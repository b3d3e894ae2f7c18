"""One series as a hot read: it must answer what the route answers, at every moment."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import httpx
import pytest

from tests.harness import Database
from tests.observatory.publishing import Publisher, structures, table

ROWS = [("R32", "A", str(year), year / 7) for year in range(1999, 2005)]
ROWS += [("R32", "C", "2020", 1e-7), ("2A", "A", "2020", 12345678901.0)]
ODD = 'count "exact", twice'
"""A method whose name a CSV must quote."""


@pytest.fixture(scope="module")
async def flow(publisher: Publisher) -> str:
    flow = await publisher.flow()
    await publisher.release(flow, table(ROWS), method=ODD)
    return flow


@pytest.fixture(scope="module")
async def locker(database: Database) -> AsyncIterator[asyncpg.Connection]:
    """Connect as somebody who may lock tables."""
    connection = await asyncpg.connect(database.admin_dsn)
    yield connection
    await connection.close()


async def both(
    publisher: Publisher, flow: str, suffix: str = "csv", sector: str = "A", **headers: str
) -> httpx.Response:
    """Read a series both ways and compare; naming a default takes the route's way."""
    path = f"/v1/indicators/{flow}/data.{suffix}?c[REF_AREA]=R32&c[SECTOR]={sector}"
    headers["accept-encoding"] = "identity"  # a short answer of known length is not packed
    hot = await publisher.client.get(path, headers=headers)
    cold = await publisher.client.get(f"{path}&labels=id", headers=headers)
    assert hot.status_code == cold.status_code
    assert hot.content == cold.content
    told = dict(hot.headers)
    if hot.content and "last-modified" in told:
        assert told.pop("content-length"), "only the hot read knows it before"
    assert told == dict(cold.headers)
    return hot


@pytest.mark.parametrize("suffix", ["csv", "json"])
@pytest.mark.parametrize("language", ["fr", "en"])
async def test_both_ways_answer_the_same(
    publisher: Publisher, flow: str, suffix: str, language: str
) -> None:
    asked = {"accept-language": language}
    for sector, rows in (("A", 6), ("C", 1), ("J", 0), ("NONE", 0)):
        answer = await both(publisher, flow, suffix, sector, **asked)
        assert answer.content.count(b"JOBS") == rows
        known = {**asked, "if-none-match": answer.headers["etag"]}
        assert (await both(publisher, flow, suffix, sector, **known)).status_code == 304


@pytest.mark.parametrize(
    "query",
    [
        "c[REF_AREA]=R32",
        "c[REF_AREA]=R32&c[SECTOR]=A&c[SECTOR]=A",
        "c[REF_AREA]=R32&c[SECTOR]=A,C",
        "c[REF_AREA]=R32&c[SECTOR]=ne:A",
        "c[REF_AREA]=R32&c[SECTOR]=",
        "c[REF_AREA]=R32&c[NONE]=A",
        "c[REF_AREA]=R32&c[SECTOR]=A&lastN=1",
        "c[REF_AREA]=R32&c[SECTOR]=A&lang=en",
        "",
    ],
)
async def test_another_question_is_left_to_the_route(
    publisher: Publisher, flow: str, query: str
) -> None:
    answer = await publisher.client.get(f"/v1/indicators/{flow}/data.csv?{query}")
    assert answer.status_code in {200, 422}
    if answer.status_code == httpx.codes.OK:
        assert "content-length" not in answer.headers


async def test_unknown_names_are_the_routes_problems(publisher: Publisher, flow: str) -> None:
    query = "c[REF_AREA]=R32&c[SECTOR]=A"
    for path, status in ((f"NONE/data.csv?{query}", 404), (f"{flow}/data.pdf?{query}", 422)):
        answer = await publisher.client.get(f"/v1/indicators/{path}")
        assert answer.status_code == status


async def test_what_is_held_is_never_older_than_the_moment(publisher: Publisher) -> None:
    flow = await publisher.flow()
    assert (await both(publisher, flow)).text.count("\n") == 1
    await publisher.release(flow, table(ROWS[:1]))
    assert (await both(publisher, flow)).text.count("\n") == 2
    second = await publisher.release(flow, table([("R32", "A", "1999", 5.0)]), "partial")
    answer = await both(publisher, flow)
    assert ",5,A" in answer.text
    await publisher.act(second, "withdraw", {"reason": {"fr": "erreur", "en": "error"}})
    known = {"if-none-match": answer.headers["etag"]}
    assert ",,O" in (await both(publisher, flow, **known)).text
    body = structures(flow)["indicators"][0]
    renamed = body | {"version": "1.1.0", "name": {"fr": "Postes", "en": "Posts"}}
    assert (await publisher.publish({"indicators": [renamed]})).status_code == 200
    assert b"Postes" in (await both(publisher, flow, "json")).content


async def test_an_indicator_that_fixes_a_dimension_takes_the_others(publisher: Publisher) -> None:
    flow = await publisher.flow()
    await publisher.release(flow, table(ROWS))
    narrow = structures(flow)["indicators"][0] | {"id": f"{flow}_A", "key": {"SECTOR": "A"}}
    assert (await publisher.publish({"indicators": [narrow]})).status_code == 200
    path = f"/v1/indicators/{flow}_A/data.csv?c[REF_AREA]=R32"
    plain = {"accept-encoding": "identity"}
    hot = await publisher.client.get(path, headers=plain)
    cold = await publisher.client.get(f"{path}&labels=id", headers=plain)
    assert "content-length" in hot.headers
    assert (hot.content, hot.headers["etag"]) == (cold.content, cold.headers["etag"])
    assert hot.text.count("\n") == 7


async def test_an_answer_304_touches_no_observation(
    publisher: Publisher, flow: str, locker: asyncpg.Connection
) -> None:
    """Acceptance "Speed and scale", by both ways: whoever holds them all hinders it not."""
    paths = [
        f"/v1/indicators/{flow}/data.csv?c[REF_AREA]=R32&c[SECTOR]=A{more}"
        for more in ("", "&labels=id")
    ]
    tags = [(await publisher.client.get(path)).headers["etag"] for path in paths]
    async with locker.transaction(), asyncio.timeout(60):
        await locker.execute("LOCK TABLE observatory.obs IN ACCESS EXCLUSIVE MODE")
        for path, tag in zip(paths, tags, strict=True):
            answer = await publisher.client.get(path, headers={"if-none-match": tag})
            assert answer.status_code == httpx.codes.NOT_MODIFIED
