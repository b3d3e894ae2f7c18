"""HTTP of the release calendar: open data to read, announcing has a scope."""

import asyncio
from datetime import UTC, datetime
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from observatory.announcements import ical, reading, service
from observatory.announcements.schemas import (
    Announcement,
    AnnouncementRead,
    Cancellation,
    Move,
)
from observatory.announcements.service import (
    AnnouncementSettled,
    AnnouncementUnknown,
    InstantUnfit,
)
from observatory.structures.library import Structures
from observatory.structures.service import DataflowUnknown
from platformkit import etags, open_data
from platformkit.auth import Principal, needs, public
from platformkit.db import Session
from platformkit.errors import PreconditionRequired, problems
from platformkit.etags import IfMatch, Stale
from platformkit.i18n import language
from platformkit.idempotency import IdempotentRoute
from platformkit.pagination import CursorRefused, Page, Paging
from platformkit.reads import Reads
from platformkit.wire import Instant

router = APIRouter(prefix="/v1", tags=["calendar"], route_class=IdempotentRoute)

Publisher = Annotated[Principal, needs("observatory:publish")]
_Flow = Annotated[str | None, Query(max_length=64, description="id of a dataflow")]
_CHANGED: Final = problems(AnnouncementUnknown, Stale, PreconditionRequired, AnnouncementSettled)


def _tagged(document: bytes, status: int = 200, **headers: str) -> Response:
    told = {"etag": etags.of_bytes(document), "cache-control": "no-cache", **headers}
    return Response(document, status, told, "application/json")


@router.get(
    "/announcements",
    response_model=Page[AnnouncementRead],
    dependencies=[public()],
    responses=problems(CursorRefused),
)
async def list_announcements(
    request: Request,
    reads: Reads,
    paging: Paging,
    dataflow: _Flow = None,
    start: Annotated[Instant | None, Query(description="announced for then or later")] = None,
    end: Annotated[Instant | None, Query(description="announced for then or earlier")] = None,
) -> Response:
    """List announced releases by their instants, with every change of a day and punctuality."""
    body = await reading.page(reads, paging, dataflow, start, end)
    return open_data.answer(request, body, seconds=0)


@router.get(
    "/calendar.ics",
    response_class=Response,
    dependencies=[public()],
    responses=open_data.KEPT | {200: {"content": {"text/calendar": {}}}},
)
async def download_calendar(request: Request, reads: Reads, dataflow: _Flow = None) -> Response:
    """Download the calendar as iCalendar; a diary that subscribes follows changes of days."""
    rows = await reading.events(reads, dataflow)
    agency = request.app.state.settings.agency
    body = await asyncio.to_thread(ical.calendar, rows, agency, language())
    return open_data.answer(
        request, body, seconds=0, translated=True, media_type="text/calendar; charset=utf-8"
    )


@router.post(
    "/announcements",
    status_code=201,
    response_model=AnnouncementRead,
    responses=problems(DataflowUnknown, InstantUnfit),
)
async def announce_release(
    session: Session, structures: Structures, caller: Publisher, body: Announcement
) -> Response:
    """Announce when the next release of a dataflow will appear; it cannot appear earlier."""
    made, document = await service.announce(session, structures, caller, body, datetime.now(UTC))
    return _tagged(document, 201, location=f"/v1/announcements/{made}")


@router.get(
    "/announcements/{announcement_id}",
    response_model=AnnouncementRead,
    dependencies=[public()],
    responses=open_data.KEPT | problems(AnnouncementUnknown),
)
async def read_announcement(request: Request, reads: Reads, announcement_id: UUID) -> Response:
    """Read an announced release; its tag is what a change needs."""
    return open_data.answer(request, await reading.one(reads, announcement_id), seconds=0)


@router.post(
    "/announcements/{announcement_id}/move",
    response_model=AnnouncementRead,
    responses=_CHANGED | problems(InstantUnfit),
)
async def move_announcement(
    session: Session, caller: Publisher, if_match: IfMatch, announcement_id: UUID, body: Move
) -> Response:
    """Announce another instant, and say why; what was announced before stays."""
    now = datetime.now(UTC)
    return _tagged(await service.move(session, caller, announcement_id, if_match, body, now))


@router.post(
    "/announcements/{announcement_id}/cancel",
    response_model=AnnouncementRead,
    responses=_CHANGED,
)
async def cancel_announcement(
    session: Session,
    caller: Publisher,
    if_match: IfMatch,
    announcement_id: UUID,
    body: Cancellation,
) -> Response:
    """Say that an announced release will not appear, and why."""
    return _tagged(await service.cancel(session, caller, announcement_id, if_match, body))
