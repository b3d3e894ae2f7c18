"""Keeps the services running: starts them, watches them, starts them again, stops them in order."""

import asyncio
import signal
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE, STDOUT, Process
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

DELAYS = (0.1, 0.5, 1.0, 2.0, 5.0)
"""Seconds before each restart in a row; the last one is kept up."""

STEADY = 30.0
"""A service that lived this long has earned the first delay again."""

GRACE = 13.0
"""Seconds a service may take to stop: uvicorn grants its requests ten."""

LARGE = 20_000_000
"""Bytes after which a log becomes `.1` and begins anew."""


class StartFailedError(Exception):
    """A service that ends before it ever answered; the message is one sentence."""


@dataclass
class Service:
    """One service and what is known of its process."""

    name: str
    port: int
    environment: Mapping[str, str]
    log: Path
    process: Process | None = None
    served: bool = False
    restarts: int = 0
    keeper: asyncio.Task[None] | None = field(default=None, repr=False)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    async def is_ready(self) -> bool:
        """Whether `/readyz` answers 200 within a second."""
        try:
            async with asyncio.timeout(1):
                reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
                writer.write(
                    f"GET /readyz HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n"
                    "Connection: close\r\n\r\n".encode()
                )
                status = await reader.readline()
                writer.close()
        except (OSError, TimeoutError):
            return False
        return b" 200 " in status


async def keep(service: Service, say: Callable[[str], None]) -> None:
    """Run the service for ever, starting it again with growing delays when it ends by itself."""
    while True:
        begun = time.monotonic()
        with _opened(service.log) as log:
            service.process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "deploy.child",
                service.name,
                str(service.port),
                stdin=PIPE,  # its end tells the child that we are gone
                stdout=log,
                stderr=STDOUT,
                env=dict(service.environment),
                start_new_session=True,  # Ctrl-C is for us; we stop them in order
            )
        code = await service.process.wait()
        if time.monotonic() - begun > STEADY:
            service.restarts = 0
        if not service.served and service.restarts + 1 >= len(DELAYS):
            raise StartFailedError(
                f"{service.name} does not start ({last_words(service.log)});"
                f" its log is {service.log}."
            )
        delay = DELAYS[min(service.restarts, len(DELAYS) - 1)]
        service.restarts += 1
        say(f"{service.name} {_ended(code)}; starting it again in {delay:g} s")
        await asyncio.sleep(delay)


async def stop(service: Service) -> None:
    """End the service after its last request; never waits longer than `GRACE`."""
    if service.keeper is not None:
        service.keeper.cancel()
        with suppress(asyncio.CancelledError, StartFailedError):
            await service.keeper
    process = service.process
    if process is None or process.returncode is not None:
        return
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        async with asyncio.timeout(GRACE):
            await process.wait()
    except TimeoutError:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def trim_logs(services: list[Service]) -> None:
    """Keep each log and one older one below `LARGE`, while the services write on."""
    while True:
        await asyncio.sleep(60)
        for service in services:
            if service.log.exists() and service.log.stat().st_size > LARGE:
                older = service.log.with_suffix(".log.1")
                older.write_bytes(service.log.read_bytes())
                with service.log.open("r+b") as log:
                    log.truncate(0)


def last_words(log: Path) -> str:
    """Return the last line that is not empty, for a sentence about the end."""
    lines = [line for line in log.read_text(errors="replace").splitlines() if line.strip()]
    return lines[-1].strip()[:300] if lines else "no word in its log"


def _opened(log: Path) -> IO[bytes]:
    if log.exists() and log.stat().st_size > LARGE:
        log.replace(log.with_suffix(".log.1"))
    return log.open("ab")


def _ended(code: int) -> str:
    if code < 0:
        return f"was ended by {signal.Signals(-code).name}"
    return f"ended with code {code}"


async def run(*command: str, env: Mapping[str, str], log: Path) -> int:
    """Run one job to its end, its words in the log; ends with us when we are stopped."""
    with _opened(log) as file:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=DEVNULL,
            stdout=file,
            stderr=STDOUT,
            env=dict(env),
            start_new_session=True,
        )
    try:
        return await process.wait()
    except asyncio.CancelledError:
        with suppress(ProcessLookupError):
            process.terminate()
        await process.wait()
        raise
