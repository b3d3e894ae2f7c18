"""Wire format of releases."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from observatory.structures.schemas import Id, Names
from platformkit.wire import Instant, Wire

Reason = Literal["data", "method", "classification"]
State = Literal[
    "draft", "validated", "embargoed", "published", "superseded", "rejected", "withdrawn"
]
Mode = Literal["complete", "partial"]


class SourceFile(Wire):
    """A file as its producer gives it."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=255)]
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class Origin(Wire):
    """Something that figures are made from: who made it, which edition, and which bytes."""

    title: Names
    producer: Annotated[str, StringConstraints(min_length=1, max_length=500)]
    vintage: Annotated[str, StringConstraints(min_length=1, max_length=500)]
    licence: Annotated[str, StringConstraints(min_length=1, max_length=500)]
    citation: Annotated[str | None, Field(max_length=2000)] = None
    derived: Annotated[str | None, Field(max_length=2000, description="what was taken")] = None
    url: Annotated[str | None, Field(max_length=1000, pattern=r"^https?://[^\s<>\"]+$")] = None
    table: Annotated[
        str | None, Field(max_length=64, description="name of the dataset here, if it is one")
    ] = None
    version: Annotated[int | None, Field(ge=1, description="of that dataset")] = None
    files: Annotated[list[SourceFile], Field(max_length=20)] = Field(default_factory=list)


class ReleaseDraft(Wire):
    """What is said about a release before its data are there."""

    dataflow: Id
    notes: Names
    reason: Annotated[Reason, Field(description="Why figures change")] = "data"
    method: Annotated[
        str,
        StringConstraints(min_length=1, max_length=100),
        Field(description="Method and its version", examples=["ilo-2025/1.0.0"]),
    ]
    source: Annotated[
        str,
        StringConstraints(min_length=1, max_length=500),
        Field(description="Producer, title and vintage of what it is made from"),
    ]
    formula: Annotated[
        Names | None, Field(description="How the method makes the figures from their origins")
    ] = None
    origins: Annotated[
        list[Origin], Field(max_length=50, description="What it is made from, in detail")
    ] = Field(default_factory=list)


class Publication(Wire):
    """When a release is to be seen; now, unless said otherwise."""

    at: Instant | None = None


class Explanation(Wire):
    """Why a release is rejected or withdrawn."""

    reason: Names


class _Read(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Difference(_Read):
    """How the observations of a release differ from those of the one before."""

    added: int
    revised: int
    deleted: int
    max_delta: Annotated[float | None, Field(description="largest |Δ| of a revised value")]


class Bilingual(_Read):
    """A text in French and English."""

    fr: str
    en: str


class ReleaseRead(_Read):
    """A release: its state now, its notes, and how it differs from the one before."""

    id: str
    dataflow: str
    agency: str
    ordinal: int | None
    state: State
    published_at: str | None
    withdrawn_at: str | None
    created_at: str
    notes: Bilingual
    reason: Reason
    outcome: Annotated[Bilingual | None, Field(description="Why it was rejected or withdrawn")]
    method: str
    formula: Bilingual | None
    source: str
    origins: list[Origin]
    structure: Annotated[str, Field(description="Version of the dataflow that judged it")]
    sha256: Annotated[str | None, Field(description="Of the file that was loaded")]
    rows: int | None
    diff: Difference | None
    observations: int | None
    series: int | None
    first_period: str | None
    last_period: str | None
    bulk: Annotated[
        str | None, Field(description="address of its Parquet, from that of the service on")
    ]
