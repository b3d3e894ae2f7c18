"""Wire format of exposure; every mean is on the scale from 0 to 1, every share too."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from observatory.exposure.classes import Grade
from platformkit.pagination import Page

Share = Annotated[float, Field(ge=0, le=1)]


class Read(BaseModel):
    """Base of what is read here: complete and never changed once made."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class RangeRead(Read):
    """A closed interval of the scale."""

    low: Share
    high: Share


class GradeRead(Read):
    """A class of exposure."""

    code: Grade
    label: str


class GradeShare(GradeRead):
    """Share of jobs or hires in a class."""

    share: Share


class OccupationRead(Read):
    """An ISCO-08 unit group that the figure comes from, with its weight in it."""

    code: str
    label: str
    weight: Share
    mean: Share
    sd: float
    tasks: int


class Basis(Read):
    """What the figures are really about; `exact` is false when it is not what was asked."""

    code: str
    label: str
    kind: str
    exact: bool
    reason: str


class SourceRead(Read):
    """Where facts come from."""

    table: str
    producer: str
    vintage: str
    licence: str
    citation: str


class MethodRead(Read):
    """The method with its formula and what not to read in its figures."""

    id: str
    version: str
    name: str
    formula: str
    citation: str
    parameters: dict[str, float]
    limits: list[str]


class Provenance(Read):
    """What every answer carries to be understood and checked."""

    method: MethodRead
    sources: list[SourceRead]
    release: Annotated[str, Field(description="Hash of the reference tables it was computed on")]
    reading: Annotated[str, Field(description="One sentence that says what the figures mean")]


class JobRanges(Read):
    """Three honest ranges around the mean of a job."""

    score: Annotated[
        RangeRead, Field(description="95 % interval of the mean; a minimum, tasks are no sample")
    ]
    tasks: Annotated[RangeRead, Field(description="Mean ± SD: how unlike its tasks are")]
    crosswalk: Annotated[
        RangeRead,
        Field(description="Means of all scored groups of its minor group, were the link another"),
    ]


class JobExposureItem(Read):
    """Exposure of a job, short form; `class` is null for a job without an ILO class."""

    model_config = ConfigDict(populate_by_name=True)

    code: str
    label: str
    basis: Basis
    mean: Share
    sd: float
    se: float
    grade: Annotated[GradeRead | None, Field(alias="class")]
    interval: RangeRead


class JobFigures(JobExposureItem):
    """Exposure of a job with its ranges and its ISCO-08 groups."""

    occupations: list[OccupationRead]
    tasks: Annotated[int, Field(description="Tasks that were scored")]
    ranges: JobRanges


class JobExposure(Provenance, JobFigures):
    """Exposure of a job, with where it comes from."""


class JobExposures(Page[JobExposureItem]):
    """A page of jobs; `unknown` lists the codes asked for that have no exposure."""

    unknown: list[str]


class Uncertainty(Read):
    """Standard error of a mean, and what its variance is made of (shares sum to one)."""

    se: float
    interval: RangeRead
    level: float
    scores: Share
    crosswalk: Share
    weights: Share


class Coverage(Read):
    """How much of the weight has a score; figures are about that part."""

    share: Share
    covered: float
    total: float
    unit: str


class Aggregate(Read):
    """Exposure of a whole: shares by class and `unclassified_share` sum to one."""

    mean: Share
    uncertainty: Uncertainty
    exposed_share: Annotated[Share, Field(description="Gradients 1 to 4")]
    grades: list[GradeShare]
    unclassified_share: Share
    coverage: Coverage


class SectorJob(Read):
    """A job of a sector and its part in the sector's hires."""

    code: str
    label: str
    weight: Share
    mean: Share
    grade: Annotated[GradeRead | None, Field(alias="class")]

    model_config = ConfigDict(populate_by_name=True)


class Rank(Read):
    """Place among the sectors of the same level; 1 is the most exposed."""

    position: int
    of: int


class SectorExposureItem(Read):
    """Exposure of a section or division, short form."""

    code: str
    level: str
    label: str
    mean: Share
    interval: RangeRead
    exposed_share: Share
    coverage_share: Share
    rank: Rank


class SectorIdentity(Read):
    """Which sector; `basis` says at which level hires are known."""

    code: str
    level: str
    label: str
    basis: Basis
    rank: Rank


class SectorFigures(Aggregate, SectorIdentity):
    """Exposure of a sector with the jobs that make it."""

    top_jobs: Annotated[list[SectorJob], Field(description="Most hired of the exposed jobs")]


class SectorExposure(Provenance, SectorFigures):
    """Exposure of a sector, with where it comes from."""


class FamilyExposure(Read):
    """A job family of a territory; contributions sum to the difference with the country."""

    code: str
    label: str
    jobs: int
    share: Share
    mean: Share
    exposed_share: Share
    contribution: float


class Comparison(Read):
    """The same figures for the country, and the difference with its standard error."""

    code: str
    label: str
    mean: Share
    exposed_share: Share
    difference: float
    difference_se: float


class TerritoryIdentity(Read):
    """Which territory; `basis` says which one the figures are about."""

    id: str
    code: str
    kind: str
    label: str
    basis: Basis
    employment: int


class TerritoryFigures(Aggregate, TerritoryIdentity):
    """Exposure of a territory beside that of the country."""

    comparison: Comparison
    top_families: Annotated[list[FamilyExposure], Field(description="Most exposed first")]


class TerritoryExposure(Provenance, TerritoryFigures):
    """Exposure of a territory, with where it comes from."""


class FamilyExposures(Page[FamilyExposure]):
    """A page of families, most exposed first."""

    territory: str
    basis: Basis


class TerritoryJob(Read):
    """A ROME v3 job of a territory, with its part of the employment of its families."""

    model_config = ConfigDict(populate_by_name=True)

    code: str
    label: str
    employment: Annotated[
        float, Field(ge=0, description="each family split equally between its scored jobs")
    ]
    mean: Share
    grade: Annotated[GradeRead | None, Field(alias="class")]


class TerritoryJobs(Page[TerritoryJob]):
    """A page of jobs, by code; `release` is the hash of the tables that they come from."""

    territory: str
    basis: Basis
    release: str
