"""HTTP of milestones and events: open data to read, steering has a scope."""

from typing import Final
from uuid import UUID

from fastapi import APIRouter, Request, Response

from observatory.programme import calendar, reading
from observatory.programme.calendar import today
from observatory.programme.calendar_schemas import (
    EventCancel,
    EventDraft,
    EventRead,
    MilestoneDraft,
    MilestoneMove,
    MilestoneReach,
    MilestoneRead,
)
from observatory.programme.problems import (
    CodeTaken,
    PartUnknown,
    ProgrammeRefused,
    ProgrammeUnknown,
    StepRefused,
)
from observatory.programme.routes import PartPath, ProgrammePath, Steering, located
from platformkit import etags, open_data
from platformkit.auth import public
from platformkit.db import Session
from platformkit.errors import PreconditionRequired, problems
from platformkit.etags import IfMatch, Stale
from platformkit.idempotency import IdempotentRoute
from platformkit.pagination import CursorRefused, Page, Paging
from platformkit.reads import Reads

router = APIRouter(prefix="/v1/programmes", tags=["programme"], route_class=IdempotentRoute)

_STEP: Final = problems(ProgrammeUnknown, PartUnknown, StepRefused, Stale, PreconditionRequired)
_LIST: Final = open_data.KEPT | problems(ProgrammeUnknown, CursorRefused)


@router.get(
    "/{programme}/milestones",
    response_model=Page[MilestoneRead],
    dependencies=[public()],
    responses=_LIST,
)
async def list_milestones(
    request: Request, reads: Reads, paging: Paging, programme: ProgrammePath
) -> Response:
    """List what is to be reached, by day: planned, reached or late."""
    await reading.known(reads, programme)
    body = await calendar.milestones(reads, paging, programme, today())
    return open_data.answer(request, body.model_dump_json().encode(), seconds=0)


@router.post(
    "/{programme}/milestones", status_code=201, responses=problems(ProgrammeUnknown, CodeTaken)
)
async def promise_milestone(
    session: Session,
    caller: Steering,
    response: Response,
    programme: ProgrammePath,
    body: MilestoneDraft,
) -> MilestoneRead:
    """Promise a milestone by a day."""
    made = await calendar.add_milestone(session, caller, programme, body, today())
    located(response, made.version, programme, "milestones", made.code)
    return made


@router.post("/{programme}/milestones/{milestone}/move", responses=_STEP)
async def move_milestone(
    session: Session,
    caller: Steering,
    response: Response,
    if_match: IfMatch,
    programme: ProgrammePath,
    milestone: PartPath,
    body: MilestoneMove,
) -> MilestoneRead:
    """Give a milestone another day, and say why; the day first promised stays visible."""
    given = (programme, milestone, if_match, body, today())
    found = await calendar.move_milestone(session, caller, *given)
    etags.tagged(response, found.version)
    return found


@router.post(
    "/{programme}/milestones/{milestone}/reach", responses=_STEP | problems(ProgrammeRefused)
)
async def reach_milestone(
    session: Session,
    caller: Steering,
    response: Response,
    if_match: IfMatch,
    programme: ProgrammePath,
    milestone: PartPath,
    body: MilestoneReach,
) -> MilestoneRead:
    """Say that a milestone is reached, on which day, and where its evidence is."""
    given = (programme, milestone, if_match, body, today())
    found = await calendar.reach_milestone(session, caller, *given)
    etags.tagged(response, found.version)
    return found


@router.get(
    "/{programme}/events",
    response_model=Page[EventRead],
    dependencies=[public()],
    responses=_LIST,
)
async def list_programme_events(
    request: Request, reads: Reads, paging: Paging, programme: ProgrammePath
) -> Response:
    """List meetings and publications of a programme, by day."""
    await reading.known(reads, programme)
    body = await calendar.events(reads, paging, programme, today())
    return open_data.answer(request, body.model_dump_json().encode(), seconds=0)


@router.post("/{programme}/events", status_code=201, responses=problems(ProgrammeUnknown))
async def announce_programme_event(
    session: Session,
    caller: Steering,
    response: Response,
    programme: ProgrammePath,
    body: EventDraft,
) -> EventRead:
    """Announce a meeting or a publication."""
    made = await calendar.announce_event(session, caller, programme, body, today())
    located(response, made.version, programme, "events", str(made.id))
    return made


@router.post("/{programme}/events/{event}/cancel", responses=_STEP)
async def cancel_programme_event(
    session: Session,
    caller: Steering,
    response: Response,
    if_match: IfMatch,
    programme: ProgrammePath,
    event: UUID,
    body: EventCancel,
) -> EventRead:
    """Call an event off, and say why; it stays in the calendar."""
    given = (programme, event, if_match, body, today())
    found = await calendar.cancel_event(session, caller, *given)
    etags.tagged(response, found.version)
    return found
