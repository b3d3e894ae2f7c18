"""Starting, stopping and everything that can be in the way of it."""

import asyncio
import json
import signal
import socket
import time
from pathlib import Path

import asyncpg
import httpx
import psutil

from deploy.cluster import Cluster
from deploy.ports import is_free
from tests.e2e import partner
from tests.e2e.machine import Machine


def sentences(screen: str) -> list[str]:
    """Give the lines that say why it cannot go on."""
    return [line for line in screen.splitlines() if line.startswith("✗")]


def run_sql(dsn: str, *statements: str) -> None:
    async def ran() -> None:
        connection = await asyncpg.connect(dsn)
        for statement in statements:
            await connection.execute(statement)
        await connection.close()

    asyncio.run(ran())


def test_the_screen_says_where_to_go_next_and_the_token_command_works(machine: Machine) -> None:
    shown = machine.shown()
    for word in (machine.door, f"{machine.door}/docs", "demo", "make demo", "Ctrl-C"):
        assert word in shown
    with machine.client() as client:
        assert client.get("/v1/diagnostic/cohorts").status_code == 200


def test_a_second_make_run_in_the_same_folder_says_that_it_runs_already(machine: Machine) -> None:
    second = Machine(machine.home)
    second.screen = machine.home / "second.txt"
    (sentence,) = sentences(second.refused())
    assert machine.process
    assert f"process {machine.process.pid}" in sentence


def test_ctrl_c_twice_leaves_nothing_running_and_a_second_start_keeps_everything(
    machine: Machine,
) -> None:
    """The second comes while it stops, and does no harm."""
    with machine.client() as client:
        kept = partner.register(client)
    family, sockets = machine.family(), machine.sockets()
    assert len(family) >= 5
    assert sockets.exists()
    assert machine.process
    for _ in range(2):
        machine.process.send_signal(signal.SIGINT)
        time.sleep(0.1)
    assert machine.process.wait(30) == 0
    assert "stopped" in machine.shown()
    _, alive = psutil.wait_procs(family, timeout=10)
    assert [one for one in alive if one.status() != psutil.STATUS_ZOMBIE] == []
    assert not sockets.exists()
    assert all(is_free(port) for port in machine.ports.values())
    log = (machine.data / "postgres.log").read_text()
    assert "database system is shut down" in log

    machine.start()
    assert "nothing to do" in machine.shown()
    with machine.client() as client:
        answer = client.get(f"/v1/diagnostic/organisations/{kept['id']}")
    assert answer.json() == kept


def test_a_killed_supervisor_takes_its_services_along_and_the_next_start_heals(
    machine: Machine,
) -> None:
    children = [one for one in machine.family() if "deploy.child" in one.cmdline()]
    assert len(children) == 4
    assert machine.process
    machine.process.kill()
    machine.process.wait()
    _, alive = psutil.wait_procs(children, timeout=12)
    assert [one for one in alive if one.status() != psutil.STATUS_ZOMBIE] == []
    machine.start()
    assert "left over from an earlier run" in machine.shown()
    assert "stopped cleanly" in machine.shown()


def test_a_port_in_use_is_one_sentence_with_the_port_and_its_variable(home: Path) -> None:
    machine = Machine(home)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", machine.ports["training"]))
        taken.listen()
        (sentence,) = sentences(machine.refused())
    assert str(machine.ports["training"]) in sentence
    assert "TRAINING_PORT=" in sentence
    assert not (machine.data / "postgres").exists()


def test_a_port_that_is_no_number_is_one_sentence(home: Path) -> None:
    (sentence,) = sentences(Machine(home, GATEWAY_PORT="eight").refused())
    assert "GATEWAY_PORT" in sentence


def test_a_half_made_folder_of_somebody_elses_is_one_sentence(home: Path) -> None:
    machine = Machine(home)
    (machine.data / "postgres").mkdir(parents=True)
    (machine.data / "postgres" / "base").mkdir()
    (sentence,) = sentences(machine.refused())
    assert "make reset" in sentence
    assert (machine.data / "postgres" / "base").exists()


def test_a_newer_schema_is_one_sentence_and_nothing_is_changed(home: Path) -> None:
    machine = Machine(home)
    machine.data.mkdir()
    with Cluster(machine.data / "postgres") as cluster:
        run_sql(cluster.dsn(), "CREATE DATABASE vigie")
        run_sql(
            cluster.dsn("vigie"),
            "CREATE SCHEMA training",
            "CREATE TABLE training.alembic_version (version_num text)",
            "INSERT INTO training.alembic_version VALUES ('f00d')",
        )
    (sentence,) = sentences(machine.refused())
    assert "training" in sentence
    assert "f00d" in sentence
    assert "newer" in sentence
    assert not psutil.pid_exists(cluster.pid or -1)


def test_a_database_of_your_own_that_does_not_answer_is_one_sentence(home: Path) -> None:
    machine = Machine(home, DATABASE_URL="postgresql://vigie@127.0.0.1:9/vigie")
    launched = machine.launch()
    assert launched.wait(120) == 1
    (sentence,) = sentences(machine.shown())
    assert "127.0.0.1" in sentence


def test_the_logs_are_where_the_screen_says(machine: Machine) -> None:
    httpx.get(f"{machine.door}/livez", timeout=5)
    for service in machine.ports:
        lines = (machine.data / "logs" / f"{service}.log").read_text().splitlines()
        assert lines
        assert json.loads(lines[0])["service"] == service


def test_a_start_killed_while_it_prepared_your_own_database_is_completed_by_the_next(
    healed: tuple[Machine, Cluster],
) -> None:
    machine, cluster = healed
    assert "your own, from DATABASE_URL" in machine.shown()
    with machine.client() as client:
        assert client.get("/v1/diagnostic/cohorts").json()["items"]
    assert machine.stop() == 0
    assert not (machine.data / "postgres").exists()
    run_sql(cluster.dsn("mine"), "SELECT 1")  # what is not ours goes on
