"""How long and how many at once: the same for every measure of a run."""

import asyncio
import os
import platform
import time
from collections.abc import Awaitable, Callable

import asyncpg

from tests.bench.load import KIND, load
from tests.bench.rounds import Measure

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
SECONDS = float(os.environ.get("BENCH_SECONDS", "2"))
HEAVY_ROUNDS = min(ROUNDS, 2)
"""Of what takes a minute, without one that only warms up."""
CONNECTIONS = 32
DIRECT = 8
"""Connections of the bare loops: as many as a service's read pool has."""


def machine() -> str:
    """Say on what this was measured."""
    return (
        f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()} {platform.release()},"
        f" Python {platform.python_version()}; load by {KIND}; {ROUNDS} rounds of {SECONDS:g} s"
    )


def rate(url: str, headers: dict[str, str], connections: int = CONNECTIONS) -> Measure:
    """Return a measure: answers per second of a URL under that many connections."""

    async def measure() -> float:
        return (await load(url, headers, connections=connections, seconds=SECONDS)).rps

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
