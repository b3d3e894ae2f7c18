"""Wire format of rollovers."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, Field

from platformkit.wire import Day, Wire
from training.expiries.schemas import ReplacementRead
from training.proposals.schemas import Payload
from training.rollovers.copying import Outcome

MOST_PUBLISHED = 100
"""Drafts that one request confirms."""


class RolloverAsked(Wire):
    """Which of your offers to copy: those of a provider with a session that starts in the year."""

    provider: Annotated[str, Field(pattern=r"^[0-9]{14}$", description="SIRET")]
    first: Annotated[Day, Field(ge=date(2000, 1, 1), le=date(2098, 12, 31))]
    last: Annotated[Day, Field(ge=date(2000, 1, 1), le=date(2098, 12, 31))]
    dry_run: Annotated[bool, Field(description="make no drafts, only the report")] = False


class RolloverRead(BaseModel):
    """What a rollover made, or would have made; both days of a year are in it."""

    id: UUID
    provider: str
    first: date
    last: date
    to_first: date
    to_last: date
    dry_run: bool
    created_at: datetime
    counts: dict[Outcome, int] = Field(description="formations by what became of them")
    sessions: int = Field(description="copied into drafts")


class LineRead(BaseModel):
    """What became of one formation; why sessions were left out, and what to offer instead."""

    position: int
    formation: UUID
    title: str
    former_number: str
    number: str
    outcome: Outcome
    draft: UUID | None
    sessions: int
    sessions_left: int = Field(description="that start when a certification will have ended")
    certification: str | None = Field(description="the first that will have ended")
    starts_on: date | None = Field(description="of the first session that was left out")
    replacement: ReplacementRead | None


class DraftSummary(BaseModel):
    """A draft in a list."""

    id: UUID = Field(description="which the formation will have once it is published")
    provider: str
    number: str
    title: str
    copy_of: UUID
    rollover: UUID
    version: int
    updated_at: datetime
    published_at: datetime | None


class DraftRead(DraftSummary):
    """A draft whole: its payload is a formation's document, as a proposal's."""

    payload: dict[str, Any]


class DraftUpdate(Wire):
    """The whole payload anew; its provider and number stay."""

    payload: Payload


class Confirmed(Wire):
    """A draft as you have read it."""

    id: UUID
    version: Annotated[int, Field(ge=1)]


class Confirmation(Wire):
    """The drafts to publish, each on its own."""

    drafts: Annotated[list[Confirmed], Field(min_length=1, max_length=MOST_PUBLISHED)]


class FaultRead(BaseModel):
    """What is in the way of an item, and where in it."""

    pointer: str
    code: str
    detail: str


class PublishedLine(BaseModel):
    """What became of a draft: 200 published, 404, 409 published before, 412 stale, 422 not yet."""

    id: UUID
    status: int
    errors: list[FaultRead]


class PublicationRead(BaseModel):
    """What became of each draft, in the order that was asked."""

    published: int
    items: list[PublishedLine]
