"""Wire format of changes: effects in full precision, so that anybody can check that they sum."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from observatory.changes.states import Scale
from observatory.indices.schemas import ClassRead, Place, Read, UnitRead, Versioned
from platformkit.pagination import Page


class ReleaseRead(Read):
    """A state that all reference tables were in together."""

    ordinal: int
    sha256: str
    released_at: datetime
    versions: Annotated[dict[str, int], Field(description="Version of each dataset")]
    changed: Annotated[
        list[str], Field(description="Datasets that changed since the release before")
    ]


class SideRead(Read):
    """One side of a change; place and class only on the common scale."""

    release: str
    method: Versioned
    year: Annotated[int | None, Field(description="Null: the census, or hires")]
    mean: Annotated[float, Field(description="From 0 to 1 on the common scale, else native")]
    place: Place | None
    klass: Annotated[ClassRead | None, Field(alias="class")]
    coverage: float


class Effects(Read):
    """Parts of a change; they sum to it exactly (to 1e-9)."""

    structure: Annotated[float, Field(description="Σ Δw·ā: other jobs")]
    score: Annotated[float, Field(description="Σ w̄·Δa: other scores, or another method")]
    revision: Annotated[float, Field(description="The same vintages, as known later")]
    boundary: Annotated[float, Field(description="Other perimeters or classifications")]


class GroupEffect(Read):
    """What one group adds."""

    code: str
    label: str
    structure: float
    score: float


class ChangeRead(UnitRead):
    """A change of exposure and what it is made of."""

    scale: Scale
    before: SideRead
    after: SideRead
    total: float
    effects: Effects
    groups: Annotated[list[GroupEffect], Field(description="Those that add most, up to twenty")]
    others: Annotated[GroupEffect | None, Field(description="All other groups together")]
    reading_key: Versioned
    reading: str


class FamilyShift(Read):
    """Growth of a family in a territory (Dunn 1960): the three parts sum to it exactly."""

    code: str
    label: str
    before: float
    after: float
    national: Annotated[float, Field(description="E·G: as all jobs of the country")]
    mix: Annotated[float, Field(description="E·(g_s − G): as this family in the country")]
    local: Annotated[float, Field(description="E·(g_rs − g_s): what is the place's own")]


class FamilyShifts(Page[FamilyShift]):
    """A page of families, with the sums over all of them."""

    territory: str
    national: float
    mix: float
    local: float
    growth: float
    reading_key: Versioned
    reading: str
