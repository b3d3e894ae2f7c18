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
    source: str
    structure: Annotated[str, Field(description="Version of the dataflow that judged it")]
    sha256: Annotated[str | None, Field(description="Of the file that was loaded")]
    rows: int | None
    diff: Difference | None
    observations: int | None
    series: int | None
    first_period: str | None
    last_period: str | None
