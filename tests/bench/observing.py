"""Measures the store of observations: slices, vintages, availability, extraction and load.

The figures are generated; references are bare SQL and COPY of the same run, over the same rows.
"""

import statistics
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final

import asyncpg
import httpx
import psutil

from observatory.observations.queries import PLANNED
from observatory.releases import service as releases
from observatory.releases.schemas import Mode, ReleaseDraft
from observatory.settings import Settings
from observatory.structures import library
from observatory.structures.schemas import Names
from platformkit.db import driver, transaction
from tests.bench import generated
from tests.bench.aggregating import aggregates
from tests.bench.load import drained
from tests.bench.pace import ROUNDS
from tests.bench.rounds import Measure, console, interleave, show
from tests.bench.series import CURRENT, SLICE, http_of, median, one_series
from tests.bench.stage import Stage

_SAMPLED: Final = 100
"""Pieces of an extraction between two looks at the memory of the service."""

_FIRST: Final = "o.rel_from <= 1 AND (o.rel_to IS NULL OR o.rel_to > 1)"
_BARE_TABLE: Final = """
CREATE TABLE observatory.bench (LIKE observatory.obs INCLUDING DEFAULTS);
ALTER TABLE observatory.bench ADD PRIMARY KEY (series_id, period_id, rel_from, flow);
CREATE UNIQUE INDEX ON observatory.bench (series_id, period_id, flow) WHERE rel_to IS NULL;
CREATE INDEX ON observatory.bench (rel_from) WHERE rel_from > 1"""
_COPIES: Final = 3
"""Times of the reference of the load: of one and the same COPY they differ by a quarter."""

_BARE_COLUMNS: Final = ("series_id", "period_id", "rel_from", "flow", "value", "status", "conf")


async def observations(stage: Stage) -> None:
    """Load, then compare what the service answers with bare SQL."""
    admin = await asyncpg.connect(stage.admin_dsn)
    async with httpx.AsyncClient() as client:
        answer = await client.post(
            stage.url("observatory", "/v1/structures"),
            json=generated.structures(),
            headers=stage.inside("observatory", scopes={"observatory:publish"}),
            timeout=60,
        )
    answer.raise_for_status()
    flow = await _number(admin, generated.FLOW)
    await _loading(stage, admin, flow)
    bare = await asyncpg.connect(
        stage.dsn("observatory"), server_settings={**PLANNED, "jit": "off"}
    )
    await one_series(stage, bare, flow, generated.FLOW, ("R000007", "S03", "J04"))
    await one_series(
        stage, bare, await _number(admin, generated.LONG), generated.LONG, ("R000007", "S01", "J01")
    )
    await _reading(stage, bare, flow)
    await _extracting(stage, bare, flow)
    await aggregates(stage, generated.FLOW)
    await bare.close()
    await admin.close()


async def _number(admin: asyncpg.Connection, flow: str) -> int:
    number: int = await admin.fetchval("SELECT number FROM observatory.flow WHERE id = $1", flow)
    return number


async def _written(admin: asyncpg.Connection, sql: str, file: Path, **options: Any) -> None:
    await admin.copy_from_query(sql, output=str(file), format="csv", timeout=3600, **options)


async def _released(stage: Stage, file: Path, mode: Mode, flow: str = generated.FLOW) -> float:
    """Publish a file as `vigie publish` does; return the seconds."""
    settings = Settings.model_validate(
        {"database_url": stage.dsn("observatory"), "secret_key": "bench", "trusted_issuers": {}}
    )
    draft = ReleaseDraft(
        dataflow=flow, notes=Names(fr="b", en="b"), method="bench/1", source="generated"
    )

    async def pieces() -> AsyncIterator[bytes]:
        with file.open("rb") as opened:
            while piece := opened.read(1 << 20):
                yield piece

    begun = time.perf_counter()
    async with transaction(settings, "observatory") as session:
        structures = await library.load(await driver(session), settings.agency)
        who = releases.Actor("", "bench", "bench")
        done = await releases.release(session, structures, who, draft, pieces(), mode)
        assert done is not None
    return time.perf_counter() - begun


async def _loading(stage: Stage, admin: asyncpg.Connection, flow: int) -> None:
    """Compare a first release with COPY of its versions into an equal, indexed table."""
    folder = Path(stage.data)
    await _written(admin, generated.WHOLE, folder / "first.csv", header=True)
    await _written(admin, generated.REVISION, folder / "second.csv", header=True)
    seconds = await _released(stage, folder / "first.csv", "complete")
    columns = ", ".join(_BARE_COLUMNS)
    await _written(
        admin,
        f"SELECT {columns} FROM observatory.obs WHERE flow = {flow} ORDER BY 1, 2",
        folder / "bare.csv",
    )
    copied = await _copied(admin, folder / "bare.csv")
    console.print(
        f"load of {generated.COUNT:,} observations: {seconds:.1f} s,"
        f" {generated.COUNT / seconds:,.0f} per second;"
        f" COPY of its versions into the same indexes {copied:.1f} s: {copied / seconds:.2f}"
    )
    seconds = await _released(stage, folder / "second.csv", "partial")
    console.print(f"partial release of {generated.REVISED:,} revisions: {seconds:.1f} s")
    await _written(admin, generated.LESS, folder / "tenth.csv", header=True)
    await _released(stage, folder / "tenth.csv", "complete", generated.TENTH)
    await _written(admin, generated.MONTHLY, folder / "monthly.csv", header=True)
    await _released(stage, folder / "monthly.csv", "complete", generated.LONG)


async def _copied(admin: asyncpg.Connection, file: Path) -> float:
    """COPY versions into an equal, indexed table; return the median of the seconds."""
    seconds = []
    for _ in range(_COPIES):
        await admin.execute(_BARE_TABLE)
        begun = time.perf_counter()
        await admin.copy_to_table(
            "bench",
            schema_name="observatory",
            source=str(file),
            columns=_BARE_COLUMNS,
            format="csv",
            timeout=3600,
        )
        seconds.append(time.perf_counter() - begun)
        await admin.execute("DROP TABLE observatory.bench")
    return statistics.median(seconds)


async def _reading(stage: Stage, bare: asyncpg.Connection, flow: int) -> None:
    """Compare a slice of 10,000, the same as of the first release, and a 304."""
    path = f"/v1/indicators/{generated.FLOW}/data.csv?c[AREA]=R000007"
    client = httpx.AsyncClient()
    headers = stage.inside("observatory")
    listed = await client.get(
        stage.url("observatory", f"/v1/releases?dataflow={generated.FLOW}"), headers=headers
    )
    first = listed.json()["items"][-1]["published_at"]
    answer = await client.get(stage.url("observatory", path), headers=headers)
    tag = answer.headers["etag"]

    def sql(live: str) -> Measure:
        statement = SLICE.format(flow=flow, live=live, area="R000007", more="")
        return median(lambda: bare.fetch(statement))

    async def unchanged() -> None:
        signed = {**stage.inside("observatory"), "if-none-match": tag}
        answer = await client.get(stage.url("observatory", path), headers=signed)
        if answer.status_code != httpx.codes.NOT_MODIFIED:
            raise RuntimeError(answer)

    found = await interleave(
        {
            "SQL": sql(CURRENT),
            "SQL as of the first": sql(_FIRST),
            "HTTP": http_of(stage, path),
            "HTTP as of the first": http_of(stage, f"{path}&asOf={first}"),
            "304": median(unchanged),
            "availability": http_of(stage, f"/v1/dataflows/{generated.FLOW}"),
            "availability of a tenth": http_of(stage, f"/v1/dataflows/{generated.TENTH}"),
        },
        ROUNDS,
    )
    show("A slice of 10,000 (ms)", "ms", found, "SQL")
    show("The same, of HTTP", "ms", found, "HTTP")
    await client.aclose()


async def _extracting(stage: Stage, bare: asyncpg.Connection, flow: int) -> None:
    """Compare the whole flow as CSV with COPY TO STDOUT, by bytes, first byte and memory."""
    statement = f"""
    SELECT s.d1, s.d2, s.d3, p.text, o.value FROM observatory.series s
      JOIN observatory.obs o ON o.series_id = s.series_id AND o.flow = {flow} AND {CURRENT}
      JOIN observatory.period p ON p.number = o.period_id WHERE s.flow = {flow}"""
    first: list[float] = []
    largest = [0.0]

    async def copy() -> float:
        async def drop(_: bytes) -> None:
            return None

        begun = time.perf_counter()
        await bare.copy_from_query(statement, output=drop, format="csv", timeout=3600)
        return time.perf_counter() - begun

    async def download() -> float:
        url = stage.url("observatory", f"/v1/indicators/{generated.FLOW}/data.csv")
        headers = {**stage.inside("observatory"), "accept-encoding": "identity"}
        begun = time.perf_counter()
        count = 0
        async for _ in drained(url, headers):
            if not count:
                first.append(time.perf_counter() - begun)
            if not count % _SAMPLED:
                largest.append(_memory(stage))
            count += 1
        return time.perf_counter() - begun

    found = await interleave({"COPY TO STDOUT": copy, "CSV over HTTP": download}, 3)
    show(f"{generated.COUNT:,} rows as CSV (s)", "s", found, "COPY TO STDOUT")
    console.print(f"first byte after {min(first):.2f} s; the service had {max(largest):.0f} MB")


def _memory(stage: Stage) -> float:
    """Return the megabytes of the observatory's process."""
    for process in psutil.Process(stage.process).children(recursive=True):
        if "observatory" in process.cmdline():
            return float(process.memory_info().rss / 1e6)
    return 0.0
