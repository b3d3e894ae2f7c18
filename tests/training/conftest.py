"""The training service on the test database, and certifications that each test makes its own."""

import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

from platformkit.db import driver
from tests import harness
from tests.conftest import OpenApp
from tests.harness import Database, anonymous
from tests.training.importing import Importer, catalogue_of, fresh_copy, importer
from training.certifications.recording import Outcome, record
from training.certifications.records import CertificationRecord
from training.indexing import writing

Enter = Callable[..., Awaitable[str]]

SHARED = Path(__file__).parents[3] / "shared"
SAMPLES = SHARED / "samples" / "training"
needs_samples = pytest.mark.skipif(
    not SAMPLES.exists(), reason="the samples stay outside the product"
)

_numbers = itertools.count(90_000)


def entry(number: str, **facts: Any) -> CertificationRecord:
    """Make a certification of the official feed; everything is known, unless a fact says so."""
    source = {
        "kind": "official_feed",
        "name": "test",
        "url": "https://example.org/",
        "dated_on": "2026-08-16",
        "licence": "Licence Ouverte 2.0",
    }
    editorial = facts.pop("editorial", {})
    record_ = {
        "number": number,
        "title": f"Certification d’essai {number}",
        "abbreviation": None,
        "level": None,
        "registration_type": "Enregistrement sur demande",
        "decided_on": "2020-01-01",
        "effective_on": None,
        "registration_end": "2099-12-31",
        "registration_end_year": None,
        "delivery_limit": None,
        "source_state": "Publiée",
        "source_active": True,
        "nsf": [],
        "formacodes": [],
        "rome": [],
        "blocs": [],
        "certifying_bodies": [],
        "access_routes": [],
        "predecessors": [],
        "successors": [],
        "source": {**source, **facts.pop("source", {})},
        "editorial": editorial,
    }
    return CertificationRecord.model_validate({**record_, **facts})


@pytest.fixture
def fresh() -> Callable[[], int]:
    """Give a number that no other test and no shipped record has."""
    return lambda: next(_numbers)


@pytest.fixture(scope="session")
async def engine(database: Database) -> AsyncIterator[AsyncEngine]:
    """Connect as the service's own role."""
    dsn = database.dsn("training").replace("postgresql://", "postgresql+asyncpg://", 1)
    engine = create_async_engine(dsn)
    yield engine
    await engine.dispose()


@pytest.fixture
async def session(engine: AsyncEngine) -> AsyncIterator[AsyncSession]:
    """Open a session of the service's own role; whoever uses it commits."""
    async with AsyncSession(engine, info={"schema": "training"}) as opened:
        yield opened


@pytest.fixture
def store(session: AsyncSession) -> Callable[[CertificationRecord], Awaitable[Outcome]]:
    """Record a certification and have it found, as an import would, and commit."""

    async def store_(wanted: CertificationRecord) -> Outcome:
        async with session.begin():
            outcome = await record(session, wanted)
            await writing.follow_numbers(await driver(session), [wanted.number])
            return outcome

    return store_


@pytest.fixture
def enter(
    store: Callable[[CertificationRecord], Awaitable[Outcome]], fresh: Callable[[], int]
) -> Enter:
    """Enter a certification of our own making; returns its number."""

    async def enter_(directory: str = "RS", number: int | None = None, **facts: Any) -> str:
        code = f"{directory}{number or fresh()}"
        await store(entry(code, **facts))
        return code

    return enter_


@pytest.fixture(scope="session")
def caller() -> dict[str, str]:
    """Give the headers of nobody in particular: the catalogue is open data."""
    return anonymous("training")


@pytest.fixture(scope="session")
async def training(open_app: OpenApp, caller: dict[str, str]) -> AsyncIterator[httpx.AsyncClient]:
    """Open the real application once."""
    async with open_app("training") as client:
        client.headers.update(caller)
        yield client


@pytest.fixture(scope="session")
def template(database: Database) -> Database:
    """Name the database that holds what the service ships, and that nobody connects to."""
    return Database(database.cluster, database.passwords, harness.TEMPLATE)


@pytest.fixture(scope="session")
def importing(template: Database) -> FastAPI:
    """Build the service, its own worker asleep, on a catalogue that each test makes anew."""
    return harness.application(catalogue_of(template), "training", import_worker=False)


@pytest.fixture
async def partner(template: Database, importing: FastAPI) -> AsyncIterator[Importer]:
    """Open the service on a catalogue of the test's own, with a partner who sends files."""
    async with importer(importing, await fresh_copy(template)) as opened:
        yield opened


@pytest.fixture(scope="module")
async def platform(template: Database, importing: FastAPI) -> AsyncIterator[Importer]:
    """Open the service once on a catalogue of the test file's own."""
    async with importer(importing, await fresh_copy(template)) as opened:
        yield opened
