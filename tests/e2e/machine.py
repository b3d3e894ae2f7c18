"""`make run` as a person has it: one process, its children, its data folder, its screen."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import psutil

from tests.harness import PLAIN
from tests.ports import free_ports

ROOT = Path(__file__).resolve().parents[2]
SERVICES = ("gateway", "diagnostic", "training", "observatory")


def _words(process: psutil.Process) -> list[str]:
    """Give the command line of a process, nothing of one that has just ended."""
    try:
        return process.cmdline()
    except psutil.NoSuchProcess:
        return []


class Machine:
    """Runs `deploy.local` on ports and data of its own."""

    def __init__(self, home: Path, **variables: str) -> None:
        self.home = home
        self.data = home / "data"
        self.ports = dict(zip(SERVICES, free_ports(len(SERVICES)), strict=True))
        self.variables = variables
        self.screen = home / "screen.txt"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def door(self) -> str:
        return f"http://127.0.0.1:{self.ports['gateway']}"

    @property
    def environment(self) -> dict[str, str]:
        ports = {f"{name}_PORT".upper(): str(port) for name, port in self.ports.items()}
        kept = {name: value for name, value in os.environ.items() if not name.startswith("OTEL_")}
        kept.pop("DATABASE_URL", None)
        return kept | {"VIGIE_DATA": str(self.data)} | ports | self.variables

    def start(self) -> float:
        """Start and wait for the last line of the welcome; returns the seconds it took."""
        begun = time.monotonic()
        self.launch()
        while "grant_type=client_credentials" not in self.shown():
            assert self.process
            assert self.process.poll() is None, self.shown()
            assert time.monotonic() - begun < 180, self.shown()
            time.sleep(0.02)
        return time.monotonic() - begun

    def launch(self) -> subprocess.Popen[bytes]:
        with self.screen.open("wb") as screen:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "deploy.local"],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=screen,
                stderr=subprocess.STDOUT,
            )
        return self.process

    def refused(self) -> str:
        """Start what cannot start; returns what the screen said."""
        assert self.launch().wait(120) == 1, self.shown()
        return self.shown()

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        assert self.process
        self.process.send_signal(number)
        return self.process.wait(30)

    def shown(self) -> str:
        return self.screen.read_text(errors="replace")

    def family(self) -> list[psutil.Process]:
        assert self.process
        return psutil.Process(self.process.pid).children(recursive=True)

    def child(self, service: str) -> psutil.Process:
        (found,) = (one for one in self.family() if service in _words(one)[-2:])
        return found

    def is_ready(self, service: str) -> bool:
        try:
            address = f"http://127.0.0.1:{self.ports[service]}/readyz"
            answer = httpx.get(address, timeout=1, verify=PLAIN)
        except httpx.HTTPError:
            return False
        return answer.status_code == 200

    def sockets(self) -> Path:
        """Folder of the database's socket, as its own note says."""
        return Path((self.data / "postgres" / "postmaster.pid").read_text().splitlines()[4])

    def admin_dsn(self) -> str:
        return f"postgresql://postgres@/vigie?host={self.sockets()}"

    def client(self, who: str = "demo", **headers: str) -> httpx.Client:
        """Open the door as a partner, with a token of a demo client."""
        name = "demo-client" if who == "demo" else who
        secret = (self.data / "secrets" / f"{name}.secret").read_text()
        with httpx.Client(base_url=self.door, timeout=20, verify=PLAIN) as open_door:
            answer = open_door.post(
                "/oauth2/token",
                data={"grant_type": "client_credentials"},
                auth=(who, secret),
            )
        assert answer.status_code == 200, answer.text
        bearer = {"authorization": f"Bearer {answer.json()['access_token']}"}
        return httpx.Client(base_url=self.door, timeout=20, headers=bearer | headers, verify=PLAIN)

    def traced(self, service: str, trace: str) -> list[dict[str, Any]]:
        """Wait for a service's lines on a trace: requests are written some at a time."""
        begun = time.monotonic()
        while True:
            lines = [line for line in self.log(service) if line.get("trace_id") == trace]
            if lines:
                return lines
            assert time.monotonic() - begun < 30, (service, trace)
            time.sleep(0.02)

    def log(self, service: str) -> Iterator[dict[str, Any]]:
        """Lines of a service's log; a line that is not JSON fails.

        What has no end yet is being written: a reader may see a part of many lines.
        """
        for line in (self.data / "logs" / f"{service}.log").read_text().split("\n")[:-1]:
            assert line.startswith("{"), line
            read: dict[str, Any] = json.loads(line)
            yield read
