"""Wire format of openings."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel, Field

from training.certifications.lifecycle import State
from training.openings.rules import Phase, Reason


class CertificationThen(BaseModel):
    """A certification that the offer prepares for, as on the day; state null: not in here."""

    number: str
    state: State | None


class Opening(BaseModel):
    """A session, and whether one may enrol on the day; null is "no source says"."""

    id: UUID
    action: str
    number: str
    starts_on: date | None
    ends_on: date | None
    state: Phase
    may_enrol: bool | None
    reasons: list[Reason] = Field(description="every one that speaks against it")


class OpeningsRead(BaseModel):
    """Into which sessions of a formation one may enrol on a day."""

    formation: UUID
    on: date
    may_enrol: bool | None = Field(description="into one of its sessions")
    valid_from: date | None = Field(description="the latest start of its certifications")
    valid_until: date | None = Field(description="the earliest end of its certifications")
    certifications: list[CertificationThen]
    sessions: list[Opening]
