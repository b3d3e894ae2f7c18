"""HTTP of programmes and their budgets: open data to read, steering has a scope."""

from typing import Annotated, Final

from fastapi import APIRouter, Path, Request, Response

from observatory.programme import funding, reading, service, telling
from observatory.programme import standing as standings
from observatory.programme.calendar_schemas import DeedRead
from observatory.programme.problems import (
    BudgetOverrun,
    CodeTaken,
    PartUnknown,
    ProgrammeFull,
    ProgrammeRefused,
    ProgrammeUnknown,
)
from observatory.programme.queries import FUNDER, LINE, ONE
from observatory.programme.schemas import (
    BudgetRead,
    FunderChange,
    FunderDraft,
    FunderRead,
    LineChange,
    LineDraft,
    LineRead,
    ProgrammeChange,
    ProgrammeDraft,
    ProgrammeRead,
)
from observatory.programme.standing_schemas import Standing
from platformkit import etags, open_data
from platformkit.auth import Principal, needs, public
from platformkit.db import Session, driver
from platformkit.errors import PreconditionRequired, problems
from platformkit.etags import IfMatch, Stale
from platformkit.idempotency import IdempotentRoute
from platformkit.pagination import CursorRefused, Page, Paging
from platformkit.reads import Reads

router = APIRouter(prefix="/v1/programmes", tags=["programme"], route_class=IdempotentRoute)

Steering = Annotated[Principal, needs("observatory:steer")]
ProgrammePath = Annotated[str, Path(max_length=40)]
PartPath = Annotated[str, Path(max_length=40)]
CSV: Final = "text/csv; charset=utf-8"

_ADDED: Final = problems(
    ProgrammeUnknown, CodeTaken, ProgrammeFull, BudgetOverrun, ProgrammeRefused
)
_CHANGED: Final = problems(
    ProgrammeUnknown, PartUnknown, BudgetOverrun, ProgrammeRefused, Stale, PreconditionRequired
)


def located(response: Response, version: int, *steps: str) -> None:
    """Say where the new thing is, and its tag."""
    etags.tagged(response, version)
    response.headers["location"] = "/".join(("/v1/programmes", *steps))


@router.get(
    "",
    response_model=Page[ProgrammeRead],
    dependencies=[public()],
    responses=open_data.KEPT | problems(CursorRefused),
)
async def list_programmes(request: Request, reads: Reads, paging: Paging) -> Response:
    """List the programmes that are steered here, by code."""
    body = (await reading.listed(reads, paging)).model_dump_json().encode()
    return open_data.answer(request, body, seconds=0)


@router.post("", status_code=201, responses=problems(CodeTaken))
async def open_programme(
    session: Session, caller: Steering, response: Response, body: ProgrammeDraft
) -> ProgrammeRead:
    """Open a programme of your organisation; its lines and funders come next."""
    located(response, await service.open_programme(session, caller, body), body.code)
    return reading.programme_read(await (await driver(session)).fetchrow(ONE, body.code))


@router.get(
    "/{programme}",
    response_model=BudgetRead,
    dependencies=[public()],
    responses=open_data.KEPT | problems(ProgrammeUnknown),
)
async def read_programme(request: Request, reads: Reads, programme: ProgrammePath) -> Response:
    """Read a programme with its lines, plans and funders; the versions are what changes want."""
    body = (await reading.budget(reads, programme)).model_dump_json().encode()
    return open_data.answer(request, body, seconds=0)


@router.put("/{programme}", responses=_CHANGED)
async def change_programme(
    session: Session,
    caller: Steering,
    response: Response,
    if_match: IfMatch,
    programme: ProgrammePath,
    body: ProgrammeChange,
) -> ProgrammeRead:
    """Change title, days or budget; what is planned, promised and committed must still fit."""
    version = await service.change_programme(session, caller, programme, if_match, body)
    etags.tagged(response, version)
    return reading.programme_read(await (await driver(session)).fetchrow(ONE, programme))


@router.post("/{programme}/lines", status_code=201, responses=_ADDED)
async def add_programme_line(
    session: Session,
    caller: Steering,
    response: Response,
    programme: ProgrammePath,
    body: LineDraft,
) -> LineRead:
    """Add a budget line with its plan by quarter; all lines together stay within the budget."""
    version = await service.add_line(session, caller, programme, body)
    located(response, version, programme, "lines", body.code)
    return reading.line_read(await (await driver(session)).fetchrow(LINE, programme, body.code))


@router.put("/{programme}/lines/{line}", responses=_CHANGED)
async def change_programme_line(
    session: Session,
    caller: Steering,
    response: Response,
    if_match: IfMatch,
    programme: ProgrammePath,
    line: PartPath,
    body: LineChange,
) -> LineRead:
    """Give a line another name or plan, not below what is committed on it."""
    version = await service.change_line(session, caller, programme, line, if_match, body)
    etags.tagged(response, version)
    return reading.line_read(await (await driver(session)).fetchrow(LINE, programme, line))


@router.post("/{programme}/funders", status_code=201, responses=_ADDED)
async def add_programme_funder(
    session: Session,
    caller: Steering,
    response: Response,
    programme: ProgrammePath,
    body: FunderDraft,
) -> FunderRead:
    """Add a funder, its contribution, and the lines that it pays for."""
    version = await funding.add_funder(session, caller, programme, body)
    located(response, version, programme, "funders", body.code)
    row = await (await driver(session)).fetchrow(FUNDER, programme, body.code)
    return reading.funder_read(row)


@router.put("/{programme}/funders/{funder}", responses=_CHANGED)
async def change_programme_funder(
    session: Session,
    caller: Steering,
    response: Response,
    if_match: IfMatch,
    programme: ProgrammePath,
    funder: PartPath,
    body: FunderChange,
) -> FunderRead:
    """Change a contribution or what it is for, not below what is committed of it."""
    version = await funding.change_funder(session, caller, programme, funder, if_match, body)
    etags.tagged(response, version)
    return reading.funder_read(await (await driver(session)).fetchrow(FUNDER, programme, funder))


@router.get(
    "/{programme}/standing",
    response_model=Standing,
    dependencies=[public()],
    responses=open_data.KEPT | problems(ProgrammeUnknown),
)
async def read_programme_standing(
    request: Request, reads: Reads, programme: ProgrammePath
) -> Response:
    """See where the money stands: planned, committed, paid, left, by line, funder and quarter."""
    found = await standings.standing(reads, programme)
    return open_data.answer(request, found.model_dump_json().encode(), seconds=0, translated=True)


@router.get(
    "/{programme}/standing.csv",
    response_class=Response,
    dependencies=[public()],
    responses=open_data.KEPT | problems(ProgrammeUnknown) | {200: {"content": {"text/csv": {}}}},
)
async def download_programme_standing(
    request: Request, reads: Reads, programme: ProgrammePath
) -> Response:
    """Download where the money stands, one figure a line."""
    found = await standings.standing(reads, programme)
    return open_data.answer(request, standings.as_csv(found), seconds=0, media_type=CSV)


@router.get(
    "/{programme}/deeds",
    response_model=Page[DeedRead],
    responses=problems(ProgrammeUnknown, CursorRefused),
)
async def list_programme_deeds(
    reads: Reads, caller: Steering, paging: Paging, programme: ProgrammePath
) -> Response:
    """List who did what to a programme of yours, the newest first."""
    await reading.known(reads, programme, caller)
    body = await telling.deeds(reads, paging, programme)
    return Response(body, media_type="application/json")
