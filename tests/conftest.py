"""Fixtures of the whole suite: one real database, the real services on it.

Tests commit. Rolling back would be faster by milliseconds, but hides commits, pools and races, and
cannot serve a service that reads through a second pool: each test arranges its own rows instead.
"""

import gc
import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractAsyncContextManager, nullcontext
from pathlib import Path
from subprocess import Popen
from tempfile import TemporaryDirectory
from typing import Final

import httpx
import pytest
from hypothesis import HealthCheck, settings
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling, LoadScopeScheduling
from xdist.workermanage import WorkerController

from tests import harness, prepared
from tests.harness import Database

settings.register_profile(
    "untimed", deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("untimed")  # a machine with other work is no fault of ours


gc.disable()  # what is loaded stays


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Generator[None, object, object]:
    """Collect in one worker first: on a new clone it compiles all tests, for the others too.

    Meanwhile the database is made on the other core.
    """
    told: dict[str, str] = getattr(session.config, "workerinput", {})
    with prepared.one_first(Path(told["prepared"])) if "prepared" in told else nullcontext():
        return (yield)


def pytest_collection_finish() -> None:
    """Put aside what was loaded, which the collector would go through again and again.

    Afterwards it looks seldom: a test makes little that only it can free.
    """
    gc.freeze()
    gc.set_threshold(50_000, 20)
    gc.enable()


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Trace no property test: it runs a hundred times what the examples cover, each time slower.

    Nor what is marked `no_cover`: pytest-cov alone stops one of the two collectors that it has in
    a worker, and the other one goes on.
    """
    if not any(item.get_closest_marker(name) for name in ("hypothesis", "no_cover")):
        return (yield)
    trace = sys.gettrace()
    sys.settrace(None)
    try:
        return (yield)
    finally:
        sys.settrace(trace)


_E2E: Final = "tests/e2e"


class _OnePlatform(LoadFileScheduling):  # type: ignore[misc]  # of a library without types
    """Gives each worker whole files, and all of `e2e` to one: a platform takes long to start.

    It takes minutes, so it goes first: last, the other workers would wait for it.
    """

    def _split_scope(self, nodeid: str) -> str:
        return _E2E if nodeid.startswith(f"{_E2E}/") else nodeid.partition("::")[0]

    def _assign_work_unit(self, node: WorkerController) -> None:
        if _E2E in self.workqueue:
            self.workqueue.move_to_end(_E2E, last=False)
        super()._assign_work_unit(node)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling | None:
    """Refine `--dist loadfile`."""
    return _OnePlatform(config, log) if config.getoption("dist") == "loadfile" else None


PREPARED = pytest.StashKey[tuple[TemporaryDirectory[str], Popen[bytes]]]()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: WorkerController) -> None:
    """Make one database for all workers, and tell each where it is."""
    stash = node.config.stash
    if PREPARED not in stash:
        folder = TemporaryDirectory(prefix="vigie-prepared-", dir=harness.room())
        stash[PREPARED] = folder, prepared.begin(Path(folder.name))
    node.workerinput["prepared"] = stash[PREPARED][0].name


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove it."""
    if PREPARED in config.stash:
        folder, making = config.stash[PREPARED]
        making.terminate()
        making.wait()
        folder.cleanup()


OpenApp = Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]
AsClient = Callable[..., dict[str, str]]


@pytest.fixture(scope="session")
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """Start one throw-away cluster, migrated and with its reference data and demo programme."""
    told: dict[str, str] = getattr(request.config, "workerinput", {})
    opened = (
        prepared.copied(Path(told["prepared"]))
        if "prepared" in told
        else harness.running_database()
    )
    with opened as database:
        yield database


@pytest.fixture(scope="session")
def open_app(database: Database) -> OpenApp:
    """Open the real app of a service in-process, its lifespan running."""

    def open_(service: str, **overrides: object) -> AbstractAsyncContextManager[httpx.AsyncClient]:
        return harness.opened(harness.application(database, service, **overrides))

    return open_


@pytest.fixture(scope="session")
def as_client() -> AsClient:
    """Make the headers of a caller: `as_client("diagnostic", tenant="cci-hdf")`."""
    return harness.as_client
