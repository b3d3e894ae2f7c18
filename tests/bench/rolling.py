"""The national roll-up of 18 regions: its pace, and its memory beside that of one region.

`BENCH_CELLS` (100,000) figures of each; issue 9 has a million. On a database of its own.
"""

import asyncio
import csv
import io
import os
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import asyncpg
import psutil

from deploy.cluster import Cluster
from observatory.rollups import figures
from observatory.rollups.figures import Expected
from observatory.rollups.merging import Merge
from observatory.rollups.schemas import UsedSource
from observatory.rollups.standing import Standing
from observatory.structures.catalogue import Dimension, Flow
from platformkit import migrations
from platformkit.i18n import Text
from tests.bench.pace import HEAVY_ROUNDS, ROUNDS
from tests.bench.rounds import Measure, console, interleave, show

REGIONS: Final = 18
CELLS: Final = int(os.environ.get("BENCH_CELLS", "100000"))
_LINES: Final = 20_000
_ROLLUP: Final[dict[str, Any]] = {
    "area": "FR",
    "dimension": "AREA",
    "errors": "independent",
    "least_coverage": 0.01,
}
_DEFINE: Final = """
INSERT INTO observatory.rollup
       (id, tenant, name, dataflow, source, dimension, area, method, method_version, errors,
        least_coverage, silent_after_hours, parts)
VALUES ($1, '', '{}', 'DF', 'DF', 'AREA', 'FR', 'm', '1.0', 'independent', 0.01, 1, '[]')"""
_FILL: Final = """
INSERT INTO observatory.rollup_figure
       (rollup, area, key, period, numerator, denominator, se, round, hidden)
SELECT $3, 'R' || $1::int, 'S' || lpad((n / 10)::text, 7, '0'), (2015 + n % 10)::text,
       n % 97, 100 + n % 13, 0.01, 1, false
  FROM generate_series(0, $2::int - 1) n"""
_BARE: Final = "SELECT * FROM observatory.rollup_figure WHERE rollup = 'ALL'"


_HEADER: Final = (
    *("STRUCTURE", "STRUCTURE_ID", "ACTION", "AREA", "SECTOR", "TIME_PERIOD", "OBS_VALUE"),
    *("OBS_STATUS", "CONF_STATUS", "NUMERATOR", "DENOMINATOR", "SE", "METHOD_VERSION"),
)


@contextmanager
def _database() -> Iterator[str]:
    """Start a PostgreSQL of our own; returns the address of its database."""
    with tempfile.TemporaryDirectory(prefix="vigie-bench-", dir="/tmp") as folder:
        data = Path(folder)
        data.chmod(0o755)  # PostgreSQL may run under another account
        with Cluster(data / "postgres") as cluster:
            yield cluster.dsn()


async def rollup() -> None:
    """Add up figures that were pulled, beside a bare COPY of them; then read pages of CSV."""
    with _database() as dsn:
        await migrations.prepare(dsn, "observatory", None)
        await asyncio.to_thread(migrations.upgrade, "observatory", dsn)
        connection = await asyncpg.connect(dsn)
        for name, regions in (("ONE", 1), ("ALL", REGIONS)):
            await connection.execute(_DEFINE, name)
            for area in range(regions):
                await connection.execute(_FILL, area, CELLS, name, timeout=600)
        await connection.execute("VACUUM ANALYZE observatory.rollup_figure", timeout=600)
        await _merging(connection)
        await connection.close()
    await _reading()


async def _merging(connection: asyncpg.Connection) -> None:
    peaks: dict[str, list[float]] = {}

    def merged(name: str, regions: int) -> Measure:
        standing = Standing([_used(each) for each in range(regions)])
        merge = Merge(_flow(), _ROLLUP | {"id": name}, standing, Counter())

        async def measure() -> float:
            begun, peak = time.perf_counter(), 0.0
            async with connection.transaction(readonly=True):
                await connection.execute("SET LOCAL enable_seqscan = off")
                async for _ in merge.lines(connection):
                    server = _megabytes(connection.get_server_pid())
                    peak = max(peak, _megabytes(os.getpid()) + server)
            peaks.setdefault(f"{regions} of {REGIONS} regions", []).append(peak)
            return regions * CELLS / (time.perf_counter() - begun)

        return measure

    async def bare() -> float:
        begun = time.perf_counter()

        async def sink(_: bytes) -> None:
            """Take the bytes, and leave them."""

        await connection.copy_from_query(_BARE, output=sink, format="csv")
        return REGIONS * CELLS / (time.perf_counter() - begun)

    console.print(f"{REGIONS} regions × {CELLS:,} figures")
    found = await interleave(
        {"bare COPY": bare, "one region": merged("ONE", 1), "all": merged("ALL", REGIONS)},
        HEAVY_ROUNDS,
    )
    show("Figures of the national roll-up (per second)", "/s", found, "bare COPY")
    show("Memory of both processes, own pages (MB)", "MB", peaks, f"1 of {REGIONS} regions")


def _used(number: int) -> UsedSource:
    return UsedSource(
        area=f"R{number}",
        agency=f"A{number}",
        weight=1,
        state="current",
        failure=None,
        current_at=None,
        vintage=None,
        certificate=None,
        kit=None,
    )


def _flow() -> Flow:
    """Make a dataflow of areas and sectors, of which no more is asked here."""
    nothing: Any = None
    dimensions = [
        Dimension(name, Text(name, name), f"d{place}", nothing)
        for place, name in enumerate(("AREA", "SECTOR"), start=1)
    ]
    return Flow(0, nothing, nothing, tuple(dimensions), Text("", ""), (), {})


def _megabytes(process: int) -> float:
    """Return what a process has of its own: the pages of PostgreSQL's cache are not counted."""
    used = psutil.Process(process).memory_info()
    return float(used.rss - used.shared) / 1e6


async def _reading() -> None:
    """Read pages as a node answers them, beside `csv` alone on the same bytes."""
    sectors = [f"S{n:05}" for n in range(2_000)]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_HEADER)
    for n in range(_LINES):
        cell = ["R1", sectors[n % 2_000], 2015 + n // 2_000, 0.25, "A", "F", 25.0, 100.0, 0.01]
        writer.writerow(["dataflow", "A:DF(1.0.0)", "R", *cell, "ilo-2025/1.0.0"])
    body = text.getvalue().encode()
    codes = {"AREA": {"R1"}, "SECTOR": set(sectors)}
    expected = Expected(codes, "AREA", "R1", "ilo-2025", "1.0")

    async def bare() -> float:
        begun = time.process_time()
        assert sum(1 for _ in csv.reader(io.StringIO(body.decode(), newline=""))) == _LINES + 1
        return _LINES / (time.process_time() - begun)

    async def judged() -> float:
        begun = time.process_time()
        assert figures.read(body, expected).lines == _LINES
        return _LINES / (time.process_time() - begun)

    found = await interleave({"csv alone": bare, "read and judged": judged}, ROUNDS)
    show("Lines of a node's page (per second of CPU)", "/s", found, "csv alone")
