"""Measures the hot paths against references of the same run: `make bench`.

`python -m tests.bench --only answers,scores` runs some of them.

`BENCH_ROUNDS` (5) and `BENCH_SECONDS` (2) make it longer. Figures go to docs/performance.md.
"""

import argparse
import asyncio
import contextlib
import itertools
import re
import secrets
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import date
from functools import partial

import asyncpg
import orjson

from tests.bench import (
    advising,
    assessing,
    comparing,
    emerging,
    exporting,
    fanning,
    fastify,
    following,
    idling,
    importing,
    nginx,
    observing,
    offering,
    overload,
    planning,
    rolling,
    searching,
    seating,
    tokening,
    verifying,
)
from tests.bench.diagnostics import seed
from tests.bench.load import Stream, latencies, percentile
from tests.bench.pace import DIRECT, ROUNDS, SECONDS, machine, rate, repeated
from tests.bench.rounds import Measure, console, interleave, show
from tests.bench.stage import Stage, staged
from training.certifications import queries

CERTIFICATION = "RNCP37827"


async def hot_read(stage: Stage) -> None:
    """Read one certification by number: bare statement, service, door, proxies of others."""
    today = date.today()  # noqa: DTZ011  # which day matters little here

    async def bare(connection: asyncpg.Connection) -> object:
        return await connection.fetch(queries.READ, today, CERTIFICATION, CERTIFICATION)

    async def bare_rate() -> float:
        return await repeated(bare, stage.dsn("training"))

    service = stage.url("training", f"/v1/certifications/{CERTIFICATION}")
    door = stage.url("gateway", f"/v1/training/certifications/{CERTIFICATION}")
    async with proxies(stage.ports["training"]) as others:
        subjects: dict[str, Measure] = {
            "asyncpg loop": bare_rate,
            "service": rate(service, stage.inside("training")),
            "door": rate(door, stage.past_the_cache()),
        }
        for name, url in others.items():
            path = f"{url}/v1/certifications/{CERTIFICATION}"
            subjects[name] = rate(path, stage.inside("training"))
        found = await interleave(subjects, ROUNDS)
    show("Hot read by key (rps)", "rps", found, "asyncpg loop")
    show("The hop: door against other proxies and the service itself", "rps", found, "service")
    for name in others:
        show(f"The same, of {name}", "rps", found, name)


@asynccontextmanager
async def proxies(upstream: int) -> AsyncIterator[dict[str, str]]:
    """Run the proxies of others that are on this machine, in front of the port."""
    async with nginx.proxy(upstream) as first, fastify.proxy(upstream) as second:
        both = {"nginx": first, "@fastify/http-proxy": second}
        yield {name: url for name, url in both.items() if url}


async def cached_read(stage: Stage) -> None:
    """Serve the same certification from the door's cache, and from that of nginx."""
    door = stage.url("gateway", f"/v1/training/certifications/{CERTIFICATION}")
    async with nginx.proxy(stage.ports["training"], keeps=True) as cache:
        subjects: dict[str, Measure] = {
            "past the cache": rate(door, stage.past_the_cache()),
            "door's cache, token": rate(door, stage.at_the_door()),
            "door's cache, anonymous": rate(door, {}),
        }
        if cache:
            path = f"{cache}/v1/certifications/{CERTIFICATION}"
            subjects["nginx's cache"] = rate(path, stage.inside("training"))
        found = await interleave(subjects, ROUNDS)
    title = "Cached public read (rps)"
    show(title, "rps", found, "nginx's cache" if cache else "past the cache")


async def hop_latency(stage: Stage) -> None:
    """Show what one hop adds at one connection, in milliseconds."""
    service = stage.url("training", f"/v1/certifications/{CERTIFICATION}")
    door = stage.url("gateway", f"/v1/training/certifications/{CERTIFICATION}")

    def middle(url: str, headers: dict[str, str]) -> Measure:
        async def measure() -> float:
            return percentile(await latencies(url, headers, 400), 0.5)

        return measure

    async with proxies(stage.ports["training"]) as others:
        subjects = {
            "service": middle(service, stage.inside("training")),
            "door": middle(door, stage.past_the_cache()),
        }
        for name, url in others.items():
            path = f"{url}/v1/certifications/{CERTIFICATION}"
            subjects[name] = middle(path, stage.inside("training"))
        found = await interleave(subjects, ROUNDS)
    show("p50 at one connection (ms)", "ms", found, "service")


async def telemetry_cost() -> None:
    """Compare the proxied hot read with nothing, a tenth and all of the traces exported."""

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, OSError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).lower()
                length = re.search(rb"content-length: (\d+)", head)
                await reader.readexactly(int(length[1]) if length else 0)
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

    async with contextlib.AsyncExitStack() as stack:
        sink = await stack.enter_async_context(await asyncio.start_server(accept, "127.0.0.1", 0))
        endpoint = f"http://127.0.0.1:{sink.sockets[0].getsockname()[1]}"
        subjects: dict[str, Measure] = {}
        for name, share in (("no telemetry", None), ("10 % of traces", "0.1"), ("all", "1")):
            told = {"OTEL_EXPORTER_OTLP_ENDPOINT": endpoint, "GATEWAY_TRACE_RATIO": str(share)}
            stage = await stack.enter_async_context(staged(**(told if share else {})))
            door = stage.url("gateway", f"/v1/training/certifications/{CERTIFICATION}")
            subjects[name] = rate(door, stage.past_the_cache())
        found = await interleave(subjects, ROUNDS)
    show("Throughput kept with spans and metrics exported (rps)", "rps", found, "no telemetry")


_BARE_COMPANY = """
INSERT INTO diagnostic.organisation
  (id, tenant, pseudonym, siren, name, naf_code, headcount, size_band, postcode, region_code,
   benchmark_consent, version, created_at, updated_at)
VALUES (gen_random_uuid(), 'bench', gen_random_uuid(), $1, 'Mesure', '25.62B', 40, '10-49', '59000',
        '32', false, 1, now(), now())"""
_BARE_CHANGE = """
INSERT INTO diagnostic.change (entity, entity_id, kind, version, payload)
VALUES ('bench', 'bench', 'created', 1, '{}')"""


async def writes(stage: Stage) -> None:
    """Compare registering a company, with key, checks and feed, with its two bare inserts."""
    url = stage.url("diagnostic", "/v1/organisations")
    headers = stage.inside("diagnostic", scopes={"diagnostic:write"})
    headers["content-type"] = "application/json"

    async def through_the_service() -> float:
        end = time.perf_counter() + SECONDS
        count = 0

        async def loop() -> None:
            nonlocal count
            stream = await Stream.open(url, headers, "POST")
            while time.perf_counter() < end:
                key = f"Idempotency-Key: {uuid.uuid4().hex}\r\n"
                await stream.ask(orjson.dumps(company()), more=key)
                count += 1
            stream.close()

        await asyncio.gather(*(loop() for _ in range(DIRECT)))
        return count / SECONDS

    async def bare(connection: asyncpg.Connection) -> object:
        async with connection.transaction():
            await connection.execute(_BARE_COMPANY, company()["siren"])
            return await connection.execute(_BARE_CHANGE)

    async def bare_rate() -> float:
        return await repeated(bare, stage.dsn("diagnostic"))

    subjects: dict[str, Measure] = {"bare inserts": bare_rate, "service": through_the_service}
    found = await interleave(subjects, ROUNDS)
    show("Write with idempotency, checks and feed (per second)", "/s", found, "bare inserts")


_numbers = itertools.count(secrets.randbelow(5 * 10**7))


def company() -> dict[str, object]:
    """Make a company with a valid SIREN (Luhn) that nobody has used yet."""
    digits = f"{next(_numbers):08d}"
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


FAST: Mapping[str, Callable[[Stage], Awaitable[None]]] = {
    "hot": hot_read,
    "cached": cached_read,
    "hop": hop_latency,
    "fanout": fanning.job,
    "writes": writes,
    "tokens": tokening.tokens,
    "overload": partial(overload.overload, path=f"/v1/training/certifications/{CERTIFICATION}"),
    "idle": idling.idle_clients,
    "seats": seating.seats,
}
"""Measures on the platform as it starts."""

DIAGNOSTICS = {
    "answers": assessing.answers,
    "scores": assessing.reading,
    "cpu": assessing.computing,
    "exports": assessing.exporting,
    "benchmark": comparing.comparison,
    "rebuild": comparing.rebuilding,
}
"""Measures on a year of diagnostics."""

LAST = {
    "observatory": observing.observations,
    "search": searching.finding,
    "gap": advising.recommending,
    "imports": importing.directory,
    "offers": offering.national,
    "csv": exporting.table,
}
"""Measures that leave another catalogue behind."""

APART = {
    "plan": planning.plans,
    "emergence": emerging.emergence,
    "kit": verifying.kits,
    "feed": following.feed,
    "rollup": rolling.rollup,
    "telemetry": telemetry_cost,
}
"""Measures that need no platform, or one of their own."""

NAMES = (*FAST, *DIAGNOSTICS, *LAST, *APART)


async def main(chosen: Collection[str]) -> None:
    """Run the chosen measures on one platform and print them."""
    console.print(machine())
    begun = time.perf_counter()
    async with staged() as stage:
        console.print(f"first start to ready: {time.perf_counter() - begun:.1f} s")
        for name, measure in FAST.items():
            if name in chosen:
                await measure(stage)
        if not DIAGNOSTICS.keys().isdisjoint(chosen):
            begun = time.perf_counter()
            seeded = await seed(stage)
            console.print(f"a year of diagnostics loaded: {time.perf_counter() - begun:.1f} s")
            for name, weighed in DIAGNOSTICS.items():
                if name in chosen:
                    await weighed(stage, seeded)
        for name, measure in LAST.items():
            if name in chosen:
                await measure(stage)
        sizes = stage.memory()
        listed = ", ".join(f"{name} {size:.0f}" for name, size in sorted(sizes.items()))
        console.print(f"memory: {sum(sizes.values()):.0f} MB ({listed}; database server apart)")
    for name, alone in APART.items():
        if name in chosen:
            await alone()


def asked(arguments: Sequence[str] | None = None) -> Collection[str]:
    """Read which measures are wanted: all of them, or those after --only."""
    parser = argparse.ArgumentParser(prog="tests.bench")
    parser.add_argument("--only", type=lambda text: text.split(","), default=list(NAMES))
    only: list[str] = parser.parse_args(arguments).only
    if unknown := set(only) - set(NAMES):
        parser.error(f"{', '.join(sorted(unknown))}: not among {', '.join(NAMES)}")
    return only


if __name__ == "__main__":
    asyncio.run(main(asked()))
