"""The whole platform on one machine with one command: `make run`.

`VIGIE_DATA` moves the data folder, `<SERVICE>_PORT` a port, `DATABASE_URL` (an administrator's
address) takes a PostgreSQL of your own; `VIGIE_DEMO=0` leaves the demo programme out.
"""

import asyncio
import os
import signal
import sys
import time
from collections import ChainMap
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from deploy.cluster import Cluster
from deploy.credentials import (
    DEMO_CLIENT,
    ROOT,
    SERVICES,
    Vault,
    password,
    settings,
)
from deploy.lock import Held, Lock
from deploy.ports import holder, is_free
from deploy.postgres import ClusterError
from deploy.prepare import (
    ADMIN,
    CONFIDENTIAL,
    PrepareError,
    as_role,
    ensure_database,
    prepare,
)
from deploy.screen import Screen
from deploy.supervisor import Service, StartFailedError, keep, last_words, run, stop, trim_logs

PORTS = {"gateway": 8000, "diagnostic": 8001, "training": 8002, "observatory": 8003}
DATABASE = "vigie"
READY_SECONDS = 60.0
STEPS = 5

Refusal = (ClusterError, PrepareError, StartFailedError, OSError)


@dataclass(frozen=True, slots=True)
class Place:
    """Where this platform keeps its things and listens."""

    data: Path
    ports: dict[str, int]
    database_url: str | None
    demo: bool

    @property
    def logs(self) -> Path:
        """Logs of the services, one JSON object a line."""
        return self.data / "logs"

    @property
    def door(self) -> str:
        """Address of the gateway."""
        return f"http://127.0.0.1:{self.ports['gateway']}"


def place() -> Place:
    """Read the few variables that move things. Raises `PrepareError`."""
    ports = {}
    for service, usual in PORTS.items():
        name = f"{service}_PORT".upper()
        told = os.environ.get(name, str(usual))
        if not told.isdigit() or not 0 < int(told) < 65_536:  # noqa: PLR2004  # the highest port
            raise PrepareError(f"{name} is {told!r}, which is not a port number.")
        ports[service] = int(told)
    data = Path(os.environ.get("VIGIE_DATA") or ROOT / ".data").absolute()
    database = os.environ.get("DATABASE_URL") or None
    return Place(data, ports, database, demo=os.environ.get("VIGIE_DEMO", "1") != "0")


class Platform:
    """Everything that runs; `stop` ends it from the door to the database."""

    def __init__(self, where: Place, screen: Screen) -> None:
        self.where = where
        self.screen = screen
        self.services: list[Service] = []
        self._cluster: Cluster | None = None
        self._last: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Bring everything up, saying each step. Raises one of `Refusal`."""
        where, screen = self.where, self.screen
        vault = Vault(where.data / "secrets")
        with screen.step("ports") as said:
            await check_ports(where.ports)
            said.append(", ".join(str(port) for port in where.ports.values()))
        with screen.step("database") as said:
            dsn = await self._database()
            said.append(self._cluster.kind if self._cluster else "your own, from DATABASE_URL")
        environments = {
            service: {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
            | settings(
                service,
                vault,
                database=as_role(dsn, f"{service}_app", password(vault, service)),
                urls={name: f"http://127.0.0.1:{port}" for name, port in where.ports.items()},
            )
            for service in SERVICES
        }
        environments["gateway"]["GATEWAY_ISSUER"] = where.door
        environments["training"]["TRAINING_PUBLIC_URL"] = where.door
        environments["observatory"]["OBSERVATORY_PUBLIC_URL"] = where.door
        passwords = {service: password(vault, service) for service in SERVICES}
        with screen.step("schemas and reference data") as said:

            async def job(lane: Sequence[str], module: list[str]) -> None:
                log = where.logs / f"prepare-{'-'.join(lane)}.log"
                told = {
                    **ChainMap(*(environments[service] for service in lane)),
                    ADMIN: dsn,
                    **{f"{name}_DATABASE_PASSWORD".upper(): passwords[name] for name in SERVICES},
                }
                if await run(sys.executable, "-m", *module, env=told, log=log):
                    raise PrepareError(
                        f"`python -m {' '.join(module)}` failed ({last_words(log)}); its log is"
                        f" {log}."
                    )

            others = {CONFIDENTIAL: password(vault, CONFIDENTIAL)}
            work = await prepare(dsn, passwords, job, demo=where.demo, others=others)
            place = as_role(dsn, CONFIDENTIAL, others[CONFIDENTIAL])
            vault.put(f"{CONFIDENTIAL}_database_url", place)  # for `vigie disclose`, nobody else
            said.append(", ".join(work) if work else "nothing to do")
        with screen.step("services") as said:
            self.services = [
                Service(name, port, environments[name], where.logs / f"{name}.log")
                for name, port in where.ports.items()
            ]
            for service in self.services:
                service.keeper = asyncio.create_task(keep(service, screen.note))
            said.append(", ".join(service.name for service in self.services))
        with screen.step("ready"):
            await self._until_ready()
        self._last.append(asyncio.create_task(trim_logs(self.services)))

    async def _database(self) -> str:
        if self.where.database_url:
            return self.where.database_url
        self._cluster = Cluster(self.where.data / "postgres")
        await _whole(self._cluster.start)
        for note in self._cluster.notes:
            self.screen.note(note)
        await ensure_database(self._cluster.dsn(), DATABASE)
        return self._cluster.dsn(DATABASE)

    async def _until_ready(self) -> None:
        end = time.monotonic() + READY_SECONDS
        while waiting := [service for service in self.services if not service.served]:
            for service in waiting:
                if service.keeper is not None and service.keeper.done():
                    await service.keeper  # raises why
                service.served = await service.is_ready()
            if time.monotonic() > end:
                first = waiting[0]
                raise StartFailedError(
                    f"{first.name} is not ready after {READY_SECONDS:.0f} s"
                    f" ({last_words(first.log)}); its log is {first.log}."
                )
            await asyncio.sleep(0.05)

    async def watch(self) -> None:
        """Run until a service gives up for good or the database ends. Raises one of `Refusal`."""
        while True:
            for service in self.services:
                if service.keeper is not None and service.keeper.done():
                    await service.keeper
            if self._cluster is not None and self._cluster.pid is None:
                self.screen.note("the database ended by itself; starting it again")
                await _whole(self._cluster.restart)
            await asyncio.sleep(0.2)

    async def stop(self) -> None:
        """Let the requests in flight end: the door first, then the services, then the database."""
        for task in self._last:
            task.cancel()
        await asyncio.gather(*(stop(one) for one in self.services if one.name == "gateway"))
        await asyncio.gather(*(stop(one) for one in self.services if one.name != "gateway"))
        if self._cluster is not None:
            await _whole(self._cluster.stop)


async def _whole(work: Callable[[], None]) -> None:
    """Do blocking work beside the loop, and to its end even when we are cancelled meanwhile."""
    task = asyncio.create_task(asyncio.to_thread(work))
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task})
        raise


async def check_ports(ports: dict[str, int]) -> None:
    """Say which port is taken, by whom and what to set. Raises `PrepareError`.

    Services of a supervisor that was killed end by themselves: they are given a moment.
    """
    for _ in range(20):
        taken = [(service, port) for service, port in ports.items() if not is_free(port)]
        if not taken:
            return
        await asyncio.sleep(0.1)
    service, port = taken[0]
    raise PrepareError(
        f"Port {port}, for the {service}, is taken{holder(port)}: stop that, or choose another one"
        f" with `{service.upper()}_PORT={port + 100} make run`."
    )


def welcome(where: Place, screen: Screen, seconds: float) -> None:
    """Show where to go next."""
    secret = near(where.data / "secrets" / "demo-client.secret")
    screen.panel(
        f"Vigie runs · {seconds:.1f} s",
        [
            ("API", where.door),
            ("Documentation", f"{where.door}/docs"),
            ("Demo client", f"{DEMO_CLIENT}; its secret is in {secret}"),
            ("Logs", f"{near(where.logs)}/*.log, JSON lines"),
            ("Next", "make demo, in another terminal"),
            ("Stop", "Ctrl-C; everything is kept"),
        ],
    )
    screen.line("A token:")
    screen.line(
        f'  curl -s -u "{DEMO_CLIENT}:$(cat {secret})" -d grant_type=client_credentials'
        f" {where.door}/oauth2/token"
    )


def near(path: Path) -> str:
    """Shorten a path below the folder that the person is in."""
    return os.path.relpath(path) if path.is_relative_to(Path.cwd()) else str(path)


async def main() -> int:
    """Serve until Ctrl-C or SIGTERM; 0 after an orderly stop, 1 when it could not serve."""
    begun = time.monotonic()
    screen = Screen(STEPS)
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, told.set)  # a second one changes nothing
    with ExitStack() as closing:
        try:
            where = place()
            where.logs.mkdir(parents=True, exist_ok=True)
            closing.callback(Lock(where.data / "run.lock").free)
        except Held as held:
            screen.refuse(f"Vigie already runs here, as process {held.owner}: {where.door}")
            return 1
        except Refusal as refusal:
            screen.refuse(str(refusal))
            return 1
        platform = Platform(where, screen)

        async def live() -> None:
            with screen.shown():
                await platform.start()
            welcome(where, screen, time.monotonic() - begun)
            await platform.watch()

        life = asyncio.create_task(live())
        ending = asyncio.create_task(told.wait())
        await asyncio.wait({life, ending}, return_when=asyncio.FIRST_COMPLETED)
        code = 0
        if told.is_set():
            screen.note("stopping: requests in flight end first")
        life.cancel()
        try:
            await life
        except asyncio.CancelledError:
            pass
        except Refusal as refusal:
            screen.refuse(str(refusal))
            code = 1
        await platform.stop()
        ending.cancel()
        if told.is_set():
            screen.note("stopped; `make run` continues where it was")
        return code


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
