"""HTTP of coverage: open data, for anybody, of the present day."""

import asyncio
from dataclasses import replace
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request, Response

from platformkit import open_data
from platformkit.auth import public
from platformkit.clients.base import client
from platformkit.clients.observatory import ObservatoryClient
from platformkit.errors import problems
from platformkit.pagination import CursorRefused, Paging, paged
from platformkit.reads import Reads
from platformkit.sparse import FieldUnknown, Sparse, fields_of
from training.certifications import moments
from training.coverage import service, summaries, tables, views
from training.coverage.catalogue import Audience, Kind, Level, Origin
from training.coverage.lines import Line, Scope, gaps
from training.coverage.schemas import (
    CoveragePage,
    CoverageSummary,
    Gap,
    GapPage,
    JobCoverage,
)
from training.coverage.service import Known, TerritoryUnknown

router = APIRouter(prefix="/v1/coverage", tags=["coverage"], dependencies=[public()])

Grade = Literal["gradient_1", "gradient_2", "gradient_3", "gradient_4"]
CSV: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/csv": {"schema": {"type": "string"}}}}
}
_REFUSALS = open_data.KEPT | problems(TerritoryUnknown)
_PAGES = open_data.KEPT | problems(TerritoryUnknown, CursorRefused, FieldUnknown)


async def known(
    request: Request, reads: Reads, observatory: Annotated[ObservatoryClient, client("observatory")]
) -> Known:
    """Read what every answer needs."""
    state = request.app.state
    return await service.known(
        reads, state.coverage, state.exposures, observatory, moments.now().day
    )


KnownNow = Annotated[Known, Depends(known)]


async def _scope(
    known: KnownNow,
    territory: Annotated[
        str,
        Query(
            max_length=20,
            description="the region, a department, an employment zone or an EPCI",
        ),
    ] = service.REGION,
    audience: Annotated[Audience | None, Query(description="offers for this audience only")] = None,
    origin: Annotated[Origin | None, Query(description="offers of this origin only")] = None,
    level: Annotated[Level | None, Query(description="offers of this level only")] = None,
) -> Scope:
    return Scope(known.territory(territory).id, audience, origin, level)


async def _jobs(
    known: KnownNow,
    scope: Annotated[Scope, Depends(_scope)],
    kind: Kind | None = None,
    grade: Annotated[
        list[Grade] | None, Query(alias="class", max_length=4, description="any of these")
    ] = None,
    job: Annotated[
        list[str] | None, Query(max_length=50, description="any of these codes of ROME")
    ] = None,
) -> list[Line]:
    found = await asyncio.to_thread(known.lines, scope, kind, grade or ())
    return found if job is None else [one for one in found if one.job.code in job]


Scoped = Annotated[Scope, Depends(_scope)]
Jobs = Annotated[list[Line], Depends(_jobs)]


def answered(request: Request, known: Known, body: bytes, name: str | None = None) -> Response:
    """Send what is right until midnight at most; not even so long while the observatory is away."""
    answer = open_data.answer(
        request,
        body,
        seconds=0 if known.reason else moments.now().seconds,
        translated=True,
        media_type="application/json" if name is None else "text/csv; charset=utf-8",
    )
    if name is not None:
        answer.headers["content-disposition"] = f'attachment; filename="{name}"'
    return answer


@router.get("", response_model=CoveragePage, responses=_PAGES)
async def list_coverage(
    request: Request,
    paging: Paging,
    known: KnownNow,
    scope: Scoped,
    jobs: Jobs,
    sparse: Annotated[Sparse, fields_of(JobCoverage)],
    *,
    covered: Annotated[bool | None, Query(description="only those that are, or are not")] = None,
) -> Response:
    """List the jobs of the programme, the exposed and the emerging ones, with what answers them."""
    place = known.catalogue.territories[scope.territory]
    wanted = [one for one in jobs if covered is None or bool(one.offers) is covered]
    found = await asyncio.to_thread(
        paged,
        paging,
        wanted,
        lambda one: [one.job.code],
        lambda one: views.job(known.catalogue, known.where(scope), one),
    )
    page = CoveragePage(**dict(found), **views.about(known, place))
    body = page.model_dump_json(by_alias=True).encode()
    return answered(request, known, sparse.page(body))


@router.get(".csv", response_class=Response, responses=CSV | _REFUSALS)
async def download_coverage(
    request: Request, known: KnownNow, scope: Scoped, jobs: Jobs
) -> Response:
    """Download the jobs of the programme with what answers them, one a line."""
    where = known.where(scope)

    def made() -> bytes:
        ordered = sorted(jobs, key=lambda one: one.job.code)
        found = [views.job(known.catalogue, where, one) for one in ordered]
        return tables.table(tables.JOBS, map(tables.job, found))

    body = await asyncio.to_thread(made)
    return answered(request, known, body, f"coverage_{scope.territory}.csv")


@router.get(
    "/summary", response_model=CoverageSummary, responses=_REFUSALS | problems(FieldUnknown)
)
async def read_coverage_summary(
    request: Request,
    known: KnownNow,
    scope: Scoped,
    sparse: Annotated[Sparse, fields_of(CoverageSummary)],
) -> Response:
    """Read what the open offer covers of the exposed jobs, by kind, audience, origin and class."""
    place = known.catalogue.territories[scope.territory]
    found = await asyncio.to_thread(summaries.summary, known, place, scope)
    body = found.model_dump_json(by_alias=True).encode()
    return answered(request, known, sparse.document(body))


@router.get("/gaps", response_model=GapPage, responses=_PAGES)
async def list_gaps(
    request: Request,
    paging: Paging,
    known: KnownNow,
    scope: Scoped,
    jobs: Jobs,
    sparse: Annotated[Sparse, fields_of(Gap)],
) -> Response:
    """List the jobs that no open offer answers, those of the most people first."""
    place = known.catalogue.territories[scope.territory]
    found = await asyncio.to_thread(
        paged,
        paging,
        await _gaps(known, scope, jobs),
        lambda one: [one.rank],
        lambda one: one,
    )
    page = GapPage(**dict(found), **views.about(known, place))
    body = page.model_dump_json(by_alias=True).encode()
    return answered(request, known, sparse.page(body))


@router.get("/gaps.csv", response_class=Response, responses=CSV | _REFUSALS)
async def download_gaps(request: Request, known: KnownNow, scope: Scoped, jobs: Jobs) -> Response:
    """Download the jobs that no open offer answers, by rank, one a line."""
    rows = tables.table(tables.GAPS, map(tables.gap, await _gaps(known, scope, jobs)))
    return answered(request, known, rows, f"gaps_{scope.territory}.csv")


async def _gaps(known: Known, scope: Scope, jobs: list[Line]) -> list[Gap]:
    def made() -> list[Gap]:
        wide = replace(scope, territory=service.REGION)
        region = {one.job.code: one for one in known.lines(wide)}
        return [
            views.gap(known.catalogue, known.where(scope), rank, one, region[one.job.code])
            for rank, one in gaps(jobs)
        ]

    return await asyncio.to_thread(made)
