"""Wire format of roll-ups."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from observatory.formulas.pooling import Errors, Outcome
from observatory.kits.schemas import AgencyId, MethodId
from observatory.structures.schemas import CodeId, Id, Names
from platformkit.wire import Wire

SourceState = Literal[
    "no-node",
    "unregistered",
    "uncertified",
    "method-differs",
    "refused",
    "unread",
    "reading",
    "silent",
    "current",
]


class Part(Wire):
    """An area of the country, who publishes for it, and what it weighs in the coverage."""

    area: CodeId
    agency: Annotated[AgencyId | None, Field(description="none: nobody publishes for it yet")]
    weight: Annotated[float, Field(gt=0, le=1e12, description="its employment, for example")]


class RollUpWrite(Wire):
    """How the figures of regions make those of the country."""

    name: Names
    dataflow: Annotated[Id, Field(description="ours, that the results are published in")]
    source: Annotated[Id, Field(description="dataflow of each node, under its own agency")]
    dimension: Annotated[Id, Field(description="of the areas")] = "REF_AREA"
    area: Annotated[CodeId, Field(description="code of the country")]
    method: MethodId
    method_version: Annotated[
        str,
        StringConstraints(pattern=r"^[0-9]{1,6}\.[0-9]{1,6}$"),
        Field(description="MAJOR.MINOR: figures of no other one are added up"),
    ]
    errors: Annotated[
        Errors,
        Field(description="`independent` samples, or `shared` scores, whose errors go together"),
    ]
    least_coverage: Annotated[
        float, Field(gt=0, le=1, description="share of the weights below which nothing is national")
    ]
    silent_after_hours: Annotated[int, Field(ge=1, le=8_784)] = 72
    parts: Annotated[list[Part], Field(min_length=1, max_length=50)]


class _Read(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SourceRead(_Read):
    """An area, and whether its figures count now."""

    area: str
    agency: str | None
    weight: float
    state: SourceState
    failure: Annotated[str | None, Field(description="why it could not be read, or was refused")]
    current_at: Annotated[datetime | None, Field(description="when nothing was left to read")]
    vintage: Annotated[str | None, Field(description="instant of the release that was read")]


class RollUpRead(RollUpWrite):
    """A roll-up as it is defined, and who counts in it now."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    version: int
    coverage: Annotated[float, Field(description="share of the weights that counts now")]
    missing: Annotated[list[str], Field(description="areas that do not count now")]
    sources: list[SourceRead]


class UsedSource(SourceRead):
    """An area as it was when a release was made, with the certificate that let it in."""

    certificate: str | None
    kit: str | None


class RunRead(_Read):
    """A national release, and what it was made from."""

    number: int
    rollup: str
    release: str
    at: datetime
    coverage: float
    missing: list[str]
    counts: Annotated[dict[Outcome, int], Field(description="cells by what became of them")]
    definition: RollUpWrite
    sources: list[UsedSource]


class AreaFigure(_Read):
    """What an area brings to a cell; nothing where it hides it, or does not count now."""

    area: str
    state: Literal["shown", "hidden", "left-out"]
    numerator: float | None
    denominator: float | None
    se: float | None


class CellRead(_Read):
    """A national cell as the next run would publish it, with the arithmetic behind it."""

    key: Annotated[dict[str, str], Field(description="codes by dimension, but the area's")]
    period: str
    outcome: Outcome
    coverage: float
    value: float | None
    numerator: float | None
    denominator: float | None
    se: float | None
    ci_low: float | None
    ci_high: float | None
    areas: list[AreaFigure]


class Asked(_Read):
    """The areas whose nodes will be asked at once."""

    areas: list[str]
