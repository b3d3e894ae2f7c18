"""A grid of its own with companies on it, and snapshots day by day."""

import itertools
import json
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from diagnostic.benchmarks.rebuild import rebuild
from diagnostic.questionnaires.grid import GridContent
from tests.diagnostic.acting import BASE, Acting, publish
from tests.harness import Database

BEST = {"Q1": "o3", "Q2": "o3", "Q3": ["a", "b", "c", "d"], "Q5": True, "Q6": "o2"}
BEST["Q4"] = {f"r{row}": 5 for row in range(1, 6)}
WORST = {"Q1": "o0", "Q2": "o0", "Q3": ["none"], "Q5": False, "Q6": "o0"}
NA = {"state": "not_applicable", "reason": "Sans objet ici"}
FIGURES = ("k", "n", "as_of", "snapshot_id", "group", "overall")


@dataclass
class Market:
    """A grid of its own, so that its peers are those of one test, and a clock by days."""

    database: Database
    grid: str
    acting: Acting
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    async def rebuild(self, k: int = 5) -> None:
        """Make the snapshots of the next day."""
        self.now += timedelta(days=1)
        await self.rebuild_again(k)

    async def rebuild_again(self, k: int = 5) -> None:
        """Ask for snapshots a second time on the same day."""
        engine = create_async_engine(
            self.database.dsn("diagnostic").replace("postgresql://", "postgresql+asyncpg://", 1)
        )
        async with AsyncSession(engine, info={"schema": "diagnostic"}) as session, session.begin():
            await rebuild(session, k, self.now)
        await engine.dispose()

    async def peer(
        self, values: dict[str, Any] | None = None, by: Acting | None = None, **fields: object
    ) -> str:
        """Register a company with a submitted diagnostic; return the diagnostic's id."""
        who = by or self.acting
        asked = {name: fields.pop(name) for name in ("milestone", "cohort_id") if name in fields}
        company = await who.organisation(**fields)
        if "cohort_id" in asked:
            seat = await who.post(
                f"/v1/cohorts/{asked['cohort_id']}/enrolments", {"organisation_id": company["id"]}
            )
            assert seat.status_code == 201, seat.text
        done = await who.submitted(
            values or BASE, questionnaire=self.grid, organisation_id=company["id"], **asked
        )
        identifier: str = done["id"]
        return identifier

    async def peers(self, count: int, **fields: Any) -> list[str]:
        return [await self.peer(**fields) for _ in range(count)]

    async def standing(
        self, assessment: str, peers: str = "auto", by: Acting | None = None
    ) -> dict[str, Any]:
        answer = await (by or self.acting).get(
            f"/v1/assessments/{assessment}/benchmark?peers={peers}"
        )
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        if body["status"] != "shown":
            assert all(body[name] is None for name in FIGURES)
            assert body["dimensions"] == []
        return body


async def withdraw(acting: Acting, assessment: str, *, given: bool = False) -> None:
    found = (await acting.get(f"/v1/assessments/{assessment}")).json()
    path = f"/v1/organisations/{found['organisation_id']}"
    tag = (await acting.get(path)).headers["etag"]
    answer = await acting.send("PATCH", path, {"benchmark_consent": given}, tag)
    assert answer.status_code == 200, answer.text


_codes = itertools.count()


async def open_market(database: Database, acting: Acting) -> Market:
    """Publish MINI-IA under another code and with weights of its own: peers of its own."""
    path = Path(__file__).parent / "data" / "mini-ia.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    content["code"] = f"BM-{secrets.token_hex(3).upper()}"
    content["dimensions"][0]["weight"] = 2 + next(_codes) / 1000
    await publish(database, GridContent.model_validate(content))
    return Market(database, content["code"], acting)
