"""The database of a run with several workers: made once, while they collect, and copied by each.

Each has a server of its own: a transaction of one would hold up the feeds of another.
"""

import fcntl
import gc
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.cluster import Cluster
from tests.harness import Database, filled, room

CLUSTER, PASSWORDS, LOCK, SAID = "postgres", "passwords.json", "lock", "said.txt"
COLLECTING = "collecting"


def begin(folder: Path) -> subprocess.Popen[bytes]:
    """Start a process that makes it in this folder, and that holds the lock as long as it lives."""
    folder.chmod(0o755)  # PostgreSQL may run under another account
    with (folder / LOCK).open("wb") as lock, (folder / SAID).open("wb") as said:
        fcntl.flock(lock, fcntl.LOCK_EX)
        command = [sys.executable, "-m", __name__, str(folder)]
        return subprocess.Popen(
            command,
            stdout=said,
            stderr=said,
            pass_fds=[lock.fileno()],
            cwd=Path(__file__).parents[1],
        )


def make(folder: Path) -> None:
    """Make it, and leave it at rest."""
    gc.disable()  # it loads three services, whose modules stay, and ends
    with Cluster(folder / CLUSTER, durable=False) as cluster:
        passwords = filled(cluster).passwords
        cluster.durable = True  # stopped in good order, it needs no recovery
    (folder / PASSWORDS).write_text(json.dumps(passwords))


@contextmanager
def copied(folder: Path) -> Iterator[Database]:
    """Wait until it is made, and serve a copy of it."""
    with (folder / LOCK).open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
    if not (folder / PASSWORDS).exists():
        raise RuntimeError((folder / SAID).read_text())
    with tempfile.TemporaryDirectory(prefix="vigie-test-", dir=room()) as own:
        Path(own).chmod(0o755)
        subprocess.run(["/bin/cp", "-a", str(folder / CLUSTER), own], check=True)
        with Cluster(Path(own) / CLUSTER, durable=False) as cluster:
            yield Database(cluster, json.loads((folder / PASSWORDS).read_text()))


@contextmanager
def one_first(folder: Path) -> Iterator[None]:
    """Let one worker through, and when it is done all others: they find what it has compiled."""
    with (folder / COLLECTING).open("wb") as turn:
        try:
            fcntl.flock(turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            fcntl.flock(turn, fcntl.LOCK_SH)
        yield


if __name__ == "__main__":
    make(Path(sys.argv[1]))
