"""Keeps the structures at hand, checked against the database at each request."""

import asyncio
from collections.abc import Mapping
from typing import Annotated, Any

import orjson
from fastapi import Depends, Request

from observatory.structures import queries, versions
from observatory.structures.catalogue import Artefact, Catalogue, Code, Deprecation, text
from platformkit.i18n import Text
from platformkit.reads import ReadPool, Reads


class StructureLibrary:
    """One small statement per request tells whether the structures have changed."""

    def __init__(self, agency: str) -> None:
        self._agency = agency
        self._catalogue: Catalogue | None = None
        self._loading = asyncio.Lock()

    async def catalogue(self, reads: ReadPool) -> Catalogue:
        """Return the structures as they are now."""
        revision: int = await reads.fetchval("structure revision", queries.REVISION)
        if self._catalogue is None or self._catalogue.revision != revision:
            async with self._loading:
                if self._catalogue is None or self._catalogue.revision != revision:
                    async with (
                        reads.connection("structures") as connection,
                        connection.transaction(isolation="repeatable_read", readonly=True),
                    ):
                        self._catalogue = await load(connection, self._agency)
        return self._catalogue


async def load(connection: Any, agency: str) -> Catalogue:  # noqa: ANN401  # asyncpg's, untyped
    """Read all structures but the codes of the lists; `agency` is our own."""
    artefacts: dict[tuple[str, str, str], list[Artefact]] = {}
    for row in await connection.fetch(queries.ARTEFACTS):
        version = versions.parse(row["version"])
        assert version is not None  # noqa: S101  # the wire let nothing else in
        artefact = Artefact(
            row["number"],
            row["kind"],
            row["agency"],
            row["id"],
            version,
            orjson.loads(row["content"]),
            row["sha256"],
            row["published_at"],
            None
            if row["deprecated_at"] is None
            else Deprecation(
                row["deprecated_at"], text(orjson.loads(row["reason"])), row["replacement"]
            ),
        )
        artefacts.setdefault((row["kind"], row["agency"], row["id"]), []).append(artefact)
    return Catalogue(
        revision=await connection.fetchval(queries.REVISION),
        agency=agency,
        artefacts={key: tuple(each) for key, each in artefacts.items()},
        numbers={
            (row["agency"], row["id"], row["major"]): row["number"]
            for row in await connection.fetch(queries.FLOWS)
        },
        agencies={
            row["id"]: Text(row["name_fr"], row["name_en"])
            for row in await connection.fetch(queries.AGENCIES)
        },
    )


async def codes(source: Any, catalogue: Catalogue, codelist: Artefact) -> Mapping[str, Code]:  # noqa: ANN401  # a ReadPool or asyncpg's connection
    """Return the codes of a list in their order, read once per revision of the structures."""
    if codelist.number not in catalogue.codes:
        rows = await (
            source.fetch("codes", queries.CODES, codelist.number)
            if isinstance(source, ReadPool)
            else source.fetch(queries.CODES, codelist.number)
        )
        catalogue.codes[codelist.number] = {
            row["code"]: Code(row["code"], Text(row["name_fr"], row["name_en"]), row["parent"])
            for row in rows
        }
    return catalogue.codes[codelist.number]


async def _structures(request: Request, reads: Reads) -> Catalogue:
    library: StructureLibrary = request.app.state.structures
    return await library.catalogue(reads)


Structures = Annotated[Catalogue, Depends(_structures)]
"""The structures as they are now."""
