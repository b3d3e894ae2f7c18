"""Enrolling in cohorts that all open at once, beside the two statements that it cannot do without.

`BENCH_COHORTS` (50) cohorts of 15 seats, 60 companies for each, in the same shuffled order; issue 7
has 200 cohorts.
"""

import asyncio
import os
import random
import time
import uuid
from collections import deque
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import asyncpg
import orjson

from deploy.credentials import DEMO_TENANT
from tests.bench.load import Stream
from tests.bench.pace import DIRECT, HEAVY_ROUNDS
from tests.bench.rounds import Measure, console, interleave, show
from tests.bench.stage import Stage
from tests.diagnostic.acting import siren

COHORTS = int(os.environ.get("BENCH_COHORTS", "50"))
SEATS = 15
REQUESTS = 60
"""For each cohort, and as many are under way at once; the bare loop is best on `DIRECT`."""

Place = tuple[uuid.UUID, uuid.UUID]
"""A cohort, and a company that wants a seat in it."""

_PROGRAMME = """
INSERT INTO diagnostic.programme (id, code, title) VALUES ($1, $2, '{"fr": "Mesure"}')"""
_COHORT = """
INSERT INTO diagnostic.cohort (id, programme_id, code, title, tenant, facilitator, capacity,
    seats_taken, waitlisted, starts_on, ends_on, enrol_closes_at, timezone, status, version)
SELECT c, $2, c::text, 'Mesure', $3, 'bench', $4, 0, 0, current_date + 30, current_date + 34,
    now() + interval '1 day', 'Europe/Paris', 'open', 1
FROM unnest($1::uuid[]) c"""
_COMPANY = """
INSERT INTO diagnostic.organisation (id, tenant, pseudonym, siren, name, naf_code, headcount,
    size_band, postcode, region_code, benchmark_consent, version)
SELECT c.id, $3, gen_random_uuid(), c.siren, 'Mesure', '25.62B', 40, '10-49', '59000', '32',
    false, 1
FROM unnest($1::uuid[], $2::text[]) c (id, siren)"""
_BARE = """
INSERT INTO diagnostic.enrolment (id, cohort_id, organisation_id, tenant, status, seat_no, rank)
VALUES (gen_random_uuid(), $1, $2, $3, $4, $5, $6)"""
_TAKE = """
UPDATE diagnostic.cohort k SET version = k.version + 1,
    seats_taken = k.seats_taken + (k.seats_taken < k.capacity)::int,
    waitlisted = k.waitlisted + (k.seats_taken >= k.capacity)::int
WHERE k.id = $1 AND k.status = 'open' AND k.enrol_closes_at > $2
RETURNING k.capacity, nullif(k.waitlisted, 0) AS rank, k.seats_taken"""
_GIVEN = """
SELECT k.seats_taken, k.waitlisted,
    array_agg(e.seat_no ORDER BY e.seat_no) FILTER (WHERE e.status = 'confirmed') AS seats,
    array_agg(e.rank ORDER BY e.rank) FILTER (WHERE e.status = 'waitlisted') AS ranks
FROM diagnostic.cohort k JOIN diagnostic.enrolment e ON e.cohort_id = k.id
WHERE k.id = ANY($1) GROUP BY k.id"""


async def seats(stage: Stage) -> None:
    """Enrol by two bare statements, by the service, by the service with keys."""
    console.print(f"{COHORTS} cohorts of {SEATS} seats, {COHORTS * REQUESTS:,} requests a round")

    async def bare() -> float:
        connections = [await asyncpg.connect(stage.dsn("diagnostic")) for _ in range(DIRECT)]

        def by_hand(number: int) -> Callable[[Place], Awaitable[None]]:
            return lambda place: _by_hand(connections[number], place)

        pace = await _all_at_once(stage, by_hand)
        for connection in connections:
            await connection.close()
        return pace

    found = await interleave(
        {
            "bare UPDATE and INSERT": bare,
            "service": _served(stage, with_key=False),
            "service, with keys": _served(stage, with_key=True),
        },
        HEAVY_ROUNDS,
        warm=False,
    )
    title = f"Enrolling, {DIRECT} bare connections, {REQUESTS} of HTTP (per second)"
    show(title, "/s", found, "bare UPDATE and INSERT")


def _served(stage: Stage, *, with_key: bool) -> Measure:
    """Enrol through the service, with or without an Idempotency-Key."""
    door = stage.url("diagnostic", "/v1/cohorts")

    @lru_cache(maxsize=1)
    def headers(_turn: int) -> dict[str, str]:
        told = stage.inside("diagnostic", {"diagnostic:write"})
        return told | {"content-type": "application/json"}

    async def measure() -> float:
        streams = [await Stream.open(door, {}) for _ in range(REQUESTS)]

        def by_http(number: int) -> Callable[[Place], Awaitable[None]]:
            async def ask(place: Place) -> None:
                cohort, company = place
                token = headers(int(time.monotonic() // 20))  # it lives for a minute
                stream = streams[number].to(f"{door}/{cohort}/enrolments", token, "POST")
                key = f"Idempotency-Key: {company}\r\n" if with_key else ""
                await stream.ask(orjson.dumps({"organisation_id": company}), more=key)

            return ask

        pace = await _all_at_once(stage, by_http, REQUESTS)
        for stream in streams:
            stream.close()
        return pace

    return measure


async def _by_hand(connection: asyncpg.Connection, place: Place) -> None:
    """Count a company in, and give it its seat or its rank."""
    async with connection.transaction():
        taken = await connection.fetchrow(_TAKE, place[0], datetime.now(UTC))
        held: tuple[Any, ...] = ("confirmed", taken["seats_taken"], None)
        if taken["rank"] is not None:
            held = ("waitlisted", None, taken["rank"])
        await connection.execute(_BARE, *place, DEMO_TENANT, *held)


async def _all_at_once(
    stage: Stage, worker: Callable[[int], Callable[[Place], Awaitable[None]]], at_once: int = DIRECT
) -> float:
    """Return the requests per second of new cohorts, in each of which all seats were given once.

    A deadlock would end the run: its request is refused.
    """
    admin = await asyncpg.connect(stage.admin_dsn)
    try:
        cohorts, places = await _opened(admin)
        waiting = deque(places)

        async def work(enrol: Callable[[Place], Awaitable[None]]) -> None:
            while waiting:
                await enrol(waiting.popleft())

        begun = time.perf_counter()
        await asyncio.gather(*(work(worker(number)) for number in range(at_once)))
        pace = len(places) / (time.perf_counter() - begun)
        given = await admin.fetch(_GIVEN, cohorts)
    finally:
        await admin.close()
    all_seats = list(range(1, SEATS + 1))
    all_ranks = list(range(1, REQUESTS - SEATS + 1))
    expected = (len(all_seats), len(all_ranks), all_seats, all_ranks)
    assert [tuple(one) for one in given] == [expected] * len(cohorts)
    return pace


async def _opened(admin: asyncpg.Connection) -> tuple[list[uuid.UUID], list[Place]]:
    """Open cohorts of one week, and draw in which order the companies come."""
    programme = uuid.uuid4()
    cohorts = [uuid.uuid4() for _ in range(COHORTS)]
    places = [(cohort, uuid.uuid4()) for cohort in cohorts for _ in range(REQUESTS)]
    await admin.execute(_PROGRAMME, programme, str(programme))
    await admin.execute(_COHORT, cohorts, programme, DEMO_TENANT, SEATS)
    companies = [company for _, company in places]
    await admin.execute(_COMPANY, companies, [siren() for _ in companies], DEMO_TENANT)
    await admin.execute("ANALYZE")
    random.Random(15).shuffle(places)  # noqa: S311  # an order that is always the same
    return cohorts, places
