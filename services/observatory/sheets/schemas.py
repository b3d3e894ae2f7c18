"""Wire form of a sheet as it is read: with what structures and releases tell."""

from typing import Annotated, Literal

from pydantic import Field

from observatory.provenance.schemas import MethodShown
from observatory.releases.schemas import SourceFile
from observatory.structures.schemas import Deprecated, Read
from observatory.structures.sheet_schemas import Section


class SectionRead(Read):
    """A section of the sheet."""

    id: Section
    name: str
    text: str


class SourceRead(Read):
    """A source, as OWID's Origin describes one; what nobody told is null."""

    title: str
    producer: str
    attribution: str
    version_producer: str
    license: str
    citation_full: str | None
    description: Annotated[str | None, Field(description="what was taken, and how")]
    url_main: str | None
    url_download: str | None
    date_published: str | None
    date_accessed: str | None
    dataset: Annotated[str | None, Field(description="table here, with its version")]
    files: list[SourceFile]


class Edition(Read):
    """The release that the newest figures are of."""

    ordinal: int
    published_at: str
    state: str
    notes: str
    reason: str
    sha256: str | None
    observations: int | None
    series: int | None
    first_period: str | None
    last_period: str | None
    days_after: Annotated[
        int | None, Field(description="from the end of the last period to publication")
    ]


class Reader(Read):
    """A key or a grid that reads the indicator."""

    urn: str
    name: str


class SheetWhole(Read):
    """An indicator: its definition, what its author wrote, and what its newest release tells.

    Without a sheet of its own, what the author writes is null or empty, the rest is told.
    """

    indicator: str
    urn: str
    sheet: Annotated[str | None, Field(description="URN of the sheet")]
    title: str
    definition: str
    unit: str
    short_unit: str | None
    decimals: int
    polarity: str
    description_short: str | None
    description_key: list[str]
    processing_level: Literal["minor", "major"] | None
    description_processing: str | None
    topics: list[str]
    licence: str
    citation: str | None
    dataflow: str
    dimensions: list[str]
    accrual_periodicity: str
    deprecated: Deprecated | None
    method: MethodShown | None
    release: Edition | None
    sources: list[SourceRead]
    sections: list[SectionRead]
    reading_keys: list[Reader]
    grids: list[Reader]
    data: str
    history: str
    structure: str
