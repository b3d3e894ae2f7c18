"""The observatory on the test database, and somebody without any identity who reads it."""

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.conftest import OpenApp
from tests.harness import Database, anonymous, as_client
from tests.observatory.publishing import Publisher
from tests.observatory.serving import behind_the_door


@pytest.fixture(scope="session")
async def observatory(open_app: OpenApp) -> AsyncIterator[httpx.AsyncClient]:
    """Open the real application once, for nobody in particular: all of it is open data."""
    async with open_app("observatory") as client:
        client.headers.update(anonymous("observatory"))
        yield client


@pytest.fixture(scope="session")
async def publisher(observatory: httpx.AsyncClient) -> Publisher:
    """Publish as the region does; what is read is read by anybody."""
    return Publisher(observatory, as_client("observatory"))


@pytest.fixture(scope="session")
async def platform_url(
    database: Database, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[str]:
    """Serve the observatory behind the real gateway; clients that block need a thread."""
    async with behind_the_door(database, tmp_path_factory.mktemp("door")) as url:
        yield url
