"""HTTP of a programme's indicators: open data to read, targets and rebuilding have a scope."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from observatory.kpis import service
from observatory.kpis.schemas import KpisRead, Rebuilding, TargetRead, TargetWrite
from observatory.kpis.service import KpiUnknown
from observatory.programme import reading
from observatory.programme.problems import ProgrammeUnknown
from observatory.programme.routes import CSV, ProgrammePath, Steering
from platformkit import etags, open_data
from platformkit.auth import public
from platformkit.db import Session
from platformkit.errors import PreconditionRequired, problems
from platformkit.etags import IfMatch, Stale
from platformkit.idempotency import IdempotentRoute
from platformkit.reads import Reads

router = APIRouter(prefix="/v1/programmes", tags=["programme"], route_class=IdempotentRoute)


@router.get(
    "/{programme}/kpis",
    response_model=KpisRead,
    dependencies=[public()],
    responses=open_data.KEPT | problems(ProgrammeUnknown),
)
async def read_programme_kpis(request: Request, reads: Reads, programme: ProgrammePath) -> Response:
    """Read the indicators, counted from the feeds: value, target, formula, and how fresh it is."""
    await reading.known(reads, programme)
    found = await service.kpis(reads, programme, datetime.now(UTC))
    body = found.model_dump_json().encode()
    return open_data.answer(request, body, seconds=0, translated=True)


@router.get(
    "/{programme}/kpis.csv",
    response_class=Response,
    dependencies=[public()],
    responses=open_data.KEPT | problems(ProgrammeUnknown) | {200: {"content": {"text/csv": {}}}},
)
async def download_programme_kpis(
    request: Request, reads: Reads, programme: ProgrammePath
) -> Response:
    """Download the indicators, one a line."""
    await reading.known(reads, programme)
    found = await service.kpis(reads, programme, datetime.now(UTC))
    body = service.as_csv(found)
    return open_data.answer(request, body, seconds=0, translated=True, media_type=CSV)


@router.put(
    "/{programme}/targets/{kpi}",
    responses=problems(ProgrammeUnknown, KpiUnknown, Stale, PreconditionRequired),
)
async def aim_programme_kpi(
    session: Session,
    caller: Steering,
    response: Response,
    if_match: IfMatch,
    programme: ProgrammePath,
    kpi: Annotated[str, Path(max_length=40)],
    body: TargetWrite,
) -> TargetRead:
    """Say what an indicator should be, and by when; the first target has `If-Match: "0"`."""
    found = await service.aim(session, caller, programme, kpi, if_match, body)
    etags.tagged(response, found.version)
    return found


@router.post("/{programme}/kpis/rebuild", status_code=202, responses=problems(ProgrammeUnknown))
async def rebuild_programme_kpis(
    session: Session, caller: Steering, programme: ProgrammePath
) -> Rebuilding:
    """Count everything again from the beginning of the feeds; the old count is shown meanwhile."""
    return Rebuilding(sources=await service.rebuild(session, caller, programme))
