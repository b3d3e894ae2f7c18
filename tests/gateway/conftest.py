"""One gateway for the tests that only knock: starting one costs a third of a second."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from tests.gateway.doors import Opened, door
from tests.gateway.peers import installed
from tests.gateway.scripted import Scripted, ok, scripted


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
