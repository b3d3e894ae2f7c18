"""Wire format of coverage; every share is a ratio of the totals beside it."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from platformkit.pagination import Page
from training.coverage.catalogue import Audience, Kind, Level
from training.coverage.lines import Missing

TerritoryKind = Literal["region", "department", "employment_zone", "epci"]
Mode = Literal["on_site", "mixed", "remote"]


class _Read(BaseModel):
    model_config = ConfigDict(frozen=True, from_attributes=True)


class TerritoryRead(_Read):
    """A territory under the observatory's identifier."""

    id: str
    code: str
    kind: TerritoryKind
    label: str


class ExposureSource(_Read):
    """Where exposure and employment are from: the observatory's method and tables."""

    method: str
    release: Annotated[str, Field(description="hash of the observatory's tables")]
    weights: Annotated[TerritoryRead, Field(description="the region whose employment weighs")]


class UnavailableRead(_Read):
    """A part that a neighbour could not give; what is shown of it was read before."""

    part: str
    reason: str


class About(_Read):
    """What the figures are of."""

    on: Annotated[date, Field(description="the legal day, in the time of Paris")]
    territory: TerritoryRead
    exposure: Annotated[
        ExposureSource | None, Field(description="null where the observatory was never reached")
    ]
    unavailable: list[UnavailableRead]


class OfferCounts(_Read):
    """A set of open offers, each counted once: origins and levels add up, audiences overlap."""

    offers: int
    inherited: int
    new: Annotated[int, Field(description="published through a proposal of the programme")]
    audiences: dict[Audience, int]
    levels: Annotated[dict[Level, int], Field(description="by the highest level")]
    modes: dict[Mode, int]
    sessions: Annotated[int, Field(description="that one may enrol in")]
    seats: Annotated[int, Field(description="places that funders pay for, where stated")]
    seats_stated: Annotated[int, Field(description="offers that state them")]
    hours: Annotated[int, Field(description="of all offers that state them, together")]
    hours_stated: int
    hours_mean: Annotated[float | None, Field(description="hours / hours_stated")]


class JobOffers(OfferCounts):
    """The open offers that answer a job."""

    leads: Annotated[int, Field(description="prepare an active certification that leads there")]
    maintains: Annotated[int, Field(description="name the job, without such a certification")]


class CertificationCounts(_Read):
    """Active certifications whose fiche names the job; audiences, by access routes, overlap."""

    active: int
    new: Annotated[int, Field(description="that came through a proposal of the programme")]
    audiences: dict[Audience, int]


class JobExposureRead(_Read):
    """Exposure of the job of ROME v3."""

    mean: float
    grade: Annotated[str | None, Field(alias="class")]
    label: str | None

    model_config = ConfigDict(frozen=True, populate_by_name=True)


class JobRead(_Read):
    """A job of the programme."""

    code: str
    label: str
    kind: Kind
    basis: Annotated[str, Field(description="the job of ROME v3 that exposure is known of")]
    exposure: JobExposureRead | None
    employment: Annotated[
        float | None,
        Field(description="in the region, at the census; null for emerging jobs and without data"),
    ]
    certifications: CertificationCounts


class JobCoverage(JobRead):
    """What answers a job."""

    offers: JobOffers
    covered: bool
    reading: str


class CoveragePage(Page[JobCoverage], About):
    """A page of jobs, by code."""


class Gap(JobRead):
    """A job that no open offer answers; `rank` 1 has the most exposed employment."""

    rank: int
    missing: Missing
    elsewhere: Annotated[int, Field(description="open offers in the rest of the region")]
    reading: str


class GapPage(Page[Gap], About):
    """A page of gaps, by rank."""


class Part(_Read):
    """A part of the exposed jobs and employment, with its share of their totals."""

    jobs: int
    jobs_share: float | None
    employment: Annotated[float | None, Field(description="null where it is not known")]
    employment_share: float | None
    reading: str


class AudiencePart(Part):
    """What the offers for an audience cover."""

    audience: Audience


class OriginParts(_Read):
    """Covered by offers of one origin, of both, of none: the four are the whole."""

    inherited_only: Part
    new_only: Part
    both: Part
    none: Part


class MissingParts(_Read):
    """What is not covered, by what is missing: the two are the gap."""

    offer: Part
    certification: Part


class GradePart(Part):
    """What is covered of a class of exposure; shares are of the class."""

    grade: Annotated[str, Field(alias="class")]
    label: str
    of_jobs: int
    of_employment: float

    model_config = ConfigDict(frozen=True, populate_by_name=True)


class KindSummary(_Read):
    """The jobs of a kind, and what is covered of them."""

    jobs: int
    employment: float | None
    covered: Part
    by_audience: list[AudiencePart]
    by_origin: OriginParts
    missing: MissingParts
    offers: JobOffers


class CoverageSummary(About):
    """What the open offer covers of the jobs of the programme."""

    existing: KindSummary
    by_class: Annotated[list[GradePart], Field(description="of existing jobs: a partition")]
    emerging: KindSummary
    offers: Annotated[OfferCounts, Field(description="that answer any of these jobs")]
    whole_offer: Annotated[OfferCounts, Field(description="all that is open in the territory")]


class TerritoryStatistics(_Read):
    """The open offer of a territory, and the regional exposed employment that it covers."""

    territory: TerritoryRead
    offers: OfferCounts
    exposed_offers: Annotated[int, Field(description="that answer an exposed or emerging job")]
    covered: Part
    by_audience: list[AudiencePart]
    reading: str


class TerritoryPage(Page[TerritoryStatistics]):
    """A page of territories; an offer that takes place in two of them counts in both.

    `whole` counts it once, `located` are those in any of them, `in_several` those in two or more.
    """

    on: date
    kind: TerritoryKind
    exposure: ExposureSource | None
    unavailable: list[UnavailableRead]
    whole: OfferCounts
    located: int
    in_several: int
