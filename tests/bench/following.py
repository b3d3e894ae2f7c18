"""Following a feed into indicators, beside reading the same pages and doing nothing with them.

`BENCH_EVENTS` (100,000) changes of enrolments, cohorts and diagnostics; issue 9 has a million. On a
platform of its own, whose observatory looks at the feed at its start only.
"""

import os
import time
from collections.abc import Callable
from functools import lru_cache

import asyncpg
import orjson

from observatory.kpis.following import Follower
from observatory.settings import Settings
from platformkit.clients.base import connect
from platformkit.clients.feeds import DiagnosticFeed
from platformkit.reads import WritePool
from tests.bench.pace import HEAVY_ROUNDS
from tests.bench.rounds import console, interleave, show
from tests.bench.stage import Stage, staged

EVENTS = int(os.environ.get("BENCH_EVENTS", "100000"))

_TELL = """
INSERT INTO diagnostic.change (entity, entity_id, kind, version, payload)
SELECT (ARRAY['enrolment', 'assessment', 'cohort', 'enrolment'])[1 + n % 4],
       md5((n % ($1::int / 3 + 1))::text), CASE WHEN n % 50 = 0 THEN 'deleted' ELSE 'updated' END,
       1 + n / 1000,
       jsonb_build_object('status', (ARRAY['confirmed', 'attended', 'completed'])[1 + n % 3],
                          'cohort', 'HDF-2026-' || n % 200, 'revision', 1,
                          'questionnaire', 'MIA', 'milestone', 'T0', 'programme', 'PRIA-HDF')
  FROM generate_series(1, $1::int) n"""
_CLEAR = (
    "DELETE FROM observatory.followed_thing",
    "DELETE FROM observatory.followed_feed",
)


async def feed() -> None:
    """Read a feed bare, and follow it from zero until nothing is left."""
    async with staged(OBSERVATORY_FEED_SECONDS="86400") as stage:
        admin = await asyncpg.connect(stage.admin_dsn)
        await admin.execute(_TELL, EVENTS)
        await admin.execute("ANALYZE diagnostic.change")
        whole = await admin.fetchval("SELECT count(*) FROM diagnostic.change")
        settings = Settings(
            database_url=stage.dsn("observatory"), secret_key="bench", trusted_issuers={}
        )
        writes = WritePool(settings, "observatory")
        http = connect(stage.url("diagnostic", ""))
        client = DiagnosticFeed(http, _credential(stage))

        async def bare() -> float:
            begun, count, after, more = time.perf_counter(), 0, None, True
            while more:
                asked = {"limit": client.limit} | ({"after": after} if after else {})
                answer = await client.send("GET", "/changes", parameters=asked)
                page = orjson.loads(answer.content)
                count, after, more = count + len(page["items"]), page["next"], page["more"]
            assert count == whole
            return count / (time.perf_counter() - begun)

        async def followed() -> float:
            for statement in _CLEAR:
                await admin.execute(statement)
            begun = time.perf_counter()
            await Follower("diagnostic", client, writes, seconds=60).follow()
            pace = whole / (time.perf_counter() - begun)
            read = await admin.fetchrow("SELECT changes, current_at FROM observatory.followed_feed")
            assert read["changes"] == whole
            assert read["current_at"]
            return float(pace)

        console.print(f"{whole:,} changes in the feed, {client.limit:,} a page")
        found = await interleave({"bare read": bare, "followed": followed}, HEAVY_ROUNDS)
        show("Changes of a feed (per second)", "/s", found, "bare read")
        await http.aclose()
        await writes.close()
        await admin.close()


def _credential(stage: Stage) -> Callable[[], str]:
    """Return what signs in the name of the door."""

    @lru_cache(maxsize=1)
    def token(_turn: int) -> str:
        told = stage.inside("diagnostic", {"diagnostic:feed"})
        return told["authorization"].removeprefix("Bearer ")

    return lambda: token(int(time.monotonic() // 20))  # it lives for a minute
