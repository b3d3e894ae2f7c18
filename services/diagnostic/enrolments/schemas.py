"""Seats on the wire."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from platformkit.wire import Wire

EnrolmentState = Literal["confirmed", "waitlisted", "cancelled"]


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
    created_at: datetime
