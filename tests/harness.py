"""The throw-away database of a test run, and the services on it."""

import asyncio
import importlib
import os
import secrets
import shutil
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import asyncpg
import httpx
from fastapi import FastAPI

from deploy.cluster import Cluster
from platformkit import auth, migrations

GATEWAY_KEY = secrets.token_urlsafe(32)
"""Signs the internal tokens of the tests, in the gateway's name."""

PLAIN = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""For clients of plain HTTP, each of which would read first whom TLS trusts: 40 ms of CPU."""

SESSION_SECONDS = 3600
"""A caller made once for a whole test session must outlive a minute."""

ALL_SCOPES = frozenset(
    {
        "diagnostic:read",
        "diagnostic:write",
        "diagnostic:author",
        "diagnostic:publish",
        "diagnostic:facilitate",
        "diagnostic:fund",
        "diagnostic:protect",
        "diagnostic:statistics",
        "diagnostic:feed",
        "training:feed",
        "training:import",
        "training:read",
        "training:write",
        "training:review",
        "training:audit",
        "training:theses",
        "training:alerts",
        "training:grants",
        "observatory:federate",
        "observatory:feed",
        "observatory:kits",
        "observatory:publish",
        "observatory:share",
        "observatory:steer",
        "gateway:keys",
        "gateway:operate",
        "gateway:webhooks",
        "overviews:read",
    }
)


OWN: dict[str, dict[str, int]] = {
    "diagnostic": {"benchmark_k": 5},
    "training": {"alert_worker": False},
}
"""Settings that one service has beside those of all."""


@dataclass(frozen=True)
class Database:
    """One migrated and bootstrapped database; `dsn(service)` is the service's own login."""

    cluster: Cluster
    passwords: dict[str, str] = field(default_factory=dict)
    name: str = "vigie"

    @property
    def admin_dsn(self) -> str:
        return self.cluster.dsn(self.name)

    def dsn(self, service: str) -> str:
        return self.cluster.dsn(self.name, f"{service}_app", self.passwords[service])


@contextmanager
def environment(**variables: str) -> Iterator[None]:
    """Set environment variables for a while."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


TEMPLATE = "imports_template"
"""A database of training alone, as it ships, that nobody connects to: for copies of one's own."""


EMPTY_OBSERVATORY = "observatory_template"
"""A database of the observatory alone, migrated and empty, that nobody connects to: for regions."""


def room() -> str:
    """Name the folder for throw-away clusters: in memory where there is enough of it.

    To copy a database or to drop it takes 0.35 s of CPU on ext4, and 0.05 s in memory.
    """
    memory = Path("/dev/shm")  # noqa: S108  # what is made in it has names of its own
    is_roomy = os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > ROOM
    return str(memory) if is_roomy else "/tmp"  # noqa: S108  # likewise


ROOM = 4 << 30
"""Bytes that three workers and a platform never fill; Linux gives half of the machine's memory."""


@contextmanager
def running_database() -> Iterator[Database]:
    """Start a cluster and fill it."""
    with TemporaryDirectory(prefix="vigie-test-", dir=room()) as folder:
        Path(folder).chmod(0o755)  # PostgreSQL may run under another account
        with Cluster(Path(folder) / "postgres", durable=False) as cluster:
            yield filled(cluster)


def filled(cluster: Cluster) -> Database:
    """Create roles and schemas, migrate, load reference data and the demo."""
    database = Database(cluster, {name: secrets.token_hex(16) for name in migrations.SERVICES})
    asyncio.run(_execute(cluster.dsn(), f"CREATE DATABASE {database.name}"))
    cheap = "ALTER ROLE postgres SET scram_iterations = 1"  # who sets the passwords of the others
    asyncio.run(_execute(cluster.dsn(), cheap))
    _fill(database, "training")
    asyncio.run(_execute(database.admin_dsn, "ANALYZE"))
    _copy(database, TEMPLATE)
    _migrate(database, "observatory")
    _copy(database, EMPTY_OBSERVATORY)
    others = "DROP SCHEMA training CASCADE"
    asyncio.run(_execute(cluster.dsn(EMPTY_OBSERVATORY), others))
    for service in migrations.SERVICES:
        if service != "training":
            _fill(database, service)
    asyncio.run(_execute(database.admin_dsn, "ANALYZE"))
    return database


async def emptied(database: Database, name: str) -> Database:
    """Make a database of the same cluster with the observatory's tables, and nothing in them."""
    admin = await asyncpg.connect(database.cluster.dsn())
    await admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    template = f"TEMPLATE {EMPTY_OBSERVATORY} STRATEGY FILE_COPY"
    await admin.execute(f"CREATE DATABASE {name} {template}")
    await admin.execute(f"GRANT CONNECT ON DATABASE {name} TO observatory_app")
    await admin.close()
    return replace(database, name=name)


def _copy(database: Database, name: str) -> None:
    """Copy it as it is now, to be copied again by tests: each table is three files to make."""
    copy = f"CREATE DATABASE {name} TEMPLATE {database.name}"
    asyncio.run(_execute(database.cluster.dsn(), copy))


async def _execute(dsn: str, statement: str) -> None:
    connection = await asyncpg.connect(dsn)
    await connection.execute(statement)
    await connection.close()


def _migrate(database: Database, service: str) -> None:
    asyncio.run(migrations.prepare(database.admin_dsn, service, database.passwords[service]))
    migrations.upgrade(service, database.admin_dsn)


def _fill(database: Database, service: str) -> None:
    _migrate(database, service)
    with environment(**variables(database, service)):
        importlib.import_module(f"{service}.bootstrap").main(["--demo"])


def variables(database: Database, service: str) -> dict[str, str]:
    """Return the environment of a service whose only neighbour is the test itself."""
    prefix = service.upper()
    return {
        f"{prefix}_DATABASE_URL": database.dsn(service),
        f"{prefix}_SECRET_KEY": "test cursor key",
        f"{prefix}_TRUSTED_ISSUERS": f'{{"gateway": "{GATEWAY_KEY}"}}',
        f"{prefix}_LOG_LEVEL": "null",
        **{f"{prefix}_{name}".upper(): str(value) for name, value in OWN.get(service, {}).items()},
    }


def settings(database: Database, service: str, **overrides: object) -> Any:
    """Make the settings of a service whose only neighbour is the test itself."""
    kind = importlib.import_module(f"{service}.settings").Settings
    return kind(
        **{
            "database_url": database.dsn(service),
            "secret_key": "test cursor key",
            "trusted_issuers": {"gateway": GATEWAY_KEY},
            "log_level": None,
            **OWN.get(service, {}),
            **overrides,
        }
    )


def application(database: Database, service: str, **overrides: object) -> FastAPI:
    """Build the real application of a service on the test database, without neighbours."""
    module = importlib.import_module(f"{service}.main")
    app: FastAPI = module.create_app(settings(database, service, **overrides))
    return app


@asynccontextmanager
async def opened(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """Run the application's lifespan and talk to it in-process."""
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://service") as client,
    ):
        yield client


def as_client(
    service: str,
    tenant: str = "medef-hdf",
    scopes: frozenset[str] | set[str] = ALL_SCOPES,
    client: str = "demo",
    roles: frozenset[str] | set[str] = frozenset(),
    person: str | None = None,
) -> dict[str, str]:
    """Return the headers of a caller as the gateway would present it."""
    caller = auth.Principal(
        "gateway",
        client,
        person or client,
        tenant,
        roles=frozenset(roles),
        scopes=frozenset(scopes),
    )
    token = auth.mint(GATEWAY_KEY, "gateway", service, caller, seconds=SESSION_SECONDS)
    return {"authorization": f"Bearer {token}"}


def anonymous(service: str) -> dict[str, str]:
    """Return the headers of somebody who identified themselves to nobody."""
    return as_client(service, tenant="", scopes=frozenset(), client="")
