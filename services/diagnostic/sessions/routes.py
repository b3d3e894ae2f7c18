"""HTTP of the sessions of a cohort."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response

from diagnostic.cohorts.service import CohortUnknown
from diagnostic.sessions import service as sessions
from diagnostic.sessions.schemas import SessionCreate, SessionRead, SessionUpdate
from diagnostic.sessions.service import (
    SessionCancelled,
    SessionOutsideWeek,
    SessionOverlaps,
    SessionsTooMany,
    SessionUnknown,
    WeekOver,
)
from platformkit import etags, open_data
from platformkit.auth import Principal, needs
from platformkit.db import Session
from platformkit.errors import Invalid, PreconditionFailed, PreconditionRequired, problems
from platformkit.i18n import language
from platformkit.idempotency import IdempotentRoute
from platformkit.pagination import Page, Paging, page
from platformkit.reads import Reads

router = APIRouter(prefix="/v1/cohorts/{cohort_id}", tags=["cohorts"], route_class=IdempotentRoute)

Reader = Annotated[Principal, needs("diagnostic:read")]
Facilitator = Annotated[Principal, needs("diagnostic:facilitate")]


@router.get("/sessions", responses=problems(CohortUnknown))
async def list_cohort_sessions(
    cohort_id: UUID, reads: Reads, caller: Reader, paging: Paging
) -> Page[SessionRead]:
    """List the sessions of a cohort that you facilitate or have a seat in, by their hours."""
    await sessions.visible(reads, caller, cohort_id)
    return page(
        paging,
        await sessions.listed(reads, cohort_id, paging),
        key=lambda one: [one["starts_at"].isoformat(), str(one["id"])],
        render=sessions.render,
        total=await sessions.counted(reads, cohort_id) if paging.count else None,
    )


@router.post(
    "/sessions",
    status_code=201,
    responses=problems(
        CohortUnknown, WeekOver, SessionOutsideWeek, SessionOverlaps, SessionsTooMany, Invalid
    ),
)
async def add_cohort_session(
    cohort_id: UUID, body: SessionCreate, session: Session, caller: Facilitator, response: Response
) -> SessionRead:
    """Add a session to a cohort of yours, within its days and beside the other sessions."""
    added = await sessions.add(session, caller, cohort_id, body)
    response.headers["location"] = f"/v1/cohorts/{cohort_id}/sessions/{added.id}"
    etags.tagged(response, added.version)
    return added


@router.get("/sessions/{session_id}", responses=problems(SessionUnknown))
async def read_cohort_session(
    cohort_id: UUID, session_id: UUID, reads: Reads, caller: Reader, response: Response
) -> SessionRead:
    """Read a session of a cohort that you facilitate or have a seat in."""
    found = await sessions.one(reads, caller, cohort_id, session_id)
    etags.tagged(response, found.version)
    return found


_REFUSALS = (
    CohortUnknown,
    SessionUnknown,
    WeekOver,
    SessionCancelled,
    PreconditionFailed,
    PreconditionRequired,
)


@router.patch(
    "/sessions/{session_id}",
    responses=problems(*_REFUSALS, SessionOutsideWeek, SessionOverlaps, Invalid),
)
async def change_cohort_session(
    cohort_id: UUID,
    session_id: UUID,
    body: SessionUpdate,
    if_match: etags.IfMatch,
    session: Session,
    caller: Facilitator,
    response: Response,
) -> SessionRead:
    """Move a session of your cohort, or change its title, place or link."""
    changed = await sessions.change(
        session, caller, cohort_id, session_id, if_match, body, datetime.now(UTC)
    )
    etags.tagged(response, changed.version)
    return changed


@router.post("/sessions/{session_id}/cancel", responses=problems(*_REFUSALS))
async def cancel_cohort_session(
    cohort_id: UUID,
    session_id: UUID,
    if_match: etags.IfMatch,
    session: Session,
    caller: Facilitator,
    response: Response,
) -> SessionRead:
    """Call a session of your cohort off; diaries that follow the calendar hear of it."""
    changed = await sessions.cancel(
        session, caller, cohort_id, session_id, if_match, datetime.now(UTC)
    )
    etags.tagged(response, changed.version)
    return changed


@router.get(
    "/calendar.ics",
    response_class=Response,
    responses={
        200: {"content": {"text/calendar": {}}},
        **open_data.KEPT,
        **problems(CohortUnknown),
    },
)
async def download_cohort_calendar(
    cohort_id: UUID, request: Request, reads: Reads, caller: Reader
) -> Response:
    """Download the week of a cohort that you take part in, for a diary (RFC 5545)."""
    body = await sessions.calendar_of(reads, caller, cohort_id)
    headers = {
        "etag": etags.of_bytes(body),
        "cache-control": "private, no-cache",
        "content-language": language(),
        "vary": "Accept-Language",
        "content-disposition": f'attachment; filename="cohorte-{cohort_id}.ics"',
    }
    if etags.not_modified(request, headers["etag"]):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type="text/calendar; charset=utf-8")
