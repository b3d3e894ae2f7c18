"""A run whose process dies, or meets another: it ends once, and the same."""

import asyncio
import os
import sys
from uuid import UUID

import asyncpg
import pytest

from tests import harness
from tests.harness import as_client
from tests.training.importing import Importer, Outcome, fiche, flux, until
from training.formats import FORMATS
from training.imports import engine, queries, worker

MANY = flux(
    *(fiche(f"RNCP{number}", "é" * (number % 7 + 1)) for number in range(50_000, 52_000)),
    fiche("RNCP50000"),
)


EXPECTED = {f"RNCP{number}" for number in range(50_000, 52_000)}


async def ended(partner: Importer, run: str) -> None:
    async def over() -> bool:
        state = (await partner.client.get(f"/v1/imports/{run}")).json()["state"]
        return state not in {"queued", "running"}

    await until(over)


async def left(partner: Importer, run: str) -> None:
    """Wait until the server sees that whoever worked on the run, the oldest, is gone."""

    async def waiting() -> bool:
        return [str(row["id"]) for row in await partner.rows(queries.WAITING)] == [run]

    await until(waiting)


async def staged(partner: Importer, number: int) -> None:
    async def are_there() -> bool:
        [row] = await partner.rows("SELECT count(*) FROM training.import_record")
        return bool(row["count"] >= number)

    await until(are_there)


async def process(partner: Importer, run: str) -> asyncio.subprocess.Process:
    command = [sys.executable, "-m", "training.import_run", run]
    told = {**os.environ, worker.DSN: partner.database.dsn("training")}
    return await asyncio.create_subprocess_exec(*command, env=told)


async def test_a_run_whose_process_is_killed_is_taken_over_and_ends_the_same(
    partner: Importer,
) -> None:
    [sent, witness] = [(await partner.post(MANY, mode="partial")).json()["id"] for _ in range(2)]
    blocker = await asyncpg.connect(partner.database.admin_dsn)
    async with blocker.transaction():
        await blocker.execute(queries.ALONE)  # the run has to stop before its merge
        victim = await process(partner, sent)
        await staged(partner, 2000)
        seen = (await partner.client.get(f"/v1/imports/{sent}")).json()
        assert seen["state"] == "running"
        assert await partner.work(sent) is None  # somebody has it
        victim.kill()
        await victim.wait()
    await blocker.close()
    [row] = await partner.rows(
        "SELECT count(*) FROM training.certification WHERE number > 40999"
        " AND import_run_id IS NOT NULL"
    )
    assert row["count"] == 0
    await left(partner, sent)
    assert await partner.work(sent) == "done"
    taken_over = await partner.outcome(sent)
    assert (taken_over.count("created"), taken_over.run["records"]) == (2000, 2001)
    assert taken_over.rules == [("record-repeated", 2004, "RNCP50000")]
    changes = [one for one in await partner.changes() if one["entity_id"] in EXPECTED]
    assert (len(changes), {one["version"] for one in changes}) == (2000, {1})
    assert await partner.work(witness) == "done"
    again = await partner.outcome(witness)
    assert again.count("unchanged") == 2000
    assert again.rules == taken_over.rules


async def test_two_workers_on_one_run_are_one(partner: Importer) -> None:
    run = (await partner.post(MANY, mode="partial")).json()["id"]
    ends = await asyncio.gather(*(partner.work(run) for _ in range(4)))
    assert sorted(ends, key=str) == [None, None, None, "done"]
    assert await partner.work(run) is None  # over is over


async def test_a_run_that_ends_its_process_again_and_again_is_given_up(partner: Importer) -> None:
    run = (await partner.post(MANY)).json()["id"]

    def die(_: object) -> None:
        raise MemoryError

    for _ in range(engine.ATTEMPTS):
        with pytest.raises(MemoryError):
            await worker.carry_out(partner.database.dsn("training"), UUID(run), FORMATS, die)
    assert await partner.work(run) == "failed"
    found = await partner.outcome(run)
    assert found.rules == [("run-given-up", None, None)]
    assert found.certificate["changes"] is None


async def test_progress_is_seen_while_the_work_goes_on(partner: Importer) -> None:
    run = (await partner.post(MANY, mode="partial")).json()["id"]
    seen = []
    dsn = partner.database.dsn("training")
    await worker.carry_out(
        dsn, UUID(run), FORMATS, lambda one: seen.append((one.step, one.records))
    )
    assert seen[0][0] == 2
    assert 500 <= seen[0][1] <= 1000  # a batch may be read while the first one is stored
    assert seen[-1] == (4, 2001)
    assert seen == sorted(seen)


async def test_the_service_works_off_its_queue_and_what_another_one_left(
    partner: Importer,
) -> None:
    old = (await partner.post(flux(fiche("RS93001")))).json()["id"]
    await partner.rows("UPDATE training.import_run SET state = 'running', attempts = 1")
    app = harness.application(partner.database, "training")
    async with harness.opened(app) as client:
        client.headers.update(as_client("training"))
        busy = Importer(partner.database, client)
        await ended(busy, old)
        sent = (await busy.post(flux(fiche("RS93001"), fiche("RS93002")))).json()["id"]
        await ended(busy, sent)
        outcomes: list[Outcome] = [await busy.outcome(run) for run in (old, sent)]
    assert [one.count("created") for one in outcomes] == [1, 1]


async def test_a_service_that_stops_lets_go_of_its_run(partner: Importer) -> None:
    run = (await partner.post(flux(fiche("RS93011")))).json()["id"]
    blocker = await asyncpg.connect(partner.database.admin_dsn)
    async with blocker.transaction():
        await blocker.execute(queries.ALONE)
        async with harness.opened(harness.application(partner.database, "training")):
            await staged(partner, 1)
    await blocker.close()
    await left(partner, run)
    assert await partner.work(run) == "done"


async def test_an_import_does_not_wait_for_who_adds_to_certifications(partner: Importer) -> None:
    await partner.send(flux(fiche("RNCP50000", "Avant")))
    adding = await asyncpg.connect(partner.database.admin_dsn)
    try:
        async with adding.transaction():  # as the linking of skills does, and a notice of an end
            await adding.execute("SELECT FROM training.certification FOR KEY SHARE")
            async with asyncio.timeout(30):
                sent = await partner.send(flux(fiche("RNCP50000", "Après")))
    finally:
        await adding.close()
    assert sent.count("modified") == 1
