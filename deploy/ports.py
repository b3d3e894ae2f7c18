"""Whether the ports are free, before anything is started; and who has them, when it can be told."""

import socket
import subprocess
from shutil import which


def is_free(port: int) -> bool:
    """Whether a server could listen there, asked the way uvicorn will ask."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
            probe.listen()
        except OSError:
            return False
    return True


def holder(port: int) -> str:
    """Name the process that listens there, as ` by python3 (process 42)`; nothing when unknown."""
    lsof = which("lsof") or which("lsof", path="/usr/sbin:/usr/bin")
    if lsof is None:
        return ""
    asked = subprocess.run(  # noqa: S603  # a fixed question about a number
        [lsof, "-nP", f"-iTCP:{port}", "-sTCP:LISTEN", "-Fpc"],
        check=False,
        capture_output=True,
        text=True,
    )
    facts = {line[:1]: line[1:] for line in asked.stdout.splitlines()}
    return f" by {facts['c']} (process {facts['p']})" if {"c", "p"} <= facts.keys() else ""
