"""HTTP of a programme's statistics: open data, but for making them anew."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response

from diagnostic.cohorts.service import ProgrammeUnknown
from diagnostic.organisations.schemas import SizeBand
from diagnostic.paths import Code
from diagnostic.statistics import rebuild, service
from diagnostic.statistics.schemas import StatisticsDay, StatisticsRead
from diagnostic.statistics.service import DayAhead, StatisticsUnknown
from diagnostic.statistics.table import csv_of
from platformkit import open_data
from platformkit.auth import Principal, needs, public
from platformkit.db import Session
from platformkit.errors import problems
from platformkit.idempotency import IdempotentRoute
from platformkit.pagination import Page, Paging, page
from platformkit.reads import Reads
from platformkit.wire import Day

router = APIRouter(prefix="/v1", tags=["statistics"], route_class=IdempotentRoute)

Anyone = Annotated[Principal, public()]


async def _wanted(
    department: Annotated[str | None, Query(pattern=r"^[0-9AB]{2,3}$")] = None,
    size_band: SizeBand | None = None,
    section: Annotated[str | None, Query(pattern=r"^[A-U]$", description="of NAF rév. 2")] = None,
) -> Mapping[str, str]:
    given = {"department": department, "size_band": size_band, "section": section}
    return {name: value for name, value in given.items() if value is not None}


AsOf = Annotated[
    Day | None, Query(description="the figures in force on this day (Paris); without it, today")
]
Wanted = Annotated[Mapping[str, str], Depends(_wanted)]
"""Names and values that groups must have."""

_CSV: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/csv": {"schema": {"type": "string"}}}}
}
_REFUSALS = problems(ProgrammeUnknown, StatisticsUnknown, DayAhead)


@router.get(
    "/programmes/{code}/statistics",
    response_model=StatisticsRead,
    responses=open_data.KEPT | _REFUSALS,
)
async def read_programme_statistics(
    request: Request, code: Code, reads: Reads, caller: Anyone, wanted: Wanted, as_of: AsOf = None
) -> Response:
    """Read the public figures of a programme: the way of its companies, their scores, what changed.

    Only aggregates of groups that isolate nobody; frozen by day, `as_of` cites one for good.
    """
    found = await _found(request, code, reads, wanted, as_of)
    return open_data.answer(request, found.model_dump_json().encode(), translated=True)


@router.get(
    "/programmes/{code}/statistics.csv",
    response_class=Response,
    responses=_CSV | open_data.KEPT | _REFUSALS,
)
async def download_programme_statistics(
    request: Request, code: Code, reads: Reads, caller: Anyone, wanted: Wanted, as_of: AsOf = None
) -> Response:
    """Download the public figures of a programme as CSV, one figure a line."""
    found = await _found(request, code, reads, wanted, as_of)
    answer = open_data.answer(request, csv_of(found).encode(), media_type="text/csv; charset=utf-8")
    name = f"{found.programme}_{found.as_of}.csv"
    answer.headers["content-disposition"] = f'attachment; filename="{name}"'
    return answer


async def _found(
    request: Request, code: str, reads: Reads, wanted: Mapping[str, str], as_of: date | None
) -> StatisticsRead:
    k = request.app.state.settings.benchmark_k
    on = service.day(as_of, datetime.now(UTC))
    return service.shown(await service.published(reads, code, on, k), wanted)


@router.get(
    "/programmes/{code}/statistics/days",
    response_model=Page[StatisticsDay],
    responses=open_data.KEPT,
)
async def list_statistics_days(
    request: Request, code: Code, reads: Reads, caller: Anyone, paging: Paging
) -> Response:
    """List the days on which figures of a programme were published, newest first."""
    k = request.app.state.settings.benchmark_k
    before = date.fromisoformat(paging.after[0]) if paging.after else None
    found: Page[StatisticsDay] = page(
        paging,
        await service.days(reads, code, k, before, paging.limit + 1),
        key=lambda one: [one.as_of.isoformat()],
        render=lambda one: one,
        total=await service.days_counted(reads, code, k) if paging.count else None,
    )
    return open_data.answer(request, found.model_dump_json().encode())


@router.post("/statistics/rebuild")
async def rebuild_statistics(
    request: Request, session: Session, caller: Annotated[Principal, needs("diagnostic:protect")]
) -> list[str]:
    """Make the figures of programmes anew where they are of an earlier day, and give their codes.

    The service also does it by itself within the hour after midnight in Paris.
    """
    k = request.app.state.settings.benchmark_k
    return await rebuild.rebuild(session, k, datetime.now(UTC))
