"""Wire format of habilitations."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

from training.certifications.lifecycle import State
from training.certifications.records import PartnerRole, Source, Standing
from training.certifications.schemas import Label
from training.habilitations.rules import Reason
from training.offers.flags import Flag
from training.providers.listing import Category

Kind = Literal["certifying_body", "partner"]


class OrganisationRead(BaseModel):
    """A certifying body or a partner, as the directory has it; no SIRET where it gives none."""

    kind: Kind
    siret: str | None
    name: str
    role: PartnerRole
    state: Standing = Field(description="in the source, today")
    state_since: date | None
    active_since: date | None = Field(description="its first habilitation")
    active_on: bool | None = Field(
        description="on the day asked; null where the dates do not reach that far back"
    )


class HabilitationRead(BaseModel):
    """Whether an organisation may train or assess on a day; null is "no source says"."""

    number: str
    siret: str
    on: date
    state: State = Field(description="of the certification")
    may_enrol: bool | None = Field(description="take in somebody new")
    may_train: bool | None = Field(description="train somebody, also who began before")
    may_assess: bool | None
    reason: Reason = Field(description="what the organisation is to the certification")
    since: date | None
    explanation: str
    organisations: list[OrganisationRead] = Field(
        description="what the directory says of this SIRET, then of its other establishments"
    )
    source: Source


class FlagRead(BaseModel):
    """Why an offer is not one that its provider may make."""

    code: Flag
    label: Label


class OfferedRead(BaseModel):
    """What the provider is to a certification that it offers; null is "no source says"."""

    number: str
    reason: Reason
    trains: bool | None = Field(description="whatever the certification's own dates say")
    explanation: str


class QualiopiRead(BaseModel):
    """What the offer needs of Qualiopi, and what the provider's company holds."""

    needed: Category
    held: list[Category] | None = Field(description="null: not in the list, or no list is held")


class OfferHabilitationRead(BaseModel):
    """Whether a provider may offer what it offers, judged now by what the catalogue holds."""

    formation: UUID
    siret: str
    on: date
    flags: list[FlagRead]
    certifications: list[OfferedRead]
    qualiopi: QualiopiRead
