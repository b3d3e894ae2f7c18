"""The diagnostic in-process, and short ways to arrange companies, cohorts and diagnostics."""

import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest

from diagnostic.questionnaires.grid import GridContent
from platformkit import auth
from platformkit.clients.observatory import ObservatoryClient
from platformkit.clients.training import TrainingClient
from tests import harness
from tests.conftest import AsClient, OpenApp
from tests.diagnostic.acting import Acting, publish
from tests.diagnostic.market import Market, open_market
from tests.harness import Database

MINI_IA = Path(__file__).parent / "data" / "mini-ia.json"


@pytest.fixture(scope="session")
async def service(open_app: OpenApp) -> AsyncIterator[httpx.AsyncClient]:
    """Open the diagnostic's real app, its neighbours absent."""
    async with open_app("diagnostic") as client:
        yield client


@pytest.fixture(scope="session")
def acting(service: httpx.AsyncClient, as_client: AsClient) -> Acting:
    """Act as the Medef Hauts-de-France with every scope."""
    return Acting(service, as_client("diagnostic"))


@pytest.fixture(scope="session")
def stranger(service: httpx.AsyncClient, as_client: AsClient) -> Acting:
    """Act as another tenant with every scope."""
    return Acting(service, as_client("diagnostic", tenant="cci-hdf", client="cci"))


@pytest.fixture(scope="session")
def onlooker(service: httpx.AsyncClient, as_client: AsClient) -> Acting:
    """Act as the Medef with the scope to read and nothing else."""
    headers = as_client("diagnostic", scopes={"diagnostic:read"}, client="onlooker")
    return Acting(service, headers)


@pytest.fixture(scope="session")
def colleague(service: httpx.AsyncClient, as_client: AsClient) -> Acting:
    """Act as somebody else of the Medef, who publishes and does not write."""
    scopes = {"diagnostic:read", "diagnostic:publish"}
    return Acting(service, as_client("diagnostic", scopes=scopes, client="colleague"))


@pytest.fixture(scope="session")
def coauthor(service: httpx.AsyncClient, as_client: AsClient) -> Acting:
    """Act as somebody else of the Medef who has every scope."""
    return Acting(service, as_client("diagnostic", client="coauthor"))


@pytest.fixture
async def sql(database: Database) -> AsyncIterator[asyncpg.Connection]:
    """Speak to the database as its administrator."""
    connection = await asyncpg.connect(database.admin_dsn)
    yield connection
    await connection.close()


@pytest.fixture(scope="session")
async def mini_ia(service: httpx.AsyncClient, database: Database) -> dict[str, Any]:
    """Publish the fixture grid MINI-IA of the scoring cases."""
    content: dict[str, Any] = json.loads(MINI_IA.read_text(encoding="utf-8"))
    await publish(database, GridContent.model_validate(content))
    return content


@pytest.fixture(scope="session")
async def whole(
    database: Database, open_app: OpenApp, as_client: AsClient
) -> AsyncIterator[Acting]:
    """Act on a diagnostic whose neighbours are there, in this process."""
    app = harness.application(database, "diagnostic")
    async with (
        open_app("training") as training,
        open_app("observatory") as observatory,
        harness.opened(app) as client,
    ):
        app.state.clients = {
            "training": TrainingClient(training, _calling("training")),
            "observatory": ObservatoryClient(observatory, _calling("observatory")),
        }
        yield Acting(client, as_client("diagnostic"))


def _calling(service: str) -> Callable[[], str]:
    """Speak to a neighbour for the caller of the request, as the diagnostic does."""

    def credential() -> str:
        caller = auth.current_principal()
        assert caller is not None
        return auth.mint(harness.GATEWAY_KEY, "gateway", service, caller)

    return credential


@pytest.fixture(scope="session")
async def mia(service: httpx.AsyncClient, acting: Acting) -> dict[str, Any]:
    """Read the content of the shipped grid."""
    content: dict[str, Any] = (await acting.get("/v1/questionnaires/MIA")).json()["content"]
    return content


@pytest.fixture
async def market(database: Database, acting: Acting) -> Market:
    """Open a market of companies that nobody else compares with."""
    return await open_market(database, acting)
