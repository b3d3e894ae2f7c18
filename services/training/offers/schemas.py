"""Wire format of the offers; PostgreSQL renders it, a test holds it to these models.

The fields named here are those that every reader needs; the others of LHÉO come beside them, under
the names of docs/api/training-offers.md.
"""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from training.offers.flags import Flag

Teaching = Literal["on_site", "mixed", "remote"]


class _Open(BaseModel):
    model_config = ConfigDict(extra="allow")


class OfferSource(BaseModel):
    """Where an offer was read; no licence where its file states none."""

    kind: Literal["provider_file", "regional_proposal", "rollover"]
    name: str = Field(examples=["LHÉO 2.3"])
    url: str | None
    dated_on: date | None
    licence: str | None
    import_: UUID = Field(alias="import", description="the run that read it")


class Period(BaseModel):
    """Both days included; null is an open day."""

    start: date | None
    end: date | None


class Price(_Open):
    """In euros, all taxes included; where the provider gives no amount, its words in `text`."""

    amount: str | None = Field(examples=["1200.00"])
    currency: Literal["EUR"]
    free: bool | None = None
    text: str | None = None


class SessionRead(_Open):
    """When an action takes place."""

    id: UUID
    number: str
    period: Period
    recruitment_state: Literal["open", "closed", "suspended"] | None = None


class ActionRead(_Open):
    """How a formation is given."""

    id: UUID
    number: str
    mode: Teaching
    entries: Literal["fixed_dates", "permanent"]
    price: Price | None = None
    hours: int | None = None
    sessions: list[SessionRead] = Field(description="at most 1,000 in a formation")


class ProviderRead(_Open):
    """Who is responsible for a formation; coordinates are professional ones."""

    siret: str
    activity_number: str
    name: str
    legal_name: str


class FormationRead(_Open):
    """A formation whole, with its actions and sessions."""

    id: UUID
    number: str
    title: str
    objectives: str
    content: str
    expected_results: str
    certifying: bool
    provider: ProviderRead
    actions: list[ActionRead]
    flags: list[Flag] = Field(description="what is wrong with the provider's right to offer it")
    version: int
    source: OfferSource


class ProviderNamed(BaseModel):
    """The provider of an offer in a list."""

    siret: str
    name: str


class FormationSummary(BaseModel):
    """A formation in a list; the days are those of its first and last session."""

    id: UUID
    number: str
    title: str
    provider: ProviderNamed
    certifications: list[str]
    formacodes: list[str]
    departments: list[str]
    modes: list[Teaching]
    starts_on: date | None
    ends_on: date | None
    quality: int | None = Field(description="how completely it informs, 0 to 100")
    flags: list[Flag]
    version: int
    source: OfferSource
