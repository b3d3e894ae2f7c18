"""One gateway for the tests that only knock: starting one costs a third of a second."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack

import pytest

from tests.gateway.browsers import RETURN, SIGN_IN_SCOPES, Browser
from tests.gateway.doors import Opened, door
from tests.gateway.issuers import Issuer, as_settings, issuing
from tests.gateway.partners import Partner, partner
from tests.gateway.peers import installed
from tests.gateway.scripted import Scripted, ok, scripted
from tests.harness import Database


@pytest.fixture(scope="session")
async def behind() -> AsyncIterator[Scripted]:
    """Give the one upstream behind `gate`, which answers everything with 200."""
    async with scripted(ok()) as upstream:
        yield upstream


@pytest.fixture(scope="session")
async def gate(behind: Scripted, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Opened]:
    """Give a gateway whose training and diagnostic are `behind`; tests leave it as it was."""
    async with AsyncExitStack() as stack:
        upstreams = {"training": behind.url, "diagnostic": behind.url}
        folder = tmp_path_factory.mktemp("gate")
        yield await stack.enter_async_context(door(folder, upstreams))


@pytest.fixture(scope="session")
def node() -> str:
    """Give the program that runs the peers."""
    return installed()


@pytest.fixture(scope="session")
async def running_issuer() -> AsyncIterator[Issuer]:
    """Give the one issuer; `issuer` has it as it was at first."""
    async with issuing() as opened:
        yield opened


@pytest.fixture
def issuer(running_issuer: Issuer) -> Iterator[Issuer]:
    """Give the issuer, which is made sound again after the test."""
    yield running_issuer
    running_issuer.reset()


@pytest.fixture(scope="session")
async def sign_in(
    running_issuer: Issuer, database: Database, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Opened]:
    """Give a gateway that trusts the issuer, and one that nobody answers for."""
    away = {"name": "other", "issuer": "https://issuer.example"}
    told = {
        "database_url": database.dsn("gateway"),
        "issuers": as_settings(running_issuer.described(), running_issuer.described(**away)),
    }
    async with door(tmp_path_factory.mktemp("people"), {}, **told) as opened:
        yield opened


@pytest.fixture(scope="session")
async def application(sign_in: Opened) -> Partner:
    """Give an application that runs in browsers."""
    return await partner(sign_in.settings, *SIGN_IN_SCOPES, return_urls=[RETURN], is_public=True)


@pytest.fixture
def browser(sign_in: Opened, application: Partner) -> Browser:
    """Give a browser that nobody has used yet, with the application in it."""
    return Browser(sign_in, application.client_id)
