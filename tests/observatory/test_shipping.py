"""The shipped figures: computed outside of transactions, by one process, only where behind."""

import asyncio
import dataclasses
import importlib
import os
import signal
import warnings
from collections.abc import AsyncIterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import islice

import asyncpg
import pytest

from observatory import bootstrap
from observatory.reference import loading
from observatory.references.facts import Facts
from observatory.releases import own
from observatory.settings import Settings
from observatory.shipped import dataflows, figures, origins
from tests import harness
from tests.harness import Database
from tests.observatory.shipped import shipped_facts

HOLDING = """
SELECT CASE WHEN xact_start IS NULL THEN state ELSE 'in a transaction' END
  FROM pg_stat_activity JOIN pg_locks USING (pid)
 WHERE locktype = 'advisory' AND granted AND datname = current_database()
   AND pg_locks.database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
"""What whoever holds an advisory lock does; there is no other one during a bootstrap."""

TOLD = "SELECT entity, entity_id, kind FROM observatory.change WHERE seq > $1 ORDER BY seq"
OTHERWISE = """
UPDATE observatory.shipped_flow SET made_from = 'another program'
 WHERE flow = (SELECT number FROM observatory.flow WHERE id = $1)
"""

DECIDED_BY: Mapping[str, set[str]] = {
    "employment": {"family_employment"},
    "families": {"family_jobs"},
    "hires": {"sector_hires"},
    "indices": {"ilo_2023", "eloundou", "microsoft", "felten", "felten_language", "felten_image"},
    "jobs": {"jobs"},
    "links": {"crosswalk"},
    "occupations": {"scores"},
    "sectors": {"sectors"},
    "soc_links": {"soc_links"},
    "territories": {"territories"},
}
"""The tables behind each part of the facts; labels, which the figures have not, left out."""

Computed = list[tuple[str, list[str]]]


@pytest.fixture
def settings(database: Database) -> Settings:
    found: Settings = harness.settings(database, "observatory")
    return found


@pytest.fixture
async def owner(database: Database) -> AsyncIterator[asyncpg.Connection]:
    """Connect as the service's own role."""
    connection = await asyncpg.connect(database.dsn("observatory"))
    yield connection
    await connection.close()


@pytest.fixture
def computed(database: Database, monkeypatch: pytest.MonkeyPatch) -> Computed:
    """Note each dataflow that is computed, and what the bootstrap's connection does meanwhile."""
    found: Computed = []
    real = figures.file

    async def holders() -> list[str]:
        connection = await asyncpg.connect(database.admin_dsn)
        rows = await connection.fetch(HOLDING)
        await connection.close()
        return [row[0] for row in rows]

    def noting(facts: Facts, dataflow: str) -> bytes:
        with ThreadPoolExecutor(1) as elsewhere:
            found.append((dataflow, elsewhere.submit(asyncio.run, holders()).result()))
        return real(facts, dataflow)

    monkeypatch.setattr(figures, "file", noting)
    return found


async def told(connection: asyncpg.Connection, after: int = 0) -> list[tuple[str, str, str]]:
    return [tuple(row) for row in await connection.fetch(TOLD, after)]


async def last(connection: asyncpg.Connection) -> int:
    found: int = await connection.fetchval("SELECT max(seq) FROM observatory.change")
    return found


async def test_what_is_made_from_the_same_is_not_computed(
    settings: Settings, computed: Computed
) -> None:
    assert await bootstrap.run(settings) == []
    assert computed == []


async def test_figures_of_another_program_are_computed_while_no_transaction_is_open(
    settings: Settings, owner: asyncpg.Connection, computed: Computed
) -> None:
    known = await last(owner)
    await owner.execute("UPDATE observatory.shipped_flow SET made_from = 'another program'")
    assert await bootstrap.run(settings) == [], "the same figures are no release"
    assert computed == [(flow.id, ["idle"]) for flow in dataflows.FLOWS]
    computed.clear()
    assert await bootstrap.run(settings) == []
    assert computed == []
    assert await told(owner, known) == []


async def test_of_two_at_once_one_computes_what_is_behind_and_the_other_waits(
    settings: Settings, owner: asyncpg.Connection, computed: Computed
) -> None:
    await owner.execute(OTHERWISE, "DF_HIRES")
    both = await asyncio.gather(bootstrap.run(settings), bootstrap.run(settings))
    assert not any(both)
    assert computed == [("DF_HIRES", ["idle"])]


async def test_another_table_has_only_the_figures_that_it_decides_computed_and_released_once(
    settings: Settings,
    owner: asyncpg.Connection,
    computed: Computed,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    known = await last(owner)
    contents = loading.shipped()
    first, *rest = contents["sector_hires"].splitlines(keepends=True)
    division, job, hires = rest[0].decode().strip().split(",")
    changed = f"{division},{job},{int(hires) + 1000}\n".encode()
    with monkeypatch.context() as other:
        newer = contents | {"sector_hires": b"".join([first, changed, *rest[1:]])}
        other.setattr(loading, "shipped", lambda: newer)
        released = await bootstrap.run(settings)
    follow = {"DF_EXPOSURE_SECTOR", "DF_HIRES", "DF_PLACE_SECTOR"}
    assert released[0] == "sector_hires"
    assert set(released[1:]) == {name for name, _ in computed} == follow
    assert len(released) == 1 + len(follow)
    entities = [entity for entity, _, kind in await told(owner, known) if kind != "deleted"]
    assert entities == ["dataset", "reference_release", *["release"] * len(follow)]
    assert await bootstrap.run(settings) == released, "back to what is shipped"
    assert await bootstrap.run(settings) == []


@pytest.mark.parametrize("flow", [flow.id for flow in dataflows.FLOWS])
def test_the_tables_told_of_a_dataflow_are_those_that_decide_its_figures(flow: str) -> None:
    read: set[str] = set()

    class Watched(Facts):
        __slots__ = ()

        def __getattribute__(self, name: str) -> object:
            read.add(name)
            return super().__getattribute__(name)

    facts = shipped_facts()
    parts = {field.name: getattr(facts, field.name) for field in dataclasses.fields(Facts)}
    figures.file(Watched(**{**parts, "_derived": {}}), flow)
    decided = set[str]().union(*(DECIDED_BY[name] for name in read - {"derive", "_derived"}))
    assert decided <= set(origins.tables(flow))


async def test_killed_at_any_point_the_next_ones_complete_it_and_publish_nothing_twice(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def beginning(facts: Facts, dataflow: str) -> bytes:
        return own.written(list(islice(figures.ROWS[dataflow][1](facts), 20)))

    monkeypatch.setattr(figures, "file", beginning)
    empty = await harness.emptied(database, "shipping")
    settings = harness.settings(empty, "observatory")
    connection = await asyncpg.connect(empty.dsn("observatory"))
    count = "SELECT (SELECT count(*) FROM observatory.{}), (SELECT count(*) FROM observatory.{})"

    killed_at(settings, "observatory.shipped.dataflows", "structures")
    tables, flows = await connection.fetchrow(count.format("dataset", "flow"))
    assert (tables, flows) == (len(loading.shipped()), 0), "the tables are kept"
    killed_at(settings, "observatory.releases.own", "release")
    flows, releases = await connection.fetchrow(count.format("flow", "release"))
    assert (flows, releases) == (len(dataflows.FLOWS) + 2, 0), "computed, not written"

    both = await asyncio.gather(bootstrap.run(settings), bootstrap.run(settings))
    complete = [*(flow.id for flow in dataflows.FLOWS), "DF_EMERGENCE_RULE"]
    assert sorted(both, key=len) == [[], complete]
    events = await told(connection)
    assert len(set(events)) == len(events)
    assert [entity for entity, _, _ in events].count("release") == len(complete)
    assert await bootstrap.run(settings) == []
    await connection.close()


def killed_at(settings: Settings, module: str, name: str) -> None:
    """Run a bootstrap in a fork that is killed when it comes to that function."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # fork beside threads, 3.12 and newer
        pid = os.fork()
    if pid == 0:
        try:
            end = lambda *_: os.kill(os.getpid(), signal.SIGKILL)  # noqa: E731
            setattr(importlib.import_module(module), name, end)
            asyncio.run(bootstrap.run(settings))
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -signal.SIGKILL
