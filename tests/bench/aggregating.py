"""Compares the aggregates of the observatory with DuckDB itself on the same Parquet file."""

import asyncio
import time
from pathlib import Path
from typing import Final

import duckdb
import httpx

from tests.bench.load import latencies, percentile
from tests.bench.pace import ROUNDS
from tests.bench.rounds import Measure, interleave, show
from tests.bench.stage import Stage

_TIMES: Final = 10
_SQL: Final[dict[str, tuple[str, str]]] = {
    "mean": ("function=mean", "SELECT avg(OBS_VALUE) FROM read_parquet($1)"),
    "mean by sector": (
        "function=mean&by=SECTOR",
        "SELECT SECTOR, avg(OBS_VALUE) FROM read_parquet($1) GROUP BY SECTOR",
    ),
}


async def aggregates(stage: Stage, flow: str) -> None:
    """Measure means over all observations of a flow's newest release."""
    file = await _file(stage, flow)
    subjects: dict[str, Measure] = {}
    for name, (query, sql) in _SQL.items():
        path = f"/v1/indicators/{flow}/aggregate.json?{query}"
        subjects[f"DuckDB: {name}"] = _asked(file, sql)
        subjects[f"HTTP: {name}"] = _http(stage, path)
    found = await interleave(subjects, ROUNDS)
    for name in _SQL:
        pair = {each: found[each] for each in (f"DuckDB: {name}", f"HTTP: {name}")}
        show(f"The {name} over all observations (ms)", "ms", pair, f"DuckDB: {name}")


async def _file(stage: Stage, flow: str) -> Path:
    """Download the file of the newest release, once it is written."""
    headers = stage.inside("observatory")
    async with httpx.AsyncClient(timeout=600) as client:
        address = stage.url("observatory", f"/v1/releases?dataflow={flow}")
        release = (await client.get(address, headers=headers)).json()["items"][0]
        address = stage.url("observatory", f"/v1/{release['bulk']}")
        while True:
            answer = await client.get(address, headers=stage.inside("observatory"))
            if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
                break
            await asyncio.sleep(1)
    answer.raise_for_status()
    file = Path(stage.data) / "release.parquet"
    await asyncio.to_thread(file.write_bytes, answer.content)
    return file


def _asked(file: Path, sql: str) -> Measure:
    """Return a measure: median milliseconds of DuckDB as it is by default, on every core."""
    connection = duckdb.connect()

    async def measure() -> float:
        times = []
        for _ in range(_TIMES):
            begun = time.perf_counter()
            connection.execute(sql, [str(file)]).fetchall()
            times.append((time.perf_counter() - begun) * 1000)
        return percentile(times, 0.5)

    return measure


def _http(stage: Stage, path: str) -> Measure:
    url = stage.url("observatory", path)

    async def measure() -> float:
        return percentile(await latencies(url, stage.inside("observatory"), _TIMES), 0.5)

    return measure
