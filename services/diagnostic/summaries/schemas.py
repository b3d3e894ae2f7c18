"""A company in short, for the gateway's overview."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel

from diagnostic.roadmaps.schemas import ProgressRead


class SummaryCompany(BaseModel):
    """Who it is."""

    id: UUID
    name: str
    siren: str
    naf_code: str
    size_band: str | None
    headcount: int | None
    postcode: str
    region_code: str


class SummaryLevel(BaseModel):
    """A level and its name."""

    code: str
    title: str


class SummaryDimension(BaseModel):
    """An axis and its final score; null when it was not assessable."""

    code: str
    title: str
    score: float | None
    level: str | None


class SummaryAction(BaseModel):
    """One of the first five actions, with the numbers of its certifications."""

    position: int
    code: str
    title: str
    status: str
    effort: str
    impact: int
    gain: float
    quadrant: str
    certifications: list[str]
    funding: list[str]


class SummaryAssessment(BaseModel):
    """The latest submitted diagnostic, else the latest begun; no score before the submission."""

    id: UUID
    questionnaire: str
    version: str
    milestone: str
    status: str
    started_at: datetime
    submitted_at: datetime | None
    score: float | None
    complete: bool | None
    level: SummaryLevel | None
    dimensions: list[SummaryDimension]
    progress: ProgressRead | None
    actions: list[SummaryAction]


class SummarySeat(BaseModel):
    """Its seat in a cohort, or its rank in the waiting list."""

    enrolment_id: UUID
    cohort_id: UUID
    cohort: str
    title: str
    facilitator: str
    status: str
    seat_no: int | None
    rank: int | None
    starts_on: date
    ends_on: date


class OrganisationSummary(BaseModel):
    """Where a company stands in the programme."""

    organisation: SummaryCompany
    assessment: SummaryAssessment | None
    seat: SummarySeat | None
    as_of: datetime
