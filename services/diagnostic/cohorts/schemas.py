"""Programmes and cohorts on the wire."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StrictInt,
    ValidationInfo,
    field_validator,
)

from diagnostic.cohorts.week import first_instant, is_working_week
from diagnostic.names import Name
from platformkit.wire import Day, Instant, Wire, refusal

Code = Annotated[str, Field(pattern=r"^[A-Z0-9][A-Z0-9-]{1,47}$")]
CohortDay = Annotated[Day, Field(ge=date(2020, 1, 1), le=date(2099, 12, 31))]
"""PostgreSQL's driver reads Python's last day as infinity; no cohort needs it."""


class Bilingual(Wire):
    """A text in both languages."""

    fr: Name
    en: Name


class ProgrammeCreate(Wire):
    """A programme under which cohorts run."""

    code: Code
    title: Bilingual


class ProgrammeTitle(BaseModel):
    """A title as it is stored."""

    fr: str
    en: str


class ProgrammeRead(BaseModel):
    """A programme, with its title in both languages."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    code: str
    title: ProgrammeTitle


class CohortCreate(Wire):
    """A week, from Monday to Friday, for up to `capacity` companies."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "programme": "PRIA-HDF",
                    "code": "LILLE-2026-49",
                    "title": "Cohorte de Lille",
                    "facilitator": "Medef Hauts-de-France",
                    "starts_on": "2026-11-30",
                    "ends_on": "2026-12-04",
                }
            ]
        }
    )

    programme: Code
    code: Code
    title: Name
    facilitator: Name
    capacity: Annotated[StrictInt, Field(ge=1, le=50)] = 15
    starts_on: CohortDay
    ends_on: CohortDay
    enrol_closes_at: Instant | None = None
    """By default the midnight, in Paris, at which the week begins."""

    @field_validator("ends_on")
    @classmethod
    def _one_week(cls, ends_on: date, others: ValidationInfo) -> date:
        starts_on = others.data.get("starts_on")
        if starts_on is not None and not is_working_week(starts_on, ends_on):
            raise refusal(
                "not_a_week",
                "Une cohorte commence et finit du lundi au vendredi d’une même semaine, le début"
                " avant la fin.",
                "A cohort starts and ends from Monday to Friday of one week, the start before the"
                " end.",
            )
        return ends_on

    @field_validator("enrol_closes_at")
    @classmethod
    def _before_the_week(
        cls, closes_at: datetime | None, others: ValidationInfo
    ) -> datetime | None:
        starts_on = others.data.get("starts_on")
        if closes_at and starts_on and closes_at > first_instant(starts_on):
            raise refusal(
                "closes_after_start",
                "Les inscriptions se ferment au plus tard quand la semaine commence, à minuit à"
                " Paris.",
                "Enrolment closes at the latest when the week begins, at midnight in Paris.",
            )
        return closes_at


class CohortRead(BaseModel):
    """A cohort and how many of its seats are taken; never who took them."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    programme: str
    code: str
    title: str
    facilitator: str
    capacity: int
    seats_taken: int
    waitlisted: int
    starts_on: date
    ends_on: date
    enrol_closes_at: datetime
    timezone: str
    status: str
    is_open: bool
    """Enrolment is possible now, be it on the waiting list."""
    version: int
