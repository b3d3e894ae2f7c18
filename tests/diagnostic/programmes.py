"""A programme of its own with many companies on it, and its statistics day by day."""

import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import httpx
import orjson
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from diagnostic.statistics.rebuild import renew
from tests.diagnostic.acting import Acting, siren
from tests.harness import Database

_ORGANISATION = """
INSERT INTO diagnostic.organisation (id, tenant, pseudonym, siren, name, naf_code, headcount,
    size_band, postcode, region_code, benchmark_consent, version)
SELECT gen_random_uuid(), $2, gen_random_uuid(), $3, o.name, coalesce($4, o.naf_code), NULL,
    coalesce($5, o.size_band), coalesce($6, o.postcode), o.region_code, $7, 1
FROM diagnostic.organisation o JOIN diagnostic.assessment a ON a.organisation_id = o.id
WHERE a.id = $1 RETURNING id"""
_ASSESSMENT = """
INSERT INTO diagnostic.assessment (id, pseudonym, tenant, organisation_id, questionnaire_id,
    version_id, programme_id, milestone, status, revision, version, submitted_at)
SELECT gen_random_uuid(), gen_random_uuid(), a.tenant, $2, a.questionnaire_id, a.version_id,
    (SELECT id FROM diagnostic.programme WHERE code = $3), $4, a.status, 1, 1, now()
FROM diagnostic.assessment a WHERE a.id = $1 RETURNING id"""
_SCORE = """
INSERT INTO diagnostic.score (id, assessment_id, assessment_revision, version_id, engine_version,
    input_hash, result, explanation, result_hash)
SELECT gen_random_uuid(), $2, 1, s.version_id, s.engine_version, s.input_hash, s.result,
    s.explanation, s.result_hash
FROM diagnostic.score s WHERE s.assessment_id = $1"""


@dataclass
class Play:
    """A programme, copies of submitted diagnostics for companies, and a clock by days."""

    database: Database
    sql: asyncpg.Connection
    acting: Acting
    code: str
    now: datetime = field(default_factory=lambda: datetime.now(UTC) - timedelta(days=60))
    """Long ago, so that every day of a test has passed when its figures are read."""

    async def company(
        self,
        model: str,
        *milestones: str,
        tenant: str | None = None,
        naf: str | None = None,
        size: str | None = None,
        postcode: str | None = None,
        consent: bool = True,
    ) -> uuid.UUID:
        """Add a company whose diagnostics at these milestones (T0) are those of a model."""
        company: uuid.UUID = await self.sql.fetchval(
            _ORGANISATION,
            model,
            tenant or f"t-{uuid.uuid4()}",
            siren(),
            naf,
            size,
            postcode,
            consent,
        )
        for milestone in milestones or ("T0",):
            await self.measure(company, model, milestone)
        return company

    async def companies(
        self, count: int, model: str, *milestones: str, **fields: Any
    ) -> list[uuid.UUID]:
        return [await self.company(model, *milestones, **fields) for _ in range(count)]

    async def measure(self, company: uuid.UUID, model: str, milestone: str) -> None:
        """Give a company a diagnostic that says what the model says."""
        made = await self.sql.fetchval(_ASSESSMENT, model, company, self.code, milestone)
        await self.sql.execute(_SCORE, model, made)

    async def within(self, cohort: str) -> None:
        """Have all diagnostics of the programme be of one cohort."""
        await self.sql.execute(
            "UPDATE diagnostic.assessment SET cohort_id = $2::uuid WHERE programme_id ="
            " (SELECT id FROM diagnostic.programme WHERE code = $1)",
            self.code,
            cohort,
        )

    async def consent(self, company: uuid.UUID, *, given: bool) -> None:
        await self.sql.execute(
            "UPDATE diagnostic.organisation SET benchmark_consent = $2 WHERE id = $1",
            company,
            given,
        )

    async def rebuild(self, k: int = 5) -> None:
        """Make the figures of the next day."""
        self.now += timedelta(days=1)
        programme = await self.sql.fetchrow(
            "SELECT id, code FROM diagnostic.programme WHERE code = $1", self.code
        )
        engine = create_async_engine(
            self.database.dsn("diagnostic").replace("postgresql://", "postgresql+asyncpg://", 1)
        )
        async with AsyncSession(engine, info={"schema": "diagnostic"}) as session, session.begin():
            await renew(session, dict(programme), k, self.now)
        await engine.dispose()

    async def body(self) -> dict[str, Any]:
        """Read the latest figures as they are stored, whatever their day."""
        found = await self.sql.fetchval(
            "SELECT s.body::text FROM diagnostic.programme_statistics s JOIN diagnostic.programme p"
            " ON p.id = s.programme_id WHERE p.code = $1 ORDER BY as_of_on DESC LIMIT 1",
            self.code,
        )
        body: dict[str, Any] = orjson.loads(found)
        return body

    async def ask(self, suffix: str = "", **headers: str) -> httpx.Response:
        return await self.acting.get(f"/v1/programmes/{self.code}/statistics{suffix}", **headers)
