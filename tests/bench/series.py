"""Measures one series, short and long: HTTP against its bare SQL and the least there can be.

The long one has 720 months, as that of `design/performance.md` §7, by whose figures the target of
three times bare SQL was set. The short one has ten years: its statement takes a tenth of a
millisecond, and an ASGI application that does nothing else twice as long again (`floor`).
"""

from collections.abc import Awaitable, Callable
from time import perf_counter
from typing import Final

import asyncpg

from tests.bench.floor import floor
from tests.bench.load import latencies, percentile
from tests.bench.pace import ROUNDS
from tests.bench.rounds import Measure, interleave, show
from tests.bench.stage import Stage

MONTHS: Final = 720

CURRENT: Final = "o.rel_to IS NULL AND NOT o.deleted"
SLICE: Final = """
SELECT s.d1, s.d2, s.d3, p.text, o.value
  FROM observatory.series s
  JOIN observatory.obs o ON o.series_id = s.series_id AND o.flow = {flow} AND {live}
  JOIN observatory.period p ON p.number = o.period_id
 WHERE s.flow = {flow} AND s.d1 = '{area}' {more}
 ORDER BY o.series_id, o.period_id"""
_TIMES: Final = 30


async def one_series(
    stage: Stage, bare: asyncpg.Connection, flow: int, indicator: str, key: tuple[str, str, str]
) -> None:
    """Compare the reads of the series with this area, sector and job."""
    area, sector, job = key
    more = f"AND s.d2 = '{sector}' AND s.d3 = '{job}'"
    statement = SLICE.format(flow=flow, live=CURRENT, area=area, more=more)
    count = len(await bare.fetch(statement))
    path = f"/v1/indicators/{indicator}/data.csv?c[AREA]={area}&c[SECTOR]={sector}&c[JOB]={job}"
    async with floor(stage.dsn("observatory"), statement) as address:
        found = await interleave(
            {
                "SQL": median(lambda: bare.fetch(statement)),
                "uvicorn and asyncpg alone": http_at(address, dict),
                "CSV": http_of(stage, path),
                "JSON": http_of(stage, path.replace(".csv", ".json")),
                "CSV by the route": http_of(stage, f"{path}&labels=id"),
                "CSV through the door": http_at(
                    stage.url("gateway", path.replace("/v1/", "/v1/observatory/")),
                    stage.past_the_cache,
                ),
            },
            ROUNDS,
        )
    show(f"One series of {count} (ms)", "ms", found, "SQL")
    show("The same, of the least there can be", "ms", found, "uvicorn and asyncpg alone")


def median(work: Callable[[], Awaitable[object]]) -> Measure:
    """Return a measure: median milliseconds of one after the other."""

    async def measure() -> float:
        times = []
        for _ in range(_TIMES):
            begun = perf_counter()
            await work()
            times.append((perf_counter() - begun) * 1000)
        return percentile(times, 0.5)

    return measure


def http_of(stage: Stage, path: str) -> Measure:
    """Return a measure: median milliseconds of a path of the service."""
    url = stage.url("observatory", path)
    return http_at(url, lambda: stage.inside("observatory"))


def http_at(url: str, headers: Callable[[], dict[str, str]]) -> Measure:
    """Return a measure: median milliseconds of an address; tokens are of the moment."""

    async def measure() -> float:
        return percentile(await latencies(url, headers(), _TIMES), 0.5)

    return measure
