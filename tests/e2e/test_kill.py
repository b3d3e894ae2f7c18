"""A service killed in the middle of a write: healed, and the retry counts once."""

import asyncio
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import psutil
import pytest

from tests.e2e import partner
from tests.e2e.machine import Machine


def ask(machine: Machine, query: str, *values: object) -> list[Any]:
    async def asked() -> list[Any]:
        connection = await asyncpg.connect(machine.admin_dsn())
        try:
            return list(await connection.fetch(query, *values))
        finally:
            await connection.close()

    return asyncio.run(asked())


@contextmanager
def locked(machine: Machine, assessment: str) -> Iterator[None]:
    """Hold the diagnostic's row, so that a submission has to stop in its middle."""
    held, let_go = threading.Event(), threading.Event()

    async def hold() -> None:
        connection = await asyncpg.connect(machine.admin_dsn())
        try:
            async with connection.transaction():
                row = await connection.fetchrow(
                    "SELECT id FROM diagnostic.assessment WHERE id = $1 FOR UPDATE", assessment
                )
                assert row is not None
                held.set()
                await asyncio.to_thread(let_go.wait)
        finally:
            await connection.close()

    holder = threading.Thread(target=lambda: asyncio.run(hold()))
    holder.start()
    try:
        assert held.wait(10)
        yield
    finally:
        let_go.set()
        holder.join()


def until(claim: Any, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not claim():
        assert time.monotonic() < end
        time.sleep(0.05)


def is_waiting(machine: Machine) -> bool:
    waiting = ask(
        machine,
        "SELECT pid FROM pg_stat_activity"
        " WHERE usename = 'diagnostic_app' AND wait_event_type = 'Lock'",
    )
    return bool(waiting)


def test_a_kill_in_the_middle_of_a_submission_and_a_retry_give_one_result(
    machine: Machine,
) -> None:
    key = {"idempotency-key": str(uuid4())}
    with machine.client() as client, ThreadPoolExecutor() as threads:
        assessment = partner.filled(client)
        path = f"/v1/diagnostic/assessments/{assessment}/submit"
        with locked(machine, assessment):
            cut = threads.submit(client.post, path, headers=key)
            until(lambda: is_waiting(machine))
            victim = machine.child("diagnostic")
            victim.kill()
            broken = cut.result(20)
        assert broken.status_code in (502, 503, 504), broken.text
        assert broken.json()["trace_id"] == partner.trace_of(broken)
        until(lambda: machine.is_ready("diagnostic"))
        assert machine.child("diagnostic").pid != victim.pid
        assert "diagnostic was ended by SIGKILL" in machine.shown()

        before = ask(machine, "SELECT status FROM diagnostic.assessment WHERE id = $1", assessment)
        assert before[0]["status"] != "submitted"
        first = client.post(path, headers=key)
        again = client.post(path, headers=key)
    assert first.status_code == 200, first.text
    assert "idempotent-replayed" not in first.headers
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert again.headers["idempotent-replayed"] == "true"
    announced = ask(
        machine,
        "SELECT count(*) FROM diagnostic.change JOIN diagnostic.assessment"
        " ON entity = 'assessment' AND entity_id = pseudonym::text"
        " WHERE assessment.id = $1",
        assessment,
    )
    assert announced[0]["count"] == 1


@pytest.mark.parametrize("service", ["gateway", "observatory"])
def test_any_service_that_is_killed_comes_back_by_itself(machine: Machine, service: str) -> None:
    """The others are killed in the middle of their work: above, and in test_imports.py."""
    victim = machine.child(service)
    victim.kill()
    until(lambda: not victim.is_running() or victim.status() == psutil.STATUS_ZOMBIE)
    until(lambda: machine.is_ready(service))
    assert machine.child(service).pid != victim.pid
    with machine.client() as client:
        assert client.get("/v1/diagnostic/organisations").status_code == 200


def test_the_overview_answers_while_a_service_is_down_and_says_what_is_missing(
    machine: Machine,
) -> None:
    with machine.client() as client:
        organisation = partner.register(client)
        path = f"/v1/overviews/organisations/{organisation['id']}"
        victim = machine.child("observatory")
        victim.suspend()
        try:
            begun = time.monotonic()
            answer = client.get(path)
            seconds = time.monotonic() - begun
        finally:
            victim.resume()
    assert answer.status_code == 200, answer.text
    assert seconds < 5
    body = answer.json()
    assert body["organisation"]["source"] == "diagnostic"
    late = {gap["part"] for gap in body["unavailable"] if gap["reason"] == "timeout"}
    assert late == {"sector", "territory"}


def postmaster(machine: Machine) -> int | None:
    try:
        return int((machine.data / "postgres" / "postmaster.pid").read_text().split("\n")[0])
    except (FileNotFoundError, ValueError):  # not there, or not written yet
        return None


def test_a_database_that_is_killed_comes_back_and_lost_nothing(machine: Machine) -> None:
    with machine.client() as client:
        organisation = partner.register(client)
        killed = postmaster(machine)
        assert killed is not None
        psutil.Process(killed).kill()
        until(lambda: postmaster(machine) not in {None, killed})  # what it served may still answer

        def is_back() -> bool:
            try:
                answer = client.get(f"/v1/diagnostic/organisations/{organisation['id']}")
            except httpx.HTTPError:
                return False
            return answer.status_code == 200

        until(is_back)
    assert "the database ended by itself" in machine.shown()
    until(lambda: all(machine.is_ready(service) for service in machine.ports))  # for other tests
