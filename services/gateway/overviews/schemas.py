"""Wire format of overviews: named parts, and the gaps between them."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field


class PartRead(BaseModel):
    """What a service answered, as it answered it."""

    as_of: Annotated[datetime, Field(description="when it was read")]
    source: Annotated[str, Field(description="the service", examples=["observatory"])]
    href: Annotated[str, Field(description="the same, alone, at this door")]
    basis: Annotated[
        Literal["subject", "region"],
        Field(description="`region`: about Hauts-de-France, where the subject itself is not known"),
    ]
    data: dict[str, Any]


class GapRead(BaseModel):
    """A part that is missing, and whether asking again may help."""

    part: str
    reason: Annotated[str, Field(examples=["unreachable", "timeout", "scope-missing"])]
    status: Annotated[int | None, Field(description="of the service's refusal, if it gave one")]
    retry_after: Annotated[int | None, Field(description="seconds; null: do not bother")]


class _Overview(BaseModel):
    unavailable: list[GapRead]


class OrganisationOverview(_Overview):
    """A company: diagnostic, roadmap, peers, funding, open calls, surroundings, what to learn."""

    organisation: PartRead | None = None
    funding: PartRead | None = None
    calls: PartRead | None = None
    roadmap: PartRead | None = None
    benchmark: PartRead | None = None
    sector: PartRead | None = None
    territory: PartRead | None = None
    certifications: PartRead | None = None


class JobOverview(_Overview):
    """A job: exposure by one index and by several, where it leads, what leads to it, open calls."""

    exposure: PartRead | None = None
    range: PartRead | None = None
    mobilities: PartRead | None = None
    certifications: PartRead | None = None
    sessions: PartRead | None = None
    calls: PartRead | None = None


class SectorOverview(_Overview):
    """A sector: exposure, exposed jobs, companies compared, certifications, open calls."""

    exposure: PartRead | None = None
    range: PartRead | None = None
    benchmark: PartRead | None = None
    certifications: PartRead | None = None
    calls: PartRead | None = None


class TerritoryOverview(_Overview):
    """A territory: exposure, training offered there, cohorts, what the indicators say of it."""

    exposure: PartRead | None = None
    range: PartRead | None = None
    offers: PartRead | None = None
    cohorts: PartRead | None = None
    indicators: PartRead | None = None


class CertificationOverview(_Overview):
    """A certification: what it is, whether it goes on, its jobs' exposure, next sessions."""

    certification: PartRead | None = None
    continuity: PartRead | None = None
    sessions: PartRead | None = None
    jobs: PartRead | None = None
