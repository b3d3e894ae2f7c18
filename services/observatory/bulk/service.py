"""The rules of bulk files: which release has one, and that none is served that shows too much."""

import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime

from observatory.bulk import queries
from observatory.bulk.building import Builder, BulkFilePending, Wanted
from observatory.observations import queries as observations
from observatory.observations.vintages import Vintage
from observatory.releases.service import VintageUnknown
from observatory.structures.catalogue import Catalogue, Flow
from platformkit.reads import ReadPool


@dataclass(frozen=True, slots=True)
class File:
    """The file of a release, as it is kept."""

    number: int
    made_at: datetime
    sha256: str
    size: int
    dataflow: str
    release: Vintage

    @property
    def name(self) -> str:
        """How it is named when it is saved: `DF_EXPOSURE_TERRITORY_r3_2026-11-27.parquet`."""
        release = self.release
        return f"{self.dataflow}_r{release.ordinal}_{release.published_at:%Y-%m-%d}.parquet"


async def file(
    reads: ReadPool, structures: Catalogue, builder: Builder, release: uuid.UUID
) -> File:
    """Return the file of a published release, made now where it is not there or shows too much.

    Raises VintageUnknown or BulkFilePending.
    """
    row = await reads.fetchrow("bulk release", queries.RELEASE, release)
    if row is None:
        raise VintageUnknown
    flow = structures.flow(row["dataflow"], f"{row['major']}.0+", row["agency"])
    assert flow is not None  # noqa: S101  # the release was drafted for it
    known = await observations.vintages(reads, flow)
    vintage = known.get(row["ordinal"])
    assert vintage is not None  # noqa: S101  # it is published
    wanted = Wanted(release, flow, known, row["ordinal"])
    found = await reads.fetchrow("bulk file", queries.FILE, release, wanted.state)
    if found is None:
        await builder.make(wanted)
        found = await reads.fetchrow("bulk file", queries.FILE, release, wanted.state)
    if found is None:  # another instance makes it, or something was hidden meanwhile
        raise BulkFilePending
    return File(**found, dataflow=row["dataflow"], release=vintage)


async def file_of(
    reads: ReadPool, structures: Catalogue, builder: Builder, flow: Flow, ordinal: int
) -> File:
    """Return the file of a release that is known by its ordinal; raises BulkFilePending."""
    release = await reads.fetchval("bulk release", queries.NUMBERED, flow.number, ordinal)
    return await file(reads, structures, builder, release)


async def content(reads: ReadPool, found: File, wanted: range) -> AsyncIterator[bytes]:
    """Yield the bytes wanted; ends with an error when the file goes, because of what it shows."""
    at = wanted.start
    while at < wanted.stop:
        number, begin = divmod(at, queries.PIECE)
        length = min(queries.PIECE - begin, wanted.stop - at)
        piece = await reads.fetchval(
            "bulk piece", queries.SLICE, found.number, number, begin + 1, length
        )
        if piece is None:
            raise BulkFilePending
        yield piece
        at += len(piece)
