"""Keeps the current release of the reference tables at hand, checked against the database."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Annotated, Any

import asyncpg
import orjson
from fastapi import Depends, FastAPI, Request

from observatory.references import queries
from observatory.references.facts import (
    Dataset,
    Facts,
    Family,
    Index,
    IndexScore,
    Industry,
    Job,
    Link,
    Occupation,
    Sector,
    Territory,
)
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
                    self._facts = await _load(reads)
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


async def _load(reads: ReadPool) -> Facts:
    """Read all tables as of one instant."""
    async with (
        reads.connection("reference tables") as connection,
        connection.transaction(isolation="repeatable_read", readonly=True),
    ):
        fetch = connection.fetch
        return Facts(
            release=await connection.fetchval(queries.RELEASE),
            datasets={
                row["name"]: Dataset(
                    row["name"],
                    row["version"],
                    row["sha256"],
                    row["rows"],
                    orjson.loads(row["source"]),
                )
                for row in await fetch(queries.DATASETS)
            },
            occupations={row["code"]: _occupation(row) for row in await fetch(queries.OCCUPATIONS)},
            links={row["job"]: Link(*row.values()) for row in await fetch(queries.LINKS)},
            jobs={row["code"]: Job(*row.values()) for row in await fetch(queries.JOBS)},
            families={
                row["code"]: Family(row["code"], _label(row), tuple(row["jobs"] or ()))
                for row in await fetch(queries.FAMILIES)
            },
            employment=_nested(await fetch(queries.EMPLOYMENT)),
            sectors={
                row["code"]: Sector(row["code"], row["level"], row["parent"], _label(row))
                for row in await fetch(queries.SECTORS)
            },
            hires=_nested(await fetch(queries.HIRES)),
            territories={row["id"]: _territory(row) for row in await fetch(queries.TERRITORIES)},
            indices=_indices(await fetch(queries.INDICES)),
            soc_links=_gathered(await fetch(queries.SOC_LINKS)),
            history=_nested(await fetch(queries.HISTORY)),
            industries=_industries(await fetch(queries.INDUSTRIES)),
            industry_links=_gathered(await fetch(queries.INDUSTRY_LINKS)),
        )


def _nested(rows: Sequence[asyncpg.Record]) -> dict[Any, dict[str, int]]:
    """Rows of two keys and a number, by the first key."""
    found: dict[Any, dict[str, int]] = {}
    for first, second, count in rows:
        found.setdefault(first, {})[second] = count
    return found


def _gathered(rows: Sequence[asyncpg.Record]) -> dict[str, tuple[str, ...]]:
    """Pairs, by the first of each."""
    found: dict[str, list[str]] = {}
    for first, second in rows:
        found.setdefault(first, []).append(second)
    return {first: tuple(seconds) for first, seconds in found.items()}


def _indices(rows: Sequence[asyncpg.Record]) -> dict[str, Index]:
    found: dict[str, dict[str, IndexScore]] = {}
    used: dict[str, str] = {}
    for index, classification, code, value, sd, tasks in rows:
        found.setdefault(index, {})[code] = IndexScore(value, sd, tasks)
        used[index] = classification
    return {index: Index(used[index], scores) for index, scores in found.items()}


def _industries(rows: Sequence[asyncpg.Record]) -> dict[str, tuple[Industry, ...]]:
    found: dict[str, list[Industry]] = {}
    for index, code, members, value in rows:
        found.setdefault(index, []).append(Industry(code, tuple(members.split()), value))
    return {index: tuple(members) for index, members in found.items()}


def _label(row: asyncpg.Record) -> Text:
    """Fall back on the French label where the source has no English one."""
    return Text(row["label_fr"], row["label_en"] or row["label_fr"])


def _occupation(row: asyncpg.Record) -> Occupation:
    score = None
    if row["mean"] is not None:
        score = (row["mean"], row["sd"], row["tasks"], row["published_class"])
    return Occupation(row["code"], _label(row), score)


def _territory(row: asyncpg.Record) -> Territory:
    return Territory(
        row["id"],
        row["code"],
        row["kind"],
        _label(row),
        row["parent"],
        row["crosses_regions"],
    )
