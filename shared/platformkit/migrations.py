"""Roles, schemas and migrations: run by an administrator before the services start.

    python -m platformkit.migrations <service>... upgrade|check|revision -m "..."

`VIGIE_ADMIN_DATABASE_URL` names the administrator; `<SERVICE>_DATABASE_PASSWORD`, when set,
becomes the password of the service's login role.
"""

import argparse
import asyncio
import os
import re
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

import alembic.command
import asyncpg
from alembic import context
from alembic.autogenerate.api import AutogenContext
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Connection, MetaData, pool, text
from sqlalchemy.dialects.postgresql.base import ischema_names
from sqlalchemy.ext.asyncio import create_async_engine

from platformkit.db import Xid8

ADMIN = "VIGIE_ADMIN_DATABASE_URL"
_PARTITION = re.compile(r"_p\d+$")
SERVICES = ("diagnostic", "training", "observatory", "gateway")


class NewerSchema(Exception):
    """The database was migrated by a newer release than this one."""


async def prepare(dsn: str, service: str, password: str | None) -> None:
    """Create the service's schema and its roles, or bring them to what they should be.

    A service that needs more than the two common roles says so in a `roles.sql` of its own.
    """
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute("SELECT pg_advisory_lock(hashtext('vigie roles'))")
        for package in ("platformkit", service):
            roles = _beside(package, "roles.sql")
            if roles is not None and roles.is_file():
                await connection.execute(roles.read_text().replace("{service}", service))
        if password is not None:
            quoted = await connection.fetchval("SELECT quote_literal($1::text)", password)
            await connection.execute(f"ALTER ROLE {service}_app PASSWORD {quoted}")
    finally:
        await connection.close()


def _beside(package: str, name: str) -> Path | None:
    """Return the path of a file of a package, None where there is no such package."""
    spec = find_spec(package)
    return None if spec is None or spec.origin is None else Path(spec.origin).parent / name


def config_for(service: str, dsn: str) -> Config:
    """Return Alembic's configuration for a service; there is no alembic.ini."""
    migrations = _beside(service, "migrations")
    if migrations is None:
        raise LookupError(service)
    config = Config()
    config.set_main_option("script_location", str(migrations))
    config.attributes["dsn"] = dsn
    config.attributes["service"] = service
    return config


def upgrade(service: str, dsn: str) -> None:
    """Bring the service's schema to this release; raises NewerSchema when it is ahead of it.

    The changes of a dump that was restored go to the end of the feed, in their order.
    """
    config = config_for(service, dsn)
    present = asyncio.run(revision_of(service, dsn))
    known = ScriptDirectory.from_config(config)
    if present is not None:
        try:
            known.get_revision(present)
        except CommandError as error:
            raise NewerSchema(
                f"The database holds version {present} of the schema {service}, "
                "which this release does not know: it is newer. Update Vigie, "
                "or start afresh with `make reset`."
            ) from error
    if present is None or present != known.get_current_head():
        alembic.command.upgrade(config, "head")
    asyncio.run(_catch_up(service, dsn))


async def _catch_up(service: str, dsn: str) -> None:
    """Show the changes whose transaction ids, of another cluster, this one has yet to give."""
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(
            f"UPDATE {service}.change SET xid = pg_current_xact_id()"  # noqa: S608  # our own name
            " WHERE xid >= pg_snapshot_xmax(pg_current_snapshot())"
        )
    finally:
        await connection.close()


async def revision_of(service: str, dsn: str) -> str | None:
    """Return the revision that the database is at, None when it has none yet."""
    connection = await asyncpg.connect(dsn)
    try:
        table = f"{service}.alembic_version"
        if await connection.fetchval("SELECT to_regclass($1)", table) is None:
            return None
        revision: str | None = await connection.fetchval(f"SELECT version_num FROM {table}")  # noqa: S608  # our own name
        return revision
    finally:
        await connection.close()


def run(metadata: MetaData) -> None:
    """Run the migrations; each service's env.py calls this and nothing else."""
    asyncio.run(_run(metadata))


async def _run(metadata: MetaData) -> None:
    dsn: str = context.config.attributes["dsn"]
    engine = create_async_engine(
        dsn.replace("postgresql://", "postgresql+asyncpg://", 1), poolclass=pool.NullPool
    )
    async with engine.connect() as connection:
        await connection.run_sync(_migrate, metadata, context.config.attributes["service"])
        await connection.commit()
    await engine.dispose()


def _migrate(connection: Connection, metadata: MetaData, service: str) -> None:
    connection.execute(text(f"SET ROLE {service}_owner"))
    connection.execute(text(f"SET search_path = {service}"))
    connection.execute(text("SET lock_timeout = '5s'"))
    connection.dialect.default_schema_name = "public"
    ischema_names["xid8"] = Xid8  # so that reflection knows it
    schemas = {table.schema for table in metadata.tables.values()}
    context.configure(
        connection=connection,
        target_metadata=metadata,
        version_table_schema=service,
        include_schemas=True,
        include_name=lambda name, kind, _: _is_ours(name, kind, schemas),
        compare_server_default=False,
        transaction_per_migration=True,
        render_item=_render,
    )
    with context.begin_transaction():
        context.run_migrations()


def _is_ours(name: str | None, kind: str, schemas: set[str | None]) -> bool:
    """Look at the schemas of the models only, and not at partitions, which are named `…_p1`."""
    if kind == "schema":
        return name in schemas
    return kind != "table" or _PARTITION.search(name or "") is None


def _render(_kind: str, item: object, generation: AutogenContext) -> str | Literal[False]:
    """Write the kit's own column type into a new migration, with its import."""
    if isinstance(item, Xid8):
        generation.imports.add("from platformkit.db import Xid8")
        return "Xid8()"
    return False


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command for some services, one after another."""
    parser = argparse.ArgumentParser(prog="platformkit.migrations")
    parser.add_argument("services", nargs="+", choices=SERVICES, metavar="service")
    parser.add_argument("command", choices=["upgrade", "check", "revision"])
    parser.add_argument("-m", "--message", default="change")
    chosen = parser.parse_args(arguments)
    dsn = os.environ[ADMIN]
    for service in chosen.services:
        password = os.environ.get(f"{service.upper()}_DATABASE_PASSWORD")
        asyncio.run(prepare(dsn, service, password))
        try:
            if chosen.command != "revision":
                upgrade(service, dsn)
        except NewerSchema as newer:
            print(newer, file=sys.stderr)  # noqa: T201  # a command's answer
            return 3
        if chosen.command == "check":
            alembic.command.check(config_for(service, dsn))
        elif chosen.command == "revision":
            alembic.command.revision(config_for(service, dsn), chosen.message, autogenerate=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
