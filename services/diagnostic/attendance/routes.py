"""HTTP of attendance, under the session that it is of."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from diagnostic.attendance import service as attendance
from diagnostic.attendance.schemas import SheetRead, SheetSet
from diagnostic.attendance.service import AttendeeWithoutSeat
from diagnostic.cohorts.service import CohortUnknown
from diagnostic.sessions.service import SessionCancelled, SessionUnknown, WeekOver
from platformkit import etags
from platformkit.auth import Principal, needs
from platformkit.db import Session
from platformkit.errors import Invalid, PreconditionFailed, PreconditionRequired, problems
from platformkit.reads import Reads

router = APIRouter(prefix="/v1/cohorts/{cohort_id}/sessions/{session_id}", tags=["cohorts"])

Reader = Annotated[Principal, needs("diagnostic:read")]
Facilitator = Annotated[Principal, needs("diagnostic:facilitate")]


@router.get("/attendance", responses=problems(SessionUnknown))
async def read_attendance(
    cohort_id: UUID, session_id: UUID, reads: Reads, caller: Reader, response: Response
) -> SheetRead:
    """Read who was at a session: all companies as its facilitator, else your own."""
    sheet = await attendance.read(reads, caller, cohort_id, session_id)
    etags.tagged(response, sheet.version)
    return sheet


@router.put(
    "/attendance",
    responses=problems(
        CohortUnknown,
        SessionUnknown,
        WeekOver,
        SessionCancelled,
        AttendeeWithoutSeat,
        Invalid,
        PreconditionFailed,
        PreconditionRequired,
    ),
)
async def record_attendance(
    cohort_id: UUID,
    session_id: UUID,
    body: SheetSet,
    if_match: etags.IfMatch,
    session: Session,
    caller: Facilitator,
    response: Response,
) -> SheetRead:
    """Record in one request who was at a session of your cohort, until the week is over."""
    sheet = await attendance.keep(
        session, caller, cohort_id, session_id, if_match, body, datetime.now(UTC)
    )
    etags.tagged(response, sheet.version)
    return sheet
