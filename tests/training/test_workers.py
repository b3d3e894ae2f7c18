"""What works beside the service goes on after whatever befalls it."""

import asyncio
import errno
import sys
from collections.abc import AsyncIterator
from typing import Any

import pytest
from fastapi import FastAPI

from platformkit.reads import ReadPool, WritePool
from tests import harness
from tests.training.importing import Importer, fiche, flux, until
from training.imports import worker
from training.skills import linking, working

RUN = [sys.executable, "-m", "training.import_run"]


@pytest.fixture
async def app(partner: Importer) -> AsyncIterator[FastAPI]:
    """Give what the workers find of an application; the test starts one of them."""
    app = FastAPI()
    app.state.settings = settings = harness.settings(partner.database, "training")
    app.state.reads = ReadPool(settings, "training")
    app.state.writes = WritePool(settings, "training")
    app.state.import_wake = asyncio.Event()
    yield app
    await app.state.reads.close()
    await app.state.writes.close()


async def test_imports_go_on_after_their_process_could_not_be_started(
    partner: Importer, app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    start, refused = asyncio.create_subprocess_exec, asyncio.Event()

    async def start_once_there_is_room(*asked: Any, **how: Any) -> asyncio.subprocess.Process:
        if refused.is_set():
            return await start(*asked, **how)
        refused.set()
        raise BlockingIOError(errno.EAGAIN, "fork")

    monkeypatch.setattr(asyncio, "create_subprocess_exec", start_once_there_is_room)
    run = (await partner.post(flux(fiche("RS91001")), extract=True)).json()["id"]

    async def is_done() -> bool:
        return bool((await partner.client.get(f"/v1/imports/{run}")).json()["state"] == "done")

    async with worker.beside(app, RUN):
        await refused.wait()
        app.state.import_wake.set()
        await until(is_done)


async def test_skills_are_linked_after_whatever_hindered_it(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    follow, asked = linking.follow, asyncio.Queue[str]()

    async def follow_once_it_failed(*given: Any) -> Any:
        asked.put_nowait("")
        if asked.qsize() == 1:
            raise LookupError
        return await follow(*given)

    monkeypatch.setattr(linking, "follow", follow_once_it_failed)
    monkeypatch.setattr(working, "PAUSE_SECONDS", 0.01)

    async def is_tried_again() -> bool:
        return asked.qsize() > len(linking.KINDS)

    async with working.beside(app):
        await until(is_tried_again)
