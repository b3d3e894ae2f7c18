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
        Field(description="`region`: the subject could not be read, this is its region's"),
    ]
    data: dict[str, Any]


class GapRead(BaseModel):
    """A part that is missing, and whether asking again may help."""

    part: str
    reason: Annotated[str, Field(examples=["unreachable", "timeout", "scope-missing"])]
    retry_after: Annotated[int | None, Field(description="seconds; null: do not bother")]


class OrganisationOverview(BaseModel):
    """A company: its diagnostic, the exposure around it, the certifications of its roadmap."""

    organisation: PartRead | None = None
    sector: PartRead | None = None
    territory: PartRead | None = None
    certifications: PartRead | None = None
    unavailable: list[GapRead]


class JobOverview(BaseModel):
    """A job: its exposure and the certifications that lead to it."""

    exposure: PartRead | None = None
    certifications: PartRead | None = None
    unavailable: list[GapRead]


class SectorOverview(BaseModel):
    """A sector: its exposure and the AI-literacy certifications open to all."""

    exposure: PartRead | None = None
    certifications: PartRead | None = None
    unavailable: list[GapRead]


class TerritoryOverview(BaseModel):
    """A territory: its exposure and the cohorts of the programme."""

    exposure: PartRead | None = None
    cohorts: PartRead | None = None
    unavailable: list[GapRead]
