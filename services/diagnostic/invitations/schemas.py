"""Invitations on the wire."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StrictInt

from diagnostic.organisations.schemas import Siren
from platformkit.wire import Wire

State = Literal["sent", "accepted", "declined", "revoked", "expired"]


class InvitationsCreate(Wire):
    """Whom to invite, and for how long the links open."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"sirens": ["732829320"]}]})

    sirens: Annotated[list[Siren], Field(min_length=1, max_length=60)]
    days: Annotated[StrictInt, Field(ge=1, le=60)] = 14


class InvitationMade(BaseModel):
    """What came of one line; `token` is shown this once and stored nowhere."""

    siren: str
    outcome: Literal["invited", "already_invited"]
    id: UUID
    token: str | None
    expires_at: datetime


class InvitationsMade(BaseModel):
    """One result per line, in their order."""

    items: list[InvitationMade]


class InvitationRead(BaseModel):
    """An invitation as its facilitator sees it."""

    id: UUID
    siren: str
    status: State
    created_at: datetime
    expires_at: datetime


class InvitationOpened(BaseModel):
    """To what an invitation invites: what everybody may know of the cohort."""

    status: State
    expires_at: datetime
    cohort_id: UUID
    cohort: str
    facilitator: str
    facilitated_by: list[str]
    starts_on: date
    ends_on: date
    enrol_closes_at: datetime


class InvitationAccept(Wire):
    """The company of yours that comes; its SIREN is the one invited."""

    organisation_id: UUID
