"""Seats on the wire."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from platformkit.wire import Wire

EnrolmentState = Literal["confirmed", "waitlisted", "attended", "no_show", "cancelled", "expired"]


class EnrolmentRequest(Wire):
    """The company that wants a seat."""

    organisation_id: UUID


class EnrolmentRead(BaseModel):
    """A seat (`seat_no`), or a place in the waiting list (`rank`, from 1)."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    cohort_id: UUID
    organisation_id: UUID
    status: EnrolmentState
    seat_no: int | None
    rank: int | None
    reason: (
        Literal[
            "promoted",
            "withdrawn",
            "excluded",
            "cohort_cancelled",
            "cohort_started",
            "seated_elsewhere",
        ]
        | None
    )
    """Why it ended, or that the seat came by way of the waiting list."""
    version: int
    created_at: datetime
    updated_at: datetime


class CompanyRead(BaseModel):
    """Who it is."""

    name: str
    siren: str


class EnrolmentListed(EnrolmentRead):
    """An enrolment and its company, told to its facilitator while it takes part only."""

    company: CompanyRead | None
