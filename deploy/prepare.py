"""Brings a database up to this code: roles, schemas, migrations, reference data, demo programme.

What a service was prepared with is written as the comment of its schema; when it still matches the
code, a start costs one connection and no Python process. `python -m deploy.prepare [--demo]` is
the one-shot job of docker compose.
"""

import asyncio
import hashlib
import importlib.util
import os
import re
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Protocol
from urllib.parse import quote, unquote, urlsplit

import asyncpg

SERVICES = ("diagnostic", "training", "observatory", "gateway")
LANES = (("observatory",), ("training", "diagnostic", "gateway"))
"""Services that wait for each other, beside those of the other lane: the observatory, which
computes figures, takes about as long as the others together."""

CONFIDENTIAL = "observatory_confidential"
"""Login role of disclosure control: it reads and writes what the service itself may not."""

ADMIN = "VIGIE_ADMIN_DATABASE_URL"
SECRETS = Path("/run/secrets")
OLDEST = 150_000
"""PostgreSQL 15, as the server writes its version."""

Job = Callable[[Sequence[str], list[str]], Awaitable[None]]
"""Runs `python -m …` for some services and raises `PrepareError` when it fails."""


class Admin(Protocol):
    """The administrator's connection, as far as it is used here; asyncpg ships no types."""

    async def fetch(self, query: str, *args: object) -> list[dict[str, str]]:
        """Rows by the names of their columns."""

    async def fetchval(self, query: str, *args: object) -> str | None:
        """First value of the first row."""

    async def execute(self, query: str) -> str:
        """Run without an answer to read."""

    async def close(self) -> None:
        """Give the connection back."""


class PrepareError(Exception):
    """A database that cannot be brought up to this code; the message is one sentence."""


def as_role(dsn: str, user: str, password: str) -> str:
    """Return the address of the same database for another role."""
    parts = urlsplit(dsn)
    place = parts.netloc.rpartition("@")[2]
    return parts._replace(netloc=f"{quote(user)}:{quote(password, safe='')}@{place}").geturl()


def fingerprint(service: str, password: str, *, demo: bool) -> str:
    """Digest of all that decides what the schema should hold: code, tables, secrets of the day."""
    digest = hashlib.sha256(f"demo={demo} password={password}".encode())
    for folder in (_folder("platformkit"), _folder(service)):
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                digest.update(f"\n{path.relative_to(folder)}\n".encode())
                digest.update(path.read_bytes())
    return f"prepared {digest.hexdigest()[:32]}"


def _folder(package: str) -> Path:
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise PrepareError(f"The package {package} is not installed: run `make install`.")
    return Path(next(iter(spec.submodule_search_locations)))


def known_revisions(service: str) -> set[str]:
    """Read the migrations that this code has, without importing them."""
    declared = re.compile(r"""^revision\b[^=]*=\s*["'](\w+)["']""", re.MULTILINE)
    files = (_folder(service) / "migrations" / "versions").glob("*.py")
    return {found for path in files for found in declared.findall(path.read_text())}


async def connect(dsn: str) -> Admin:
    """Open the administrator's connection; says what is wrong in one sentence."""
    try:
        admin: Admin = await asyncpg.connect(dsn, timeout=10)
    except (OSError, TimeoutError, asyncpg.PostgresError, ValueError) as failure:
        host = urlsplit(dsn).hostname or "its socket"
        raise PrepareError(f"The database at {host} cannot be used ({failure}).") from failure
    version = int(await admin.fetchval("SHOW server_version_num") or 0)
    if version < OLDEST:
        await admin.close()
        raise PrepareError(f"The database is PostgreSQL {version // 10_000}; Vigie needs 15.")
    return admin


async def ensure_database(dsn: str, name: str) -> None:
    """Create the database on a server that is ours alone."""
    admin = await connect(dsn)
    try:
        if not await admin.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", name):
            await admin.execute(f"CREATE DATABASE {name}")
    finally:
        await admin.close()


async def renew_passwords(admin: Admin, logins: Mapping[str, str]) -> None:
    """Make the passwords of today those of the login roles that exist."""
    present = await admin.fetch("SELECT rolname FROM pg_roles WHERE rolname = ANY($1)", [*logins])
    for row in present:
        secret = await admin.fetchval("SELECT quote_literal($1::text)", logins[row["rolname"]])
        await admin.execute(f"ALTER ROLE {row['rolname']} PASSWORD {secret}")


async def outdated(admin: Admin, passwords: Mapping[str, str], *, demo: bool) -> dict[str, str]:
    """Name the services with work to do, each with the mark it gets when that is done.

    Raises `PrepareError` for a schema that only a newer Vigie can have written.
    """
    rows = await admin.fetch(
        "SELECT nspname, obj_description(oid, 'pg_namespace') AS mark,"
        " to_regclass(quote_ident(nspname) || '.alembic_version') IS NOT NULL AS is_versioned"
        " FROM pg_namespace WHERE nspname = ANY($1)",
        list(passwords),
    )
    found = {row["nspname"]: row for row in rows}
    work = {}
    for service, password in passwords.items():
        mark = fingerprint(service, password, demo=demo)
        if service in found and found[service]["is_versioned"]:
            at = await admin.fetchval(f"SELECT version_num FROM {service}.alembic_version")  # noqa: S608  # our own names
            if at is not None and at not in known_revisions(service):
                raise PrepareError(
                    f"The schema {service} is at revision {at}, which this code does not know: it"
                    " was written by a newer Vigie, so update the code before starting."
                )
        if service not in found or found[service]["mark"] != mark:
            work[service] = mark
    return work


async def prepare(
    dsn: str,
    passwords: Mapping[str, str],
    job: Job,
    *,
    demo: bool,
    others: Mapping[str, str] = MappingProxyType({}),
) -> dict[str, str]:
    """Do what is left to do, and return it: nothing when nothing changed.

    `passwords` are those of the services, `others` those of login roles beside theirs.
    """
    admin = await connect(dsn)
    try:
        work = await outdated(admin, passwords, demo=demo)
        of_services = {f"{service}_app": password for service, password in passwords.items()}
        await renew_passwords(admin, {**of_services, **others})

        lanes = [[service for service in lane if service in work] for lane in LANES]
        told = ["--demo"] if demo else []
        filling = (job(lane, ["deploy.fill", *told, *lane]) for lane in lanes if lane)
        for failure in await asyncio.gather(*filling, return_exceptions=True):
            if failure is not None:
                raise failure
        if work:
            await renew_passwords(admin, others)  # of roles that were only made now
        for service, mark in work.items():
            await admin.execute(f"COMMENT ON SCHEMA {service} IS '{mark}'")
    finally:
        await admin.close()
    return work


def _told(name: str) -> str:
    file = SECRETS / name.lower()
    text = os.environ.get(name) or (file.read_text().strip() if file.exists() else "")
    if not text:
        raise PrepareError(f"{name} is not set: the job needs it to prepare the database.")
    return text


def _password(name: str) -> str:
    return unquote(urlsplit(_told(_database(name))).password or "")


def _database(name: str) -> str:
    return f"{name}_DATABASE_URL".upper()


def job_environment() -> dict[str, str]:
    """Tell each job what a service is told, from the environment or from files of secrets."""
    return {
        **os.environ,
        **{name: _told(name) for name in map(_database, SERVICES)},
        **{f"{name}_DATABASE_PASSWORD".upper(): _password(name) for name in SERVICES},
        ADMIN: _told(ADMIN),
    }


async def _job(_lane: Sequence[str], module: list[str]) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", *module, env=job_environment()
    )
    if code := await process.wait():
        raise PrepareError(f"`python -m {' '.join(module)}` ended with code {code}.")


def main() -> int:
    """Prepare the database named by VIGIE_ADMIN_DATABASE_URL for the roles of the services."""
    try:
        passwords = {service: _password(service) for service in SERVICES}
        others = {CONFIDENTIAL: _password(CONFIDENTIAL)}
        work = asyncio.run(
            prepare(_told(ADMIN), passwords, _job, demo="--demo" in sys.argv[1:], others=others)
        )
    except PrepareError as failure:
        print(failure, file=sys.stderr)
        return 1
    print(f"Prepared: {', '.join(work) or 'nothing to do'}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
