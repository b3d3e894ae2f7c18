"""Keeps the current release of the reference tables at hand, checked against the database."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Annotated

import asyncpg
import orjson
from fastapi import Depends, FastAPI, Request

from observatory.references import queries
from observatory.references.assembly import assemble
from observatory.references.facts import Dataset, Facts
from platformkit.errors import Unavailable
from platformkit.i18n import Text
from platformkit.reads import ReadPool, Reads


class ReferenceMissing(Unavailable):
    """The reference tables have not been loaded yet."""

    code = "reference-missing"
    detail = Text(
        "Les tables de référence ne sont pas encore chargées (python -m observatory.bootstrap).",
        "The reference tables are not loaded yet (python -m observatory.bootstrap).",
    )


class Library:
    """One small statement per request tells whether the tables have changed since last time."""

    def __init__(self) -> None:
        self._facts: Facts | None = None
        self._loading = asyncio.Lock()

    async def facts(self, reads: ReadPool) -> Facts:
        """Return the tables as they are now, or raise ReferenceMissing."""
        release: str | None = await reads.fetchval("reference release", queries.RELEASE)
        if release is None:
            raise ReferenceMissing
        if self._facts is None or self._facts.release != release:
            async with self._loading:
                if self._facts is None or self._facts.release != release:
                    async with (
                        reads.connection("reference tables") as connection,
                        connection.transaction(isolation="repeatable_read", readonly=True),
                    ):
                        self._facts = await load(connection)
        return self._facts


@asynccontextmanager
async def warmed(app: FastAPI) -> AsyncIterator[None]:
    """Read the tables before the first request, if they can be read; a later request retries."""
    library: Library = app.state.library
    with suppress(ReferenceMissing, OSError, TimeoutError, *ReadPool.errors):
        await library.facts(app.state.reads)
    yield


async def _facts(request: Request, reads: Reads) -> Facts:
    library: Library = request.app.state.library
    return await library.facts(reads)


CurrentFacts = Annotated[Facts, Depends(_facts)]
"""The reference tables as they are now."""


async def load(connection: asyncpg.Connection) -> Facts:
    """Read all tables, within a transaction that sees them as of one instant."""
    return assemble(
        await connection.fetchval(queries.RELEASE),
        {
            row["name"]: Dataset(
                row["name"],
                row["version"],
                row["sha256"],
                row["rows"],
                orjson.loads(row["source"]),
            )
            for row in await connection.fetch(queries.DATASETS)
        },
        {table: await connection.fetch(sql) for table, sql in queries.TABLES.items()},
    )
