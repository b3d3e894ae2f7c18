"""Measures the hot paths against references of the same run: `make bench`.

`BENCH_ROUNDS` (5) and `BENCH_SECONDS` (2) make it longer. Figures go to docs/performance.md.
"""

import asyncio
import os
import platform
import time
import uuid
from collections.abc import Awaitable, Callable
from datetime import date

import asyncpg
import httpx

from tests.bench.load import KIND, latencies, load, percentile
from tests.bench.nginx import proxy
from tests.bench.rounds import Measure, console, interleave, show
from tests.bench.stage import Stage, staged
from training.certifications import queries

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
SECONDS = float(os.environ.get("BENCH_SECONDS", "2"))
CONNECTIONS = 32
DIRECT = 8
"""Connections of the bare loops: as many as a service's read pool has."""

CERTIFICATION = "RNCP37827"
JOB = "M1607"


def rate(url: str, headers: dict[str, str]) -> Measure:
    """Return a measure: answers per second of a URL under 32 connections."""

    async def measure() -> float:
        return (await load(url, headers, connections=CONNECTIONS, seconds=SECONDS)).rps

    return measure


async def repeated(work: Callable[[asyncpg.Connection], Awaitable[object]], dsn: str) -> float:
    """Return how often per second the work is done on eight connections together."""
    connections = [await asyncpg.connect(dsn) for _ in range(DIRECT)]
    end = time.perf_counter() + SECONDS
    count = 0

    async def loop(connection: asyncpg.Connection) -> None:
        nonlocal count
        while time.perf_counter() < end:
            await work(connection)
            count += 1

    await asyncio.gather(*(loop(connection) for connection in connections))
    for connection in connections:
        await connection.close()
    return count / SECONDS


async def hot_read(stage: Stage) -> None:
    """Read one certification by number: bare statement, service, door, nginx."""
    today = date.today()  # noqa: DTZ011  # which day matters little here

    async def bare(connection: asyncpg.Connection) -> object:
        return await connection.fetch(queries.READ, today, CERTIFICATION, CERTIFICATION)

    async def bare_rate() -> float:
        return await repeated(bare, stage.dsn("training"))

    service = stage.url("training", f"/v1/certifications/{CERTIFICATION}")
    door = stage.url("gateway", f"/v1/training/certifications/{CERTIFICATION}")
    async with proxy(stage.ports["training"]) as nginx:
        subjects: dict[str, Measure] = {
            "asyncpg loop": bare_rate,
            "service": rate(service, stage.inside("training")),
            "door": rate(door, stage.at_the_door()),
        }
        if nginx:
            path = f"{nginx}/v1/certifications/{CERTIFICATION}"
            subjects["nginx"] = rate(path, stage.inside("training"))
        found = await interleave(subjects, ROUNDS)
    show("Hot read by key (rps)", "rps", found, "asyncpg loop")
    show("The hop: door against nginx and the service itself", "rps", found, "service")
    if nginx:
        show("The same, of nginx", "rps", found, "nginx")


async def hop_latency(stage: Stage) -> None:
    """Show what one hop adds at one connection, in milliseconds."""
    service = stage.url("training", f"/v1/certifications/{CERTIFICATION}")
    door = stage.url("gateway", f"/v1/training/certifications/{CERTIFICATION}")

    def middle(url: str, headers: dict[str, str]) -> Measure:
        async def measure() -> float:
            return percentile(await latencies(url, headers, 400), 0.5)

        return measure

    found = await interleave(
        {
            "service": middle(service, stage.inside("training")),
            "door": middle(door, stage.at_the_door()),
        },
        ROUNDS,
    )
    show("p50 at one connection (ms)", "ms", found, "service")


async def fan_out(stage: Stage) -> None:
    """Compare the overview of a job with the slowest of its parts, one connection, p50 and p99."""
    parts = {
        "exposure": stage.url("gateway", f"/v1/observatory/exposure/jobs/{JOB}"),
        "certifications": stage.url("gateway", f"/v1/training/certifications?rome={JOB}"),
        "overview": stage.url("gateway", f"/v1/overviews/jobs/{JOB}"),
    }
    for share in (0.5, 0.99):

        def at(url: str, share: float = share) -> Measure:
            async def measure() -> float:
                return percentile(await latencies(url, stage.at_the_door(), 300), share)

            return measure

        found = await interleave({name: at(url) for name, url in parts.items()}, ROUNDS)
        slowest = max(("exposure", "certifications"), key=lambda name: sum(found[name]))
        show(f"Fan-out p{share * 100:.0f} at one connection (ms)", "ms", found, slowest)


async def writes(stage: Stage) -> None:
    """Compare storing a company with key, feed row and checks with a bare transaction."""
    url = stage.url("diagnostic", "/v1/organisations")
    async with httpx.AsyncClient(limits=httpx.Limits(max_connections=DIRECT)) as http:
        headers = stage.inside("diagnostic", scopes={"diagnostic:write"})

        async def kit() -> float:
            end = time.perf_counter() + SECONDS
            count = 0

            async def loop() -> None:
                nonlocal count
                while time.perf_counter() < end:
                    answer = await http.post(
                        url,
                        json=company(),
                        headers={**headers, "idempotency-key": uuid.uuid4().hex},
                    )
                    answer.raise_for_status()
                    count += 1

            await asyncio.gather(*(loop() for _ in range(DIRECT)))
            return count / SECONDS

        async def bare(connection: asyncpg.Connection) -> object:
            async with connection.transaction():
                return await connection.execute(
                    "INSERT INTO diagnostic.change (entity, entity_id, kind, version, payload)"
                    " VALUES ('bench', 'bench', 'created', 1, '{}')"
                )

        async def bare_rate() -> float:
            return await repeated(bare, stage.dsn("diagnostic"))

        found = await interleave({"bare transaction": bare_rate, "service": kit}, ROUNDS)
    show("Write with idempotency, checks and feed (per second)", "/s", found, "bare transaction")


def company() -> dict[str, object]:
    """Make a company with a valid SIREN (Luhn) that nobody has used yet."""
    digits = f"{uuid.uuid4().int % 10**8:08d}"
    total = sum(
        sum(divmod(int(digit) * 2, 10)) if place % 2 else int(digit)
        for place, digit in enumerate(digits)
    )
    return {
        "siren": digits + str(-total % 10),
        "name": "Mesure",
        "naf_code": "25.62B",
        "headcount": 40,
        "postcode": "59000",
        "region_code": "32",
        "benchmark_consent": False,
    }


def machine() -> str:
    """Say on what this was measured."""
    return (
        f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()} {platform.release()},"
        f" Python {platform.python_version()}; load by {KIND}; {ROUNDS} rounds of {SECONDS:g} s"
    )


async def main() -> None:
    """Run all measures on one platform and print them."""
    console.print(machine())
    begun = time.perf_counter()
    async with staged() as stage:
        console.print(f"first start to ready: {time.perf_counter() - begun:.1f} s")
        for measure in (hot_read, hop_latency, fan_out, writes):
            await measure(stage)
        sizes = stage.memory()
        listed = ", ".join(f"{name} {size:.0f}" for name, size in sorted(sizes.items()))
        console.print(f"memory: {sum(sizes.values()):.0f} MB ({listed}; database server apart)")


if __name__ == "__main__":
    asyncio.run(main())
