"""Comparing with peers: the read against its one statement, and what a rebuild costs."""

import time
import tracemalloc
from collections.abc import Awaitable
from datetime import UTC, datetime

import asyncpg
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from deploy.credentials import DEMO_TENANT
from diagnostic.benchmarks import queries
from diagnostic.benchmarks.rebuild import rebuild
from tests.bench.diagnostics import Seeded
from tests.bench.pace import ROUNDS, rate, repeated
from tests.bench.rounds import Measure, console, interleave, show
from tests.bench.stage import Stage

K = 5
SHARES = (2, 1)
"""One company in so many consents: the cost per contributor must stay the same."""


async def comparison(stage: Stage, seeded: Seeded) -> None:
    """Read where a company stands, from snapshots of everybody, through service and door."""
    await rebuilt(stage, datetime.now(UTC))
    asked = seeded.submitted[0]

    async def bare(connection: asyncpg.Connection) -> object:
        return await connection.fetchrow(
            queries.STANDING, asked, DEMO_TENANT, None, "auto", K, None, None
        )

    async def bare_rate() -> float:
        return await repeated(bare, stage.dsn("diagnostic"))

    path = f"/v1/assessments/{asked}/benchmark"
    inside = stage.inside("diagnostic", scopes={"diagnostic:read"})
    door = stage.url("gateway", path.replace("/v1/", "/v1/diagnostic/"))
    subjects: dict[str, Measure] = {
        "its statement": bare_rate,
        "service": rate(stage.url("diagnostic", path), inside),
        "door": rate(door, stage.at_the_door()),
    }
    show(
        "Comparison with peers (per second)",
        "/s",
        await interleave(subjects, ROUNDS),
        "its statement",
    )


async def rebuilding(stage: Stage, seeded: Seeded) -> None:
    """Rebuild from nothing for half of the companies and for all, per contributor."""
    connection = await asyncpg.connect(stage.admin_dsn)
    figures: dict[str, list[float]] = {}
    for share in SHARES * ROUNDS:
        await connection.execute(
            "UPDATE diagnostic.organisation SET benchmark_consent = hashtext(siren) % $1 = 0", share
        )
        await connection.execute(_FORGET)
        seconds = await timed(rebuilt(stage, datetime.now(UTC)))
        count = await connection.fetchval(_CONTRIBUTORS)
        figures.setdefault(f"{count} contributors", []).append(seconds * 1e6 / count)
    show("Rebuild of snapshots, per contributor (µs)", "µs", figures, next(iter(figures)))
    await connection.execute(_FORGET)
    await connection.close()
    tracemalloc.start()
    await rebuilt(stage, datetime.now(UTC))
    peak = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    console.print(f"memory of a rebuild at its peak: {peak:.0f} MB")


_FORGET = "TRUNCATE diagnostic.benchmark_snapshot, diagnostic.benchmark_series"
_CONTRIBUTORS = "SELECT sum(n) FROM diagnostic.benchmark_snapshot WHERE cell LIKE 'region:%'"


async def rebuilt(stage: Stage, now: datetime) -> None:
    """Rebuild as the service does, in one transaction of its role."""
    dsn = stage.dsn("diagnostic").replace("postgresql://", "postgresql+asyncpg://", 1)
    engine = create_async_engine(dsn)
    async with AsyncSession(engine, info={"schema": "diagnostic"}) as session, session.begin():
        await rebuild(session, K, now)
    await engine.dispose()


async def timed(work: Awaitable[None]) -> float:
    """Give the seconds that a piece of work takes."""
    begun = time.perf_counter()
    await work
    return time.perf_counter() - begun
