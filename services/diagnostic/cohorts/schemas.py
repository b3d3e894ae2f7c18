"""Programmes and cohorts on the wire."""

from datetime import UTC, date, datetime
from typing import Annotated, Literal
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

Capacity = Annotated[StrictInt, Field(ge=1, le=50)]
Tenant = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{1,63}$")]
"""The organisation behind an API client, as its credentials name it."""

NOT_A_WEEK = (
    "not_a_week",
    "Une cohorte commence et finit du lundi au vendredi d’une même semaine, le début avant la fin.",
    "A cohort starts and ends from Monday to Friday of one week, the start before the end.",
)
CLOSES_AFTER_START = (
    "closes_after_start",
    "Les inscriptions se ferment au plus tard quand la semaine commence, à minuit à Paris.",
    "Enrolment closes at the latest when the week begins, at midnight in Paris.",
)
"""Faults of a week: code, French, English."""


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
    capacity: Capacity = 15
    starts_on: CohortDay
    ends_on: CohortDay
    enrol_closes_at: Instant | None = None
    """By default the midnight, in Paris, at which the week begins."""
    status: Literal["planned", "open"] = "open"
    """A planned one takes nobody until it is opened."""

    @field_validator("ends_on")
    @classmethod
    def _one_week(cls, ends_on: date, others: ValidationInfo) -> date:
        starts_on = others.data.get("starts_on")
        if starts_on is not None and not is_working_week(starts_on, ends_on):
            raise refusal(*NOT_A_WEEK)
        return ends_on

    @field_validator("enrol_closes_at")
    @classmethod
    def _before_the_week(
        cls, closes_at: datetime | None, others: ValidationInfo
    ) -> datetime | None:
        starts_on = others.data.get("starts_on")
        if closes_at and starts_on and closes_at > first_instant(starts_on):
            raise refusal(*CLOSES_AFTER_START)
        return closes_at


class CohortUpdate(Wire):
    """What to change of a cohort; a field left out stays, a code and a programme never change."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"capacity": 16}]})

    title: Name = Field(default_factory=str)
    facilitator: Name = Field(default_factory=str)
    capacity: Capacity = Field(default_factory=int)
    starts_on: CohortDay = Field(default_factory=lambda: date.min)
    ends_on: CohortDay = Field(default_factory=lambda: date.min)
    enrol_closes_at: Instant = Field(default_factory=lambda: datetime.min.replace(tzinfo=UTC))
    co_facilitators: Annotated[list[Tenant], Field(max_length=10)] = Field(default_factory=list)
    """Other tenants that facilitate it, instead of those before; the opener's to say."""


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
    """An open one is closed from `enrol_closes_at` on."""
    facilitated_by: list[str]
    """The tenants that see what is done within the cohort, the opener first."""
    is_open: bool
    """Enrolment is possible now, be it on the waiting list."""
    version: int
