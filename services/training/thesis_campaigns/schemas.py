"""Campaigns on the wire."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from platformkit.wire import Day, Wire
from training.thesis_campaigns.amounts import Euros, Line, Percent

Standing = Literal["draft", "open", "closed", "published"]
Kind = Literal["unit", "doctoral_school", "institution"]
Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$", examples=["UMR9189"])]
CalendarDay = Annotated[Day, Field(ge=date(2000, 1, 1), le=date(2099, 12, 31))]
"""A day in Paris; a deadline lasts to its end."""


class Title(Wire):
    """What people read."""

    fr: Line
    en: Line


class Deadlines(Wire):
    """The last day of each step, in their order."""

    laboratory: CalendarDay
    unit: CalendarDay
    doctoral_school: CalendarDay
    institution: CalendarDay
    region: CalendarDay


class Rules(Wire):
    """What a campaign asks of its subjects."""

    regional_percent_most: Percent = Decimal("50.00")
    months: Annotated[int, Field(strict=True, ge=1, le=72)] = 36
    regions: Annotated[
        tuple[Annotated[str, Field(pattern=r"^[0-9]{2}$")], ...],
        Field(min_length=1, max_length=18, description="INSEE codes: where laboratories may be"),
    ] = ("32",)
    most_per_institution: Annotated[
        int | None, Field(strict=True, ge=1, le=1000, description="subjects that it may rank")
    ] = None


class OrganisationWrite(Wire):
    """Who advises on subjects, and the tenant, the organisation of a client, that acts for it."""

    code: Code
    kind: Kind
    name: Line
    tenant: Annotated[str, Field(min_length=1, max_length=100)]


class CampaignWrite(Wire):
    """A campaign, whole."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "year": 2027,
                    "title": {
                        "fr": "Allocations de thèse 2027",
                        "en": "Thesis grants 2027",
                    },
                    "budget": "1500000.00",
                    "opens_on": "2026-11-02",
                    "deadlines": {
                        "laboratory": "2027-01-15",
                        "unit": "2027-01-29",
                        "doctoral_school": "2027-02-19",
                        "institution": "2027-03-12",
                        "region": "2027-06-30",
                    },
                    "rules": {"regional_percent_most": "50", "most_per_institution": 20},
                    "organisations": [
                        {
                            "code": "UMR9189",
                            "kind": "unit",
                            "name": "CRIStAL",
                            "tenant": "cristal",
                        }
                    ],
                }
            ]
        }
    )

    year: Annotated[int, Field(strict=True, ge=2000, le=2099)]
    title: Title
    budget: Euros
    opens_on: CalendarDay
    deadlines: Deadlines
    rules: Rules = Rules()
    organisations: Annotated[tuple[OrganisationWrite, ...], Field(max_length=500)] = ()


class TitleRead(BaseModel):
    """What people read."""

    fr: str
    en: str


class DeadlinesRead(BaseModel):
    """The last day of each step in Paris, to its end."""

    laboratory: date
    unit: date
    doctoral_school: date
    institution: date
    region: date


class RulesRead(BaseModel):
    """What a campaign asks of its subjects."""

    regional_percent_most: Decimal
    months: int
    regions: list[str]
    most_per_institution: int | None


class OrganisationRead(BaseModel):
    """Who takes part, by the code that a subject names it by."""

    code: str
    kind: Kind
    name: str


class OrganisationHeld(OrganisationRead):
    """Who takes part, and the tenant that acts for it."""

    tenant: str


class CampaignListed(BaseModel):
    """A campaign in a list; `accepting` is whether laboratories may submit today."""

    id: UUID
    year: int
    title: TitleRead
    status: Standing
    accepting: bool
    budget: Decimal = Field(examples=["1500000.00"], description="euros")
    opens_on: date
    deadlines: DeadlinesRead
    rules: RulesRead
    version: int
    published_at: datetime | None


class CampaignRead(CampaignListed):
    """A public campaign."""

    organisations: list[OrganisationRead]


class CampaignContent(CampaignListed):
    """A campaign of yours; `version` is its entity tag."""

    committed: Decimal = Field(description="euros that the selected subjects take")
    organisations: list[OrganisationHeld]
