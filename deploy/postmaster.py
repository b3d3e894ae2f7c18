"""What a PostgreSQL writes about itself: its state in `postmaster.pid`, its words in its log."""

import socket
import subprocess
import time
from pathlib import Path

FILE = "postmaster.pid"
_READY_LINE = 8
"""Line where the server writes its state, the last of the file."""


def lines(path: Path) -> list[str]:
    """Read what is there by now; nothing where there is no such file."""
    try:
        return path.read_text(errors="replace").splitlines()
    except OSError:
        return []


def is_ready(server: subprocess.Popen[bytes], data: Path, end: float) -> bool:
    """Wait until the server serves (true), ends, or the time is over."""
    while server.poll() is None and time.monotonic() < end:
        told = lines(data / FILE)
        if (
            len(told) >= _READY_LINE
            and told[0] == str(server.pid)
            and told[_READY_LINE - 1].strip() == "ready"
        ):
            return True
        time.sleep(0.02)
    return False


def serving(data: Path) -> tuple[int, str] | None:
    """Find the process that serves this data folder, and the folder of its socket."""
    told = lines(data / FILE)
    if len(told) < _READY_LINE:
        return None
    sockets = told[4].strip()
    return (int(told[0]), sockets) if _answers(Path(sockets, f".s.PGSQL.{told[3]}")) else None


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(path))
        except OSError:
            return False
    return True
