"""Wire format of a study: statements in sections, and the figures that they say."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from observatory.exposure.schemas import Basis
from observatory.releases.schemas import SourceFile

SectionId = Literal[
    "changes",
    "people",
    "certainty",
    "strengths",
    "weaknesses",
    "problems",
    "training",
    "calls",
    "mobilities",
]


class Read(BaseModel):
    """Base of what is read here."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Component(Read):
    """A part of the key of a figure."""

    id: str
    code: str


class Figure(Read):
    """A figure that statements say, and where it is; addresses are those of the door.

    An `observation` is one cell, a `sum` adds up the cells of `cells`, `live` ones are a
    neighbour's of this moment, a `record` is no number: a certification, a call for projects.
    """

    id: str
    kind: Literal["observation", "sum", "live", "record"]
    name: str
    indicator: str | None
    unit: str | None
    key: list[Component]
    period: str | None
    value: float | None
    shown: Annotated[str, Field(description="the value as texts write it")]
    low: float | None
    high: float | None
    numerator: float | None
    denominator: float | None
    status: str | None
    release: Annotated[str | None, Field(description="of `releases`")]
    data: Annotated[str, Field(description="where the figure is, as known in that release")]
    cells: Annotated[str | None, Field(description="of a sum: what is added up")]
    provenance: Annotated[str | None, Field(description="release, formula and source files")]
    sheet: Annotated[str | None, Field(description="of the indicator: all there is to know of it")]
    source: Annotated[str | None, Field(description="of a record: its official page")]


class Rank(Read):
    """Place among comparables, 1 the lowest; of exposures that is the favourable end."""

    position: int
    of: int
    median: float
    verdict: Annotated[
        Literal["strong", "weak"] | None, Field(description="by the rule; null where it is none")
    ]
    comparables: Annotated[str, Field(description="the figures of all of them")]


class Statement(Read):
    """A sentence of a versioned template, and the figures that it says."""

    template: str
    text: str
    figures: Annotated[list[str], Field(min_length=1)]
    rank: Rank | None


class Absence(Read):
    """Why a section says nothing; `since` is when a neighbour was first found away."""

    reason: str
    since: datetime | None


class Section(Read):
    """A part of the study; `absent` where it could not be made, or not whole."""

    id: SectionId
    title: str
    statements: list[Statement]
    absent: Absence | None


class OriginShown(Read):
    """Something that the figures of a release are made from, with the bytes of its files."""

    title: str
    producer: str
    vintage: str
    licence: str
    files: list[SourceFile]


class ReleaseShown(Read):
    """A release that brought figures."""

    id: str
    dataflow: str
    ordinal: int
    published_at: str
    method: str
    formula: str | None
    source: str
    address: str
    origins: list[OriginShown]


class Versioned(Read):
    """Something citable, in its version."""

    id: str
    version: str
    address: str


class Study(Read):
    """An impact study."""

    kind: Literal["sectors", "jobs", "territories"]
    code: str
    label: str
    basis: Annotated[Basis, Field(description="What the figures are about")]
    region: Annotated[str, Field(description="whose people and training are told")]
    title: str
    language: Literal["fr", "en"]
    as_of: datetime | None
    template: Versioned
    rules: Versioned
    references: Annotated[str, Field(description="hash of the tables of codes and labels")]
    hidden: Annotated[int, Field(description="figures not told: under disclosure control")]
    sections: list[Section]
    figures: list[Figure]
    releases: list[ReleaseShown]


class Template(Read):
    """A sentence with its `{fields}`."""

    id: str
    fr: str
    en: str


class Rules(Read):
    """What makes a point strong or weak, and the sentences of the studies."""

    id: str
    version: str
    text: str
    thresholds: dict[str, float]
    template: Versioned
    templates: list[Template]


class StudyIndex(Read):
    """Which studies there are: an address for each kind, and that of the region."""

    region: str
    addresses: dict[str, str]
    rules: Versioned
