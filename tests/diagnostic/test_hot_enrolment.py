"""Enrolling in one trip answers what its route answers, and they keep answers for each other."""

import asyncio
import secrets
import uuid
from datetime import UTC, datetime

import asyncpg
import pytest

from diagnostic.enrolments import queries
from tests import harness
from tests.architecture.test_hot_reads import without_trace
from tests.diagnostic.acting import Acting, siren
from tests.diagnostic.seating import filled, line, seats

HOT = {"content-type": "application/json"}
BY_ROUTE = {"content-type": "application/json; charset=utf-8"}


async def test_both_ways_refuse_alike_and_seat_nobody(
    acting: Acting, stranger: Acting, sql: asyncpg.Connection
) -> None:
    cohort = await acting.cohort()
    days = {name: cohort[name] for name in ("programme", "starts_on", "ends_on")}
    elsewhere = await acting.cohort(**days)
    [seated] = await filled(acting, cohort, 1)
    [other] = await filled(acting, elsewhere, 1)
    own, theirs = seated["organisation_id"], other["organisation_id"]
    refused = [
        (409, seats(cohort), own, acting.headers),
        (409, seats(cohort), theirs, acting.headers),
        (404, seats(cohort), str(uuid.uuid4()), acting.headers),
        (404, seats(cohort), own, stranger.headers),
        (401, seats(cohort), own, harness.anonymous("diagnostic")),
        (422, seats(cohort), "no-uuid", acting.headers),
        (400, seats(cohort) + "?more=1", own, acting.headers),
        (400, seats(cohort), own, {**acting.headers, "idempotency-key": ""}),
        (404, f"/v1/cohorts/{uuid.uuid4()}/enrolments", own, acting.headers),
    ]
    for status, path, company, headers in refused:
        content = f'{{"organisation_id":"{company}"}}'
        answers = [
            await acting.http.post(path, content=content, headers={**headers, **way})
            for way in (HOT, BY_ROUTE)
        ]
        assert [one.status_code for one in answers] == [status, status], (path, company)
        assert answers[0].headers == answers[1].headers, (path, company)
        assert without_trace(answers[0]) == without_trace(answers[1]), (path, company)
    assert await line(sql, cohort) == [("confirmed", 1, None)]


@pytest.mark.parametrize("way", [HOT, BY_ROUTE])
async def test_an_identifier_is_spelt_as_the_route_reads_it(
    acting: Acting, way: dict[str, str]
) -> None:
    cohort, company = (await acting.cohort())["id"], (await acting.organisation())["id"]
    for odd in (f"{cohort.replace('-', '')}-", f"0x{cohort.replace('-', '')[2:]}"):
        answer = await acting.http.post(
            seats({"id": odd}),
            content=f'{{"organisation_id":"{company}"}}',
            headers={**acting.headers, **way},
        )
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid"), odd


async def test_both_ways_seat_and_queue_alike(acting: Acting, sql: asyncpg.Connection) -> None:
    cohort = await acting.cohort(capacity=2)
    shapes = []
    for way in (HOT, BY_ROUTE, HOT, BY_ROUTE):
        company = (await acting.organisation())["id"]
        answer = await acting.http.post(
            seats(cohort),
            content=f'{{"organisation_id":"{company}"}}',
            headers={**acting.headers, **way},
        )
        found = answer.json()
        assert answer.headers["location"] == f"{seats(cohort)}/{found['id']}"
        read = await acting.get(answer.headers["location"])
        assert found == {name: read.json()[name] for name in found}
        assert (answer.status_code, answer.headers["etag"]) == (201, read.headers["etag"])
        shapes.append((sorted(answer.headers), list(found)))
    assert shapes == [shapes[0]] * 4
    assert await line(sql, cohort) == [
        ("confirmed", 1, None),
        ("confirmed", 2, None),
        ("waitlisted", None, 1),
        ("waitlisted", None, 2),
    ]
    told = await sql.fetch(
        "SELECT kind, payload->>'seats_taken' AS seats, payload->>'waitlisted' AS waiting,"
        " payload->>'programme' AS programme FROM diagnostic.change WHERE entity = 'cohort'"
        " AND entity_id = $1 ORDER BY seq",
        cohort["id"],
    )
    assert {one["programme"] for one in told} == {cohort["programme"]}
    assert [(one["seats"], one["waiting"]) for one in told if one["kind"] == "updated"] == [
        ("1", "0"),
        ("2", "0"),
        ("2", "1"),
        ("2", "2"),
    ]


@pytest.mark.parametrize("ways", [(HOT, BY_ROUTE), (BY_ROUTE, HOT), (HOT, HOT)])
async def test_a_key_is_answered_the_same_whichever_way_it_comes_again(
    acting: Acting, sql: asyncpg.Connection, ways: tuple[dict[str, str], ...]
) -> None:
    cohort = await acting.cohort()
    company = (await acting.organisation())["id"]
    key = {**acting.headers, "idempotency-key": siren()}
    content = f'{{"organisation_id":"{company}"}}'
    first, again = [
        await acting.http.post(seats(cohort), content=content, headers={**key, **way})
        for way in ways
    ]
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.headers["idempotent-replayed"] == "true"
    assert again.content == first.content
    kept = ("content-type", "location", "etag")
    assert [first.headers[name] for name in kept] == [again.headers[name] for name in kept]
    other = await acting.http.post(seats(cohort), content=content + " ", headers={**key, **ways[1]})
    assert (other.status_code, other.json()["code"]) == (422, "idempotency-key-reused")
    assert len(await line(sql, cohort)) == 1


async def test_requests_that_go_together_are_answered_each_for_itself(
    acting: Acting, sql: asyncpg.Connection
) -> None:
    open_one, full, elsewhere = [await acting.cohort(), await acting.cohort(), {"id": uuid.uuid4()}]
    mine = [(await acting.organisation())["id"] for _ in range(3)]
    key = {"idempotency-key": siren()}
    asked = [
        (open_one, mine[0], {}),
        (elsewhere, mine[0], {}),
        (open_one, uuid.uuid4(), {}),
        (open_one, mine[0], {}),
        (full, mine[1], key),
        (full, mine[1], key),
        (open_one, mine[2], {}),
    ]
    answers = await asyncio.gather(
        *(
            acting.http.post(
                seats(cohort),
                content=f'{{"organisation_id":"{company}"}}',
                headers={**acting.headers, **HOT, **more},
            )
            for cohort, company, more in asked
        )
    )
    codes = [answer.status_code for answer in answers]
    assert sorted((codes[0], codes[3])) == [201, 409]  # whichever came first
    assert (codes[1], codes[2], codes[6]) == (404, 404, 201)
    assert 201 in codes[4:6]
    assert set(codes[4:6]) <= {201, 409}  # the other was too early, or got the same
    assert len(await line(sql, open_one)) == 2
    assert len(await line(sql, full)) == 1


@pytest.mark.parametrize("way", [HOT, BY_ROUTE])
async def test_what_was_answered_to_a_company_that_is_erased_is_gone(
    acting: Acting, way: dict[str, str]
) -> None:
    cohort = await acting.cohort()
    company = (await acting.organisation())["id"]
    headers = {**acting.headers, **way, "idempotency-key": siren()}
    content = f'{{"organisation_id":"{company}"}}'
    first = await acting.http.post(seats(cohort), content=content, headers=headers)
    assert first.status_code == 201
    path = f"/v1/organisations/{company}"
    tag = (await acting.get(path)).headers["etag"]
    erased = await acting.post(f"{path}/erase", {}, **{"if-match": tag})
    assert erased.status_code == 200, erased.text
    again = await acting.http.post(seats(cohort), content=content, headers=headers)
    assert (again.status_code, again.json()["code"]) == (410, "erased")


async def test_a_seat_is_given_without_reading_a_table_from_end_to_end(
    acting: Acting, sql: asyncpg.Connection
) -> None:
    """However few its rows: the plan is kept while they become many."""
    cohort, company = await acting.cohort(), (await acting.organisation())["id"]
    asked = [uuid.uuid4(), uuid.UUID(cohort["id"]), uuid.UUID(company), "medef-hdf", "c", "a"]
    kept = [datetime.now(UTC), secrets.token_bytes(32), b"request", "{}"]
    async with sql.transaction():
        given = await sql.fetchrow(queries.ENROL_ALL, *([one] for one in (*asked, *kept)))
        read = await sql.fetch(
            "SELECT relname, seq_scan FROM pg_stat_xact_user_tables"
            " WHERE schemaname = 'diagnostic' AND seq_scan > 0"
        )
    assert given["refusal"] is None, given
    assert [tuple(row) for row in read] == []
