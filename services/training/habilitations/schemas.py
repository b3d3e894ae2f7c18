"""Wire format of habilitations."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, Field

from training.certifications.lifecycle import State
from training.certifications.records import PartnerRole, Source, Standing
from training.habilitations.rules import Reason

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
