"""Measures an import of the whole directory: against COPY, and what it costs the others.

The set is RNCP of January 2021, 17,369 certifications, kept outside of the product.
"""

import asyncio
import io
import statistics
import sys
import time
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import asyncpg
import httpx
import psutil

from tests.bench.load import latencies, percentile
from tests.bench.pace import HEAVY_ROUNDS
from tests.bench.rounds import console, interleave, show
from tests.bench.stage import Stage
from training.formats import FORMATS
from training.imports import engine, service, uploads
from training.imports import queries as imports

SET = Path(__file__).parents[3] / "shared" / "data" / "rncp-2020"
KINDS = {"rncp": "application/zip", "lheo": "application/xml"}
INDEX = tuple(
    f"search_{one}" for one in ("entry", "text", "period", "place", "fact", "value", "word")
)
_CERTIFICATIONS = (
    "certification",
    "bloc",
    "classification",
    "certifying_body",
    "partner",
    "equivalence",
    "succession",
    "change",
    *INDEX,
)
_COLUMNS = """
SELECT attname FROM pg_attribute
 WHERE attrelid = ('training.' || $1)::regclass AND attnum > 0 AND NOT attisdropped
   AND attgenerated = '' AND attidentity = '' AND attname <> 'xid'"""
NO_OFFERS = "; ".join(
    f"TRUNCATE training.{table} CASCADE" for table in ("formation", "change", *INDEX)
)
EMPTY = f"TRUNCATE training.certification CASCADE; {NO_OFFERS}"

Rows = Mapping[str, tuple[Sequence[str], bytes]]


@dataclass(slots=True)
class Work:
    """Seconds: on the clock, and of the processor, by this process and by PostgreSQL for it."""

    clock: float = 0.0
    python: float = 0.0
    postgres: float = 0.0


@contextmanager
def measured(*connections: asyncpg.Connection) -> Iterator[Work]:
    """Measure what is done in the block, over these connections."""
    work, backends = Work(), [psutil.Process(one.get_server_pid()) for one in connections]

    def postgres() -> float:
        return sum(times.user + times.system for times in (one.cpu_times() for one in backends))

    clock, python, before = time.perf_counter(), time.process_time(), postgres()
    yield work
    work.clock = time.perf_counter() - clock
    work.python = time.process_time() - python
    work.postgres = postgres() - before


class Works:
    """What the same works took in each round."""

    def __init__(self) -> None:
        self._works: defaultdict[str, list[Work]] = defaultdict(list)

    def add(self, name: str, work: Work) -> float:
        """Note a work; return its seconds on the clock."""
        self._works[name].append(work)
        return work.clock

    def show(self, reference: str) -> None:
        """Print seconds of the clock and of the processor, which a busy machine changes less."""
        for name, works in self._works.items():
            clock, python, postgres = (
                statistics.median(getattr(one, part) for one in works)
                for part in ("clock", "python", "postgres")
            )
            console.print(
                f"{name}: {clock:.1f} s;"
                f" of the processor: Python {python:.1f} s, PostgreSQL {postgres:.1f} s"
            )
        found = {
            name: [one.python + one.postgres for one in works]
            for name, works in self._works.items()
        }
        show("the same, of the processor", "s", found, reference)


class Fresh(httpx.Auth):
    """Signs each request anew: what the gateway signs is good for a minute, a round may be not."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def auth_flow(self, request: httpx.Request) -> Iterator[httpx.Request]:  # type: ignore[override]  # nothing comes back
        """Put the headers of the demo client on the request."""
        request.headers.update(self._stage.inside("training", scopes={"training:import"}))
        yield request


def archive() -> bytes:
    """Make the archive that a partner would send."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for path in sorted(SET.glob("rncp_*.csv")):
            file.write(path, path.name)
    return made.getvalue()


async def directory(stage: Stage) -> None:
    """Compare rows per second with COPY into the same tables, and reads beside it with idle ones.

    The catalogue is empty before each round, so this is the last measure of a run.
    """
    if not SET.exists():
        console.print("imports: the RNCP set is not on this machine")
        return
    data = archive()
    admin = await asyncpg.connect(stage.admin_dsn)
    async with httpx.AsyncClient(base_url=stage.url("training", ""), auth=Fresh(stage)) as client:
        await admin.execute(EMPTY)
        await imported(client, "rncp", data)
        count, rows = await kept(admin, _CERTIFICATIONS)

        works = Works()

        async def by_import() -> float:
            await admin.execute(EMPTY)
            return count / works.add("import", await commanded(stage, "rncp", io.BytesIO(data)))

        async def again() -> float:
            work = await commanded(stage, "rncp", io.BytesIO(data))
            return count / works.add("import again", work)

        async def by_copy() -> float:
            await admin.execute(EMPTY)
            return count / works.add("COPY", await copied(stage, rows))

        found = await interleave(
            {"COPY": by_copy, "import": by_import, "import again": again}, HEAVY_ROUNDS, warm=False
        )
        show(f"RNCP, {count:,} rows (per second)", "rows/s", found, "COPY")
        works.show("COPY")
        await beside(stage, client, "rncp", data)
    await admin.close()


async def imported(client: httpx.AsyncClient, form: str, data: bytes) -> None:
    """Send a file and wait for the end of the work."""
    await finished(client, await sent(client, form, data))


_LOOK_SECONDS = 0.5
"""Between two looks at a run: each takes this process some milliseconds, which is measuring."""


async def sent(client: httpx.AsyncClient, form: str, data: bytes) -> str:
    """Send a file; return the address of its run."""
    headers = {"content-type": KINDS[form]}
    answer = await client.post(
        f"/v1/imports/{form}", content=data, headers=headers, params={"mode": "partial"}
    )
    return f"/v1/imports/{answer.json()['id']}"


async def finished(client: httpx.AsyncClient, run: str) -> int:
    """Wait for the end of a run, which must be a good one; return how many errors it lists."""
    while not (found := (await client.get(run)).json())["finished_at"]:  # noqa: ASYNC110  # polled as partners do
        await asyncio.sleep(_LOOK_SECONDS)
    if found["state"] != "done":
        raise RuntimeError(found)
    errors: int = found["errors"]
    return errors


async def commanded(stage: Stage, form: str, file: IO[bytes]) -> Work:
    """Do what `vigie import` does; return what the engine's work takes."""
    received = uploads.Received(file.seek(0, io.SEEK_END), "0" * 64)
    file.seek(0)
    asked = service.Asked("partial", False, False, None, KINDS[form])  # noqa: FBT003  # no options
    connection = await asyncpg.connect(stage.dsn("training"))
    async with connection.transaction():
        run = await service.enqueue(
            connection, "", "bench", None, FORMATS[form], asked, file, received
        )
        assert run is not None  # there is no key that could be taken
        await connection.execute(imports.LOCK, run)  # the service's own worker shall not see it
    beside = await asyncpg.connect(stage.dsn("training"))
    with measured(connection, beside) as work:
        state = await engine.execute(connection, run, FORMATS, lambda _: None, beside)
    await connection.close()
    await beside.close()
    if state != "done":
        raise RuntimeError(state)
    return work


async def kept(admin: asyncpg.Connection, tables: Sequence[str]) -> tuple[int, Rows]:
    """Read back all that an import has written, as COPY gives it; return also how many rows."""
    count, rows = 0, {}
    for table in tables:
        columns = [row["attname"] for row in await admin.fetch(_COLUMNS, table)]
        found = io.BytesIO()
        said = await admin.copy_from_table(
            table, schema_name="training", columns=columns, output=found
        )
        count += int(said.rpartition(" ")[2])
        rows[table] = (columns, found.getvalue())
    return count, rows


async def copied(stage: Stage, rows: Rows) -> Work:
    """Write the same rows by COPY in one transaction; return what that takes."""
    connection = await asyncpg.connect(stage.dsn("training"))
    with measured(connection) as work:
        async with connection.transaction():
            for table, (columns, found) in rows.items():
                await connection.copy_to_table(
                    table, schema_name="training", columns=columns, source=io.BytesIO(found)
                )
    await connection.close()
    return work


async def beside(stage: Stage, client: httpx.AsyncClient, form: str, data: bytes) -> None:
    """Show the p95 of a hot read alone and while an import runs, and how its process grows."""
    (first,) = (await client.get("/v1/certifications?limit=1")).json()["items"]
    url = stage.url("training", f"/v1/certifications/{first['number']}")
    idle = percentile(await latencies(url, stage.inside("training"), 1000), 0.95)
    begun = time.perf_counter()
    run = await sent(client, form, data)
    taken = time.perf_counter() - begun
    work = asyncio.create_task(finished(client, run))
    size = asyncio.create_task(largest(stage, work))
    times: list[float] = []
    while not work.done():
        times += await latencies(url, stage.inside("training"), 100)
    errors = await work
    seconds, busy = time.perf_counter() - begun, percentile(times, 0.95)
    most, least = await size, await bare_size()
    console.print(
        f"{form}: taken in after {taken:.1f} s, done after {seconds:.1f} s, {errors} errors;"
        f" p95 of the hot read (ms) idle {idle:.2f}, during the import {busy:.2f}"
        f" ({busy / idle:.1f} of idle);"
        f" its process had at most {most:.0f} MB, {most - least:.0f} more than at its start"
    )


async def bare_size() -> float:
    """Return the megabytes of the import's process before it reads anything."""
    told = "import psutil, training.import_run as _; print(psutil.Process().memory_info().rss)"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", told, stdout=asyncio.subprocess.PIPE
    )
    said, _ = await process.communicate()
    return int(said) / 1e6


async def largest(stage: Stage, work: asyncio.Task[int]) -> float:
    """Return how many megabytes the import's process had at its largest."""
    sizes = [0]
    while not work.done():
        for process in psutil.Process(stage.process).children(recursive=True):
            try:
                if "training.import_run" in process.cmdline():
                    sizes.append(process.memory_info().rss)
            except psutil.NoSuchProcess:
                continue
        await asyncio.sleep(_LOOK_SECONDS)
    return max(sizes) / 1e6
