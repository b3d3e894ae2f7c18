"""The platform under measure: a real one, started by `deploy.local` on ports of its own."""

import asyncio
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil

from deploy.cluster import Cluster
from deploy.credentials import DEMO_CLIENT, DEMO_TENANT, SERVICES, Vault, password, settings
from deploy.prepare import as_role, ensure_database
from platformkit import auth
from tests.ports import free_ports

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Stage:
    """Where the parts listen, and how to be let in."""

    data: Path
    admin_dsn: str
    ports: Mapping[str, int]
    token: str
    process: int

    def url(self, service: str, path: str) -> str:
        """Address of a path on a service's own port."""
        return f"http://127.0.0.1:{self.ports[service]}{path}"

    def at_the_door(self) -> dict[str, str]:
        """Headers of the demo client."""
        return {"authorization": f"Bearer {self.token}"}

    def past_the_cache(self) -> dict[str, str]:
        """Headers of the demo client, whose answer the door does not keep: all of it, as a part."""
        return self.at_the_door() | {"range": "bytes=0-"}

    def dsn(self, service: str) -> str:
        """Address of the database for the service's own role."""
        secret = password(Vault(self.data / "secrets"), service)
        return as_role(self.admin_dsn, f"{service}_app", secret)

    def inside(self, service: str, scopes: Collection[str] = ()) -> dict[str, str]:
        """Headers that the gateway would send to the service for the demo client."""
        vault = Vault(self.data / "secrets")
        told = settings(service, vault, database="", urls=dict.fromkeys(SERVICES, ""))
        key = json.loads(told[f"{service.upper()}_TRUSTED_ISSUERS"])["gateway"]
        caller = auth.Principal(
            "gateway", DEMO_CLIENT, DEMO_CLIENT, DEMO_TENANT, scopes=frozenset(scopes)
        )
        return {"authorization": f"Bearer {auth.mint(key, 'gateway', service, caller)}"}

    def memory(self) -> dict[str, float]:
        """Megabytes of each process, shared pages counted once (PSS where the kernel tells)."""
        sizes: dict[str, float] = {}
        supervisor = psutil.Process(self.process)
        for process in [supervisor, *supervisor.children(recursive=True)]:
            words = process.cmdline()
            name = next((word for word in words if word in SERVICES), None)
            label = name or ("postgres" if "postgres" in words[0] else "supervisor")
            used = process.memory_full_info()
            sizes[label] = sizes.get(label, 0) + getattr(used, "pss", used.rss) / 1e6
        return sizes


def _folder() -> Path:
    """Make a folder that PostgreSQL's own account can reach."""
    data = Path(tempfile.mkdtemp(prefix="vigie-bench-"))
    data.chmod(0o755)
    return data


@asynccontextmanager
async def staged(**environment: str) -> AsyncIterator[Stage]:
    """Run a whole platform in a folder of its own until the block ends."""
    async with AsyncExitStack() as stack:
        data = _folder()
        stack.callback(shutil.rmtree, data, ignore_errors=True)
        cluster = stack.enter_context(Cluster(data / "postgres"))
        await ensure_database(cluster.dsn(), "vigie")
        yield await stack.enter_async_context(_running(data, cluster.dsn("vigie"), environment))


@asynccontextmanager
async def _running(data: Path, dsn: str, environment: Mapping[str, str]) -> AsyncIterator[Stage]:
    ports = dict(zip(SERVICES, free_ports(len(SERVICES)), strict=True))
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "deploy.local",
        cwd=ROOT,
        env={
            **os.environ,
            "VIGIE_DATA": str(data),
            "DATABASE_URL": dsn,
            **{f"{name.upper()}_PORT": str(port) for name, port in ports.items()},
            "GATEWAY_RATE_FACTOR": "1000000",  # counted, and never enough to be refused
            **environment,
        },
        stdout=asyncio.subprocess.DEVNULL,
    )
    try:
        door = f"http://127.0.0.1:{ports['gateway']}"
        for port in ports.values():
            await _until_ready(f"http://127.0.0.1:{port}")
        secret = (data / "secrets" / "demo-client.secret").read_text().strip()
        async with httpx.AsyncClient(base_url=door) as http:
            answer = await http.post(
                "/oauth2/token",
                data={"grant_type": "client_credentials"},
                auth=(DEMO_CLIENT, secret),
            )
            answer.raise_for_status()
        yield Stage(data, dsn, ports, answer.json()["access_token"], process.pid)
    finally:
        process.terminate()
        await process.wait()


async def _until_ready(door: str) -> None:
    end = time.monotonic() + 120
    async with httpx.AsyncClient() as http:
        while time.monotonic() < end:
            try:
                if (await http.get(f"{door}/readyz")).status_code == httpx.codes.OK:
                    return
            except httpx.HTTPError:
                pass
            await asyncio.sleep(0.1)
    raise TimeoutError(door)
