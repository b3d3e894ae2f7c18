"""The formats in which data are given, by the suffix of the address; each one streams."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Final

import orjson

from observatory.observations import queries
from observatory.observations.selection import Selection
from observatory.observations.statements import Statement
from observatory.observations.vintages import Vintages
from observatory.structures.catalogue import Indicator
from platformkit.i18n import language
from platformkit.reads import ReadPool


@dataclass(frozen=True, slots=True)
class Reading:
    """All that a writer needs: the pool, the statement, and what the figures are."""

    pool: ReadPool
    indicator: Indicator
    selection: Selection
    vintages: Vintages
    statement: Statement


@dataclass(frozen=True, slots=True)
class Format:
    """A format: its media type, what writes it, and how many observations it may hold at most."""

    media_type: str
    write: Callable[[Reading], AsyncIterator[bytes]]
    most: int | None = None


def _csv(reading: Reading) -> AsyncIterator[bytes]:
    return queries.csv(reading.pool, reading.statement)


async def _json(reading: Reading) -> AsyncIterator[bytes]:
    """Write one document; the rows are rendered by PostgreSQL and joined as they come."""
    content = reading.indicator.artefact.content
    release = reading.vintages.get(reading.selection.as_of)
    head = orjson.dumps(
        {
            "indicator": reading.indicator.artefact.id,
            "name": reading.indicator.artefact.name(),
            "unit": content["unit"][language()],
            "decimals": content["decimals"],
            "dataflow": reading.selection.flow.id,
            "release": {
                "ordinal": reading.selection.as_of,
                "published_at": release and release.published_at.isoformat(),
                "method": release and release.method,
                "source": release and release.source,
            },
            "licence": reading.selection.flow.artefact.content["licence"],
        }
    )
    yield head[:-1] + b',"observations":['
    begun = False
    rest = b""
    async for piece in queries.json_rows(reading.pool, reading.statement):
        *lines, rest = (rest + piece).split(b"\n")
        if lines:
            yield (b",\n" if begun else b"\n") + b",\n".join(lines)
            begun = True
    yield b"]}\n"


FORMATS: Final = {
    "csv": Format("text/csv; charset=utf-8; header=present", _csv),
    "json": Format("application/json", _json, most=1_000_000),
}
"""By the suffix of `data.…`."""
