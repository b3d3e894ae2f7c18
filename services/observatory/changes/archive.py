"""Past releases of the reference tables: made from their archived content when asked for."""

import asyncio
import zlib
from collections.abc import Sequence
from typing import Annotated, Any, Final

import asyncpg
import orjson
from fastapi import Depends, Request

from observatory.changes import queries
from observatory.reference import loading
from observatory.references.assembly import assemble
from observatory.references.facts import Dataset, Facts
from platformkit.errors import NotFound
from platformkit.i18n import Text
from platformkit.reads import ReadPool

_KEPT: Final = 3
"""Past releases held at hand, some ten megabytes each."""


class ReleaseUnknown(NotFound):
    """No release of the reference tables has this number."""

    code = "release-unknown"
    detail = Text("Aucun millésime {ordinal}.", "There is no release {ordinal}.")


class Archive:
    """Makes the facts of a past release, and keeps the few that were made last."""

    def __init__(self) -> None:
        self._facts: dict[int, Facts] = {}
        self._making = asyncio.Lock()

    async def facts(self, reads: ReadPool, ordinal: int) -> Facts:
        """Return a release as it was, or raise ReleaseUnknown."""
        found = self._facts.get(ordinal)
        if found is None:
            async with self._making:
                found = self._facts.get(ordinal) or await self._made(reads, ordinal)
        return found

    async def _made(self, reads: ReadPool, ordinal: int) -> Facts:
        rows = await reads.fetch("reference release content", queries.CONTENT, ordinal)
        if not rows:
            raise ReleaseUnknown(ordinal=ordinal)
        self._facts[ordinal] = found = await asyncio.to_thread(_assembled, rows)
        if len(self._facts) > _KEPT:
            del self._facts[next(iter(self._facts))]
        return found


def _assembled(datasets: Sequence[asyncpg.Record]) -> Facts:
    rows: dict[str, list[dict[str, Any]]] = {
        model.__tablename__: [] for model in loading.TABLES.values()
    }
    for each in datasets:
        table = loading.TABLES[each["name"]].__tablename__
        rows[table] += loading.typed(each["name"], zlib.decompress(each["content"]))
    return assemble(
        datasets[0]["release"],
        {
            each["name"]: Dataset(
                each["name"],
                each["version"],
                each["sha256"],
                each["rows"],
                orjson.loads(each["source"]),
            )
            for each in datasets
        },
        rows,
    )


async def _archive(request: Request) -> Archive:
    archive: Archive = request.app.state.archive
    return archive


PastFacts = Annotated[Archive, Depends(_archive)]
"""The past releases of the reference tables."""
