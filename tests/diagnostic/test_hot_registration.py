"""Registering in one trip answers what its route answers, and they keep answers for each other."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import httpx
import orjson
import pytest

from diagnostic.organisations import queries, registering
from diagnostic.organisations.schemas import OrganisationCreate
from platformkit.auth import Principal
from tests import harness
from tests.architecture.test_hot_reads import without_trace
from tests.diagnostic.acting import Acting, company, siren

PATH = "/v1/organisations"
HOT = {"content-type": "application/json"}
BY_ROUTE = {"content-type": "application/json; charset=utf-8"}


async def send(
    acting: Acting, body: object, way: dict[str, str], query: str = "", **headers: str
) -> httpx.Response:
    content = body if isinstance(body, bytes) else orjson.dumps(body)
    asked = {**acting.headers, **way, **headers}
    return await acting.http.post(PATH + query, content=content, headers=asked)


async def traces(sql: asyncpg.Connection, one: str) -> tuple[list[Any], list[Any]]:
    """Read what was published and audited of a company."""
    told = await sql.fetch(
        "SELECT c.kind, c.version, c.payload FROM diagnostic.change c"
        " JOIN diagnostic.organisation o ON o.pseudonym::text = c.entity_id WHERE o.id::text = $1",
        one,
    )
    deeds = await sql.fetch(
        "SELECT tenant, client, actor, action, entity FROM diagnostic.audit_event"
        " WHERE entity_id = $1 ORDER BY id",
        one,
    )
    return [tuple(row) for row in told], [tuple(row) for row in deeds]


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"benchmark_consent": False, "headcount": None, "siret": None},
        {"headcount": None, "size_band": "250+", "name": 'Atelier « Œ » "\\/é'},
    ],
)
async def test_both_ways_register_alike(
    acting: Acting, sql: asyncpg.Connection, fields: dict[str, Any]
) -> None:
    shapes = []
    for way in (HOT, BY_ROUTE):
        sent = company(**fields)
        answer = await send(acting, sent, way)
        assert answer.status_code == 201, answer.text
        found = answer.json()
        assert answer.headers["location"] == f"{PATH}/{found['id']}"
        read = await acting.get(answer.headers["location"])
        assert found == read.json()
        assert answer.headers["etag"] == read.headers["etag"]
        assert {name: found[name] for name in sent if name != "size_band"} == {
            name: sent[name] for name in sent if name != "size_band"
        }
        assert (found["consent_at"] is not None) == sent["benchmark_consent"]
        told, deeds = await traces(sql, found["id"])
        assert len(told) == 1
        assert [deed[3] for deed in deeds] == ["register", "give_consent"][: len(deeds)]
        assert len(deeds) == 1 + sent["benchmark_consent"]
        shapes.append((sorted(answer.headers), list(found), found["size_band"], told, deeds))
    assert shapes[0] == shapes[1]


async def test_both_ways_refuse_alike_and_register_nobody(
    acting: Acting, sql: asyncpg.Connection
) -> None:
    count = "SELECT count(*) FROM diagnostic.organisation"
    known = company()
    assert (await send(acting, known, HOT)).status_code == 201
    before = await sql.fetchval(count)
    refused: list[tuple[int, object, str, dict[str, str]]] = [
        (409, known, "", {}),
        (422, company(siren="123456789"), "", {}),
        (422, company(headcount=42, size_band="1-9"), "", {}),
        (422, company(more=1), "", {}),
        (422, company(name="\x00"), "", {}),
        (422, [], "", {}),
        (400, b"{", "", {}),
        (400, company(), "?more=1", {}),
        (400, company(), "", {"idempotency-key": ""}),
        (401, company(), "", harness.anonymous("diagnostic")),
        (403, company(), "", harness.as_client("diagnostic", scopes={"diagnostic:read"})),
    ]
    for status, body, query, headers in refused:
        answers = [await send(acting, body, way, query, **headers) for way in (HOT, BY_ROUTE)]
        assert [one.status_code for one in answers] == [status, status], body
        assert answers[0].headers == answers[1].headers, body
        assert without_trace(answers[0]) == without_trace(answers[1]), body
    assert await sql.fetchval(count) == before


@pytest.mark.parametrize("way", [HOT, BY_ROUTE])
@pytest.mark.parametrize("key", [{}, {"idempotency-key": "one"}])
async def test_a_streamed_body_over_the_limit_is_refused(
    acting: Acting, way: dict[str, str], key: dict[str, str]
) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(21):
            yield b" " * 50_000

    headers = {**acting.headers, **way, **key}
    answer = await acting.http.post(PATH, content=pieces(), headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (413, "body-too-large")


@pytest.mark.parametrize("ways", [(HOT, BY_ROUTE), (BY_ROUTE, HOT), (HOT, HOT)])
async def test_a_key_is_answered_the_same_whichever_way_it_comes_again(
    acting: Acting, sql: asyncpg.Connection, ways: tuple[dict[str, str], ...]
) -> None:
    key, sent = {"idempotency-key": siren()}, company()
    first, again = [await send(acting, sent, way, **key) for way in ways]
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.headers["idempotent-replayed"] == "true"
    assert again.content == first.content
    kept = ("content-type", "location", "etag")
    assert [first.headers[name] for name in kept] == [again.headers[name] for name in kept]
    other = await send(acting, company(), ways[1], **key)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency-key-reused")
    _, deeds = await traces(sql, first.json()["id"])
    assert len(deeds) == 2


async def test_those_who_come_at_once_register_a_company_once(
    acting: Acting, stranger: Acting, sql: asyncpg.Connection
) -> None:
    """Across tenants each its own; of one tenant one, whatever way they come."""
    sent = [company() for _ in range(6)]
    asked = [
        (who, body, way)
        for body in sent
        for who in (acting, stranger)
        for way in (HOT, HOT, BY_ROUTE, HOT)
    ]
    answers = await asyncio.gather(*(send(who, body, way) for who, body, way in asked))
    codes = [answer.status_code for answer in answers]
    assert sorted(codes) == [201] * 12 + [409] * 36
    rows = await sql.fetch(
        "SELECT tenant, siren FROM diagnostic.organisation WHERE siren = ANY($1)",
        [one["siren"] for one in sent],
    )
    assert len({tuple(row) for row in rows}) == len(rows) == 12


async def test_those_who_come_at_once_with_one_key_get_one_answer(acting: Acting) -> None:
    key, sent = {"idempotency-key": siren()}, company()
    answers = await asyncio.gather(*(send(acting, sent, HOT, **key) for _ in range(8)))
    assert [one.status_code for one in answers] == [201] * 8
    assert len({one.content for one in answers}) == 1


async def test_one_key_for_several_companies_registers_one_of_them(
    acting: Acting, sql: asyncpg.Connection
) -> None:
    key, several, apart = {"idempotency-key": siren()}, [company() for _ in range(6)], company()
    first, *answers = await asyncio.gather(
        send(acting, apart, HOT), *(send(acting, one, HOT, **key) for one in several)
    )
    assert first.status_code == 201  # whoever went with them
    assert sorted(one.status_code for one in answers) == [201] + [422] * 5
    assert {one.json()["code"] for one in answers if one.status_code == 422} == {
        "idempotency-key-reused"
    }
    kept = await sql.fetchval(
        "SELECT count(*) FROM diagnostic.organisation WHERE siren = ANY($1)",
        [one["siren"] for one in several],
    )
    assert kept == 1


async def test_a_company_is_registered_without_reading_a_table_from_end_to_end(
    acting: Acting, sql: asyncpg.Connection
) -> None:
    """However few its rows: the plan is kept while they become many."""
    body = OrganisationCreate.model_validate(company())
    caller = Principal("test", "client", "actor", "medef-hdf")
    asked = (*registering.drawn_up(caller, body), secrets.token_bytes(32), b"request", "{}")
    async with sql.transaction():
        made = await sql.fetchrow(queries.REGISTER, *([one] for one in asked))
        read = await sql.fetch(
            "SELECT relname, seq_scan FROM pg_stat_xact_user_tables"
            " WHERE schemaname = 'diagnostic' AND seq_scan > 0"
        )
    assert made["body"] is not None
    assert [tuple(row) for row in read] == []


@pytest.mark.parametrize("way", [HOT, BY_ROUTE])
async def test_a_company_that_is_erased_is_not_registered_again_by_its_key(
    acting: Acting, sql: asyncpg.Connection, way: dict[str, str]
) -> None:
    key, sent = {"idempotency-key": siren()}, company()
    first = await send(acting, sent, way, **key)
    path = first.headers["location"]
    erased = await acting.post(f"{path}/erase", {}, **{"if-match": first.headers["etag"]})
    assert erased.status_code == 200, erased.text
    again = await send(acting, sent, way, **key)
    assert (again.status_code, again.json()["code"]) == (410, "erased")
    kept = "SELECT count(*) FROM diagnostic.organisation WHERE siren = $1"
    assert await sql.fetchval(kept, sent["siren"]) == 0
