"""Saving answers, reading and computing scores, reports and exports, on a year of diagnostics."""

import asyncio
import json
import random
import time
import uuid
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import asyncpg
import orjson

from deploy.credentials import DEMO_TENANT
from diagnostic.assessments import queries as assessments
from diagnostic.assessments.explanation import explain
from diagnostic.assessments.scoring import score
from diagnostic.protection import queries as protection
from diagnostic.reports.compose import compose
from diagnostic.reports.pdf import pdf
from diagnostic.scores import queries as scores
from tests.bench.diagnostics import Seeded, drawn
from tests.bench.load import Stream, percentile
from tests.bench.pace import DIRECT, ROUNDS, SECONDS, rate, repeated
from tests.bench.rounds import Measure, interleave, show
from tests.bench.stage import Stage

READ, WRITE = frozenset({"diagnostic:read"}), frozenset({"diagnostic:write"})
QUESTION = "STR1"


class Desk:
    """Somebody who changes one answer over and over, each time from the version before."""

    def __init__(self, assessment: uuid.UUID, seeded: Seeded) -> None:
        self.assessment = assessment
        self.version = 1
        self._values = [one.code for one in seeded.grid.questions[QUESTION].options]  # type: ignore[union-attr]  # a single choice

    def value(self) -> str:
        """Take the next option."""
        return self._values[self.version % len(self._values)]

    async def by_http(self, stream: Stream) -> None:
        """Save through a service or the door."""
        body = orjson.dumps({"state": "answered", "value": self.value()})
        saved = orjson.loads(await stream.ask(body, more=f'If-Match: "{self.version}"\r\n'))
        self.version = saved["version"]

    async def bare(self, connection: asyncpg.Connection) -> None:
        """Run the statement that saving needs, and nothing else."""
        saved = await connection.fetchrow(
            assessments.SAVE,
            self.assessment,
            QUESTION,
            DEMO_TENANT,
            *("answered", json.dumps(self.value()), None, None),
            "bench",
            [f'"{self.version}"'],
            True,  # noqa: FBT003  # may be saved
        )
        self.version = saved["version"]

    async def by_hand(self, connection: asyncpg.Connection) -> None:
        """Hold, then save, in a transaction: what it takes without the one statement."""
        async with connection.transaction():
            await connection.fetchrow(assessments.HOLD, self.assessment)
            await self.bare(connection)


async def answers(stage: Stage, seeded: Seeded) -> None:
    """Save answers on eight connections: bare statements, service, door; then one at a time."""
    desks = [Desk(one, seeded) for one in seeded.unfinished[: 3 * DIRECT]]
    inside = stage.inside("diagnostic", WRITE) | {"content-type": "application/json"}
    outside = stage.at_the_door() | {"content-type": "application/json"}

    def path(desk: Desk) -> str:
        return f"/v1/assessments/{desk.assessment}/answers/{QUESTION}"

    def at_the_door(desk: Desk) -> str:
        return path(desk).replace("/v1/", "/v1/diagnostic/")

    def over(service: str, place: Callable[[Desk], str], headers: dict[str, str]) -> Measure:
        async def measure() -> float:
            async def loop(desk: Desk) -> int:
                stream = await Stream.open(stage.url(service, place(desk)), headers, "PUT")
                count, end = 0, time.perf_counter() + SECONDS
                while time.perf_counter() < end:
                    await desk.by_http(stream)
                    count += 1
                stream.close()
                return count

            mine = desks[DIRECT : 2 * DIRECT]
            return sum(await asyncio.gather(*(loop(desk) for desk in mine))) / SECONDS

        return measure

    def direct(save: Callable[[Desk, asyncpg.Connection], Awaitable[None]]) -> Measure:
        async def measure() -> float:
            free = desks[:DIRECT]

            async def one(connection: asyncpg.Connection) -> None:
                desk = free.pop()
                await save(desk, connection)
                free.append(desk)

            return await repeated(one, stage.dsn("diagnostic"))

        return measure

    found = await interleave(
        {
            "bare transaction": direct(Desk.by_hand),
            "its one statement": direct(Desk.bare),
            "service": over("diagnostic", path, inside),
            "door": over("gateway", at_the_door, outside),
        },
        ROUNDS,
    )
    show("Saving an answer, 8 connections (per second)", "/s", found, "bare transaction")
    await _alone(stage, desks[-1], at_the_door(desks[-1]), outside)


async def _alone(stage: Stage, desk: Desk, path: str, headers: dict[str, str]) -> None:
    """Show p50 and p95 of saving an answer through the door at one connection (X8)."""
    found: dict[str, list[float]] = {"p50": [], "p95": []}
    for _ in range(ROUNDS):
        stream = await Stream.open(stage.url("gateway", path), headers, "PUT")
        times = []
        for _ in range(200):
            begun = time.perf_counter()
            await desk.by_http(stream)
            times.append((time.perf_counter() - begun) * 1000)
        stream.close()
        found["p50"].append(percentile(times, 0.5))
        found["p95"].append(percentile(times, 0.95))
    show("Saving an answer through the door, one connection (ms)", "ms", found, "p50")


async def reading(stage: Stage, seeded: Seeded) -> None:
    """Read frozen scores: the bare statement, the service, the door."""
    one = seeded.submitted[len(seeded.submitted) // 2]

    async def bare(connection: asyncpg.Connection) -> object:
        return await connection.fetchrow(scores.SCORED, one, DEMO_TENANT, None)

    async def bare_rate() -> float:
        return await repeated(bare, stage.dsn("diagnostic"))

    service = stage.url("diagnostic", f"/v1/assessments/{one}/score")
    door = stage.url("gateway", f"/v1/diagnostic/assessments/{one}/score")
    found = await interleave(
        {
            "bare statement": bare_rate,
            "service": rate(service, stage.inside("diagnostic", READ), DIRECT),
            "door": rate(door, stage.at_the_door(), DIRECT),
        },
        ROUNDS,
    )
    show("Reading a score of 36 questions, 8 connections (rps)", "rps", found, "bare statement")


async def computing(stage: Stage, seeded: Seeded) -> None:
    """Score and explain 36 questions in pure Python, and set the PDF of it: CPU, not time."""
    chance = random.Random(1)  # noqa: S311  # a draw that is always the same
    sets = [drawn(seeded.grid, chance) for _ in range(100)]

    def spent(work: Callable[[int], object], times: int) -> Measure:
        async def measure() -> float:
            begun = time.process_time()
            for number in range(times):
                work(number)
            return (time.process_time() - begun) / times * 1000

        return measure

    figures = score(seeded.grid, seeded.answers)
    report = compose(
        grid=seeded.grid,
        answers=seeded.answers,
        result=figures.as_json(),
        explanation=explain(figures).as_json(),
        result_hash=figures.result_hash(),
        computed_at=datetime.now(UTC),
        organisation="Mesure",
        siren="732829320",
        milestone="T0",
    )
    found = await interleave(
        {
            "score": spent(lambda number: score(seeded.grid, sets[number]), 100),
            "explain": spent(lambda _: explain(figures), 100),
            "PDF": spent(lambda _: pdf(report), 5),
        },
        ROUNDS,
    )
    show("CPU of one diagnostic of 36 questions (ms)", "ms", found, "score")


async def exporting(stage: Stage, seeded: Seeded) -> None:
    """Hand out everything of a company: the export's bare statements, the service, the door."""
    one = seeded.organisations[0]
    statements = list(protection.parts().values())

    async def bare(connection: asyncpg.Connection) -> None:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            for statement in statements:
                await connection.fetch(statement, one)

    async def bare_rate() -> float:
        return await repeated(bare, stage.dsn("diagnostic"))

    service = stage.url("diagnostic", f"/v1/organisations/{one}/export.json")
    door = stage.url("gateway", f"/v1/diagnostic/organisations/{one}/export.json")
    found = await interleave(
        {
            "bare statements": bare_rate,
            "service": rate(service, stage.inside("diagnostic", READ), DIRECT),
            "door": rate(door, stage.at_the_door(), DIRECT),
        },
        ROUNDS,
    )
    show("Exporting a company of 3 diagnostics (per second)", "/s", found, "bare statements")
