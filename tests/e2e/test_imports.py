"""A partner sends the national file through the door; the service dies in its middle."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import asyncpg
import httpx

from tests.e2e.machine import Machine
from tests.e2e.test_kill import ask, until
from tests.training.importing import fiche, flux
from training.imports import queries

NUMBERS = range(70_000, 72_000)
FILE = flux(*(fiche(f"RNCP{number}", f"Titre {number}") for number in NUMBERS))
IMPORTS = "/v1/training/imports"


def send(client: httpx.Client, data: bytes) -> str:
    kind = {"content-type": "application/xml"}
    answer = client.post(f"{IMPORTS}/rncp", content=data, headers=kind)
    assert answer.status_code == 202, answer.text
    address: str = answer.headers["location"]
    assert address.startswith(IMPORTS)
    return address


def read(client: httpx.Client, address: str) -> dict[str, Any]:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


@contextmanager
def no_merge(machine: Machine) -> Iterator[None]:
    """Hold what every merge waits for, so that a run has to stop in its middle."""
    held, let_go = threading.Event(), threading.Event()

    async def hold() -> None:
        connection = await asyncpg.connect(machine.admin_dsn())
        async with connection.transaction():
            await connection.execute(queries.ALONE)
            held.set()
            await asyncio.to_thread(let_go.wait)
        await connection.close()

    holder = threading.Thread(target=lambda: asyncio.run(hold()))
    holder.start()
    try:
        assert held.wait(10)
        yield
    finally:
        let_go.set()
        holder.join()


def test_a_file_sent_through_the_door_outlives_the_service_and_changes_nothing_again(
    machine: Machine,
) -> None:
    with machine.client() as client:
        with no_merge(machine):
            run = send(client, FILE)
            until(lambda: read(client, run)["records"] == len(NUMBERS))
            assert read(client, run)["state"] == "running"
            [worker] = [one for one in machine.family() if "training.import_run" in one.cmdline()]
            victim = machine.child("training")
            for process in (victim, worker):
                process.kill()
            until(lambda: machine.is_ready("training"))
            assert machine.child("training").pid != victim.pid
            assert ask(machine, "SELECT FROM training.certification WHERE code = 'RNCP70000'") == []
        until(lambda: read(client, run)["state"] == "done", 90)
        made = read(client, f"{run}/certificate")
        assert made["changes"]["created"]["count"] == len(NUMBERS)
        shown = client.get("/v1/training/certifications/RNCP70000").json()
        assert shown["title"]["fr"] == "Titre 70000"
        changes = "SELECT count(*) FROM training.change"
        before = ask(machine, changes)
        again = send(client, FILE)
        until(lambda: read(client, again)["state"] == "done", 90)
        assert read(client, f"{again}/certificate")["changes"]["unchanged"]["count"] == 2000
        assert ask(machine, changes) == before


def test_a_hostile_file_is_refused_with_its_line(machine: Machine) -> None:
    data = b'<?xml version="1.0"?>\n<!DOCTYPE FICHES SYSTEM "file:///etc/passwd">\n<FICHES/>'
    with machine.client() as client:
        kind = {"content-type": "application/xml", "accept-language": "fr"}
        answer = client.post(f"{IMPORTS}/rncp", content=data, headers=kind)
    body = answer.json()
    assert (answer.status_code, body["code"]) == (422, "xml-doctype-forbidden")
    assert (body["title"], body["errors"][0]["place"]) == ("DOCTYPE interdit", "2")
