"""Sheets of attendance on the wire."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field, field_validator

from diagnostic.attendance.presence import Presence
from platformkit.wire import Wire, refusal


class PresenceSet(Wire):
    """Whether a company was there."""

    organisation_id: UUID
    status: Presence


class SheetSet(Wire):
    """The whole sheet of a session: a company that is left out was not noted."""

    companies: Annotated[list[PresenceSet], Field(max_length=50)]

    @field_validator("companies")
    @classmethod
    def _each_once(cls, companies: list[PresenceSet]) -> list[PresenceSet]:
        if len({one.organisation_id for one in companies}) < len(companies):
            raise refusal(
                "company_twice",
                "Une entreprise figure deux fois sur la feuille.",
                "A company is twice on the sheet.",
            )
        return companies


class PresenceRead(BaseModel):
    """A company with a seat; a null status was not noted."""

    organisation_id: UUID
    seat_no: int
    name: str
    status: Presence | None
    recorded_at: datetime | None


class SheetRead(BaseModel):
    """The sheet of a session: of all companies for their facilitator, else of one's own."""

    session_id: UUID
    companies: list[PresenceRead]
    version: int
