"""Routes of exposure: open data, the same for everybody, and cacheable."""

from collections.abc import Callable
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response

from observatory.exposure import jobs, sectors, territories
from observatory.exposure.schemas import (
    FamilyExposures,
    JobExposure,
    JobExposures,
    SectorExposure,
    SectorExposureItem,
    TerritoryExposure,
    TerritoryJobs,
)
from observatory.exposure.service import ExposureUnmeasured
from observatory.references.facts import Facts
from observatory.references.library import CurrentFacts, ReferenceMissing
from observatory.references.service import CodeUnknown
from platformkit import open_data
from platformkit.auth import public
from platformkit.errors import problems
from platformkit.hot import HotRead
from platformkit.pagination import CursorRefused, Page, Paging, paged

router = APIRouter(prefix="/v1/exposure", tags=["exposure"], dependencies=[public()])

Words = Annotated[str | None, Query(max_length=100, description="words of the label, or a code")]
Class = Literal[
    "not_exposed",
    "minimal",
    "gradient_1",
    "gradient_2",
    "gradient_3",
    "gradient_4",
    "unclassified",
]
_LIST = problems(CursorRefused, ReferenceMissing)
_ONE = problems(CodeUnknown, ExposureUnmeasured, ReferenceMissing)


@router.get("/jobs", response_model=JobExposures, responses=_LIST)
async def list_job_exposures(
    request: Request,
    facts: CurrentFacts,
    paging: Paging,
    codes: Annotated[
        str | None, Query(max_length=600, description="up to 50 ROME codes, comma separated")
    ] = None,
    klass: Annotated[Class | None, Query(alias="class")] = None,
    q: Words = None,
) -> Response:
    """List jobs with their exposure, by code; `codes` looks up to 50 of them up at once."""
    rows, unknown = jobs.chosen(facts, codes, klass, q)
    found = paged(paging, rows, lambda job: [job.code], lambda job: jobs.item(facts, job))
    body = JobExposures(items=found.items, next=found.next, total=found.total, unknown=unknown)
    return open_data.answer(request, body.model_dump_json(by_alias=True).encode(), translated=True)


@router.get("/jobs/{rome}", response_model=JobExposure, responses=_ONE)
async def read_job_exposure(request: Request, facts: CurrentFacts, rome: str) -> Response:
    """Read the exposure of a ROME 4.0 job: mean, class, three ranges, method and sources."""
    return open_data.answer(request, jobs.job(facts, rome), translated=True)


@router.get("/sectors", response_model=Page[SectorExposureItem], responses=_LIST)
async def list_sector_exposures(
    request: Request,
    facts: CurrentFacts,
    paging: Paging,
    level: Literal["section", "division"] = "division",
    q: Words = None,
) -> Response:
    """List the exposure of sections or divisions, by code, with their rank."""
    rows = sectors.chosen(facts, level, q)
    found = paged(paging, rows, lambda each: [each.code], lambda each: sectors.item(facts, each))
    return open_data.answer(request, found.model_dump_json().encode(), translated=True)


@router.get("/sectors/{naf}", response_model=SectorExposure, responses=_ONE)
async def read_sector_exposure(request: Request, facts: CurrentFacts, naf: str) -> Response:
    """Read the exposure of a section, division or sub-class; `basis` says what it is about."""
    return open_data.answer(request, sectors.sector(facts, naf), translated=True)


@router.get("/territories/{code}", response_model=TerritoryExposure, responses=_ONE)
async def read_territory_exposure(request: Request, facts: CurrentFacts, code: str) -> Response:
    """Read the exposure of a territory, beside that of metropolitan France."""
    return open_data.answer(request, territories.territory(facts, code), translated=True)


@router.get(
    "/territories/{code}/families",
    response_model=FamilyExposures,
    responses=_ONE | problems(CursorRefused),
)
async def list_family_exposures(
    request: Request, facts: CurrentFacts, paging: Paging, code: str
) -> Response:
    """List the job families of a territory, most exposed first."""
    territory, basis, rows = territories.families(facts, code)
    found = paged(paging, rows, lambda each: [-each.mean, each.code], lambda each: each)
    body = FamilyExposures(
        items=found.items,
        next=found.next,
        total=found.total,
        territory=territory,
        basis=basis,
    )
    return open_data.answer(request, body.model_dump_json().encode(), translated=True)


@router.get(
    "/territories/{code}/jobs",
    response_model=TerritoryJobs,
    responses=_ONE | problems(CursorRefused),
)
async def list_territory_jobs(
    request: Request, facts: CurrentFacts, paging: Paging, code: str
) -> Response:
    """List the ROME v3 jobs of a territory with their exposure and employment, by code."""
    territory, basis, rows = territories.jobs(facts, code)
    found = paged(paging, rows, lambda each: [each.code], lambda each: each)
    body = TerritoryJobs(
        items=found.items,
        next=found.next,
        total=found.total,
        territory=territory,
        basis=basis,
        release=facts.release,
    )
    return open_data.answer(request, body.model_dump_json(by_alias=True).encode(), translated=True)


def _hot(read: Callable[[Facts, str], bytes]) -> HotRead:
    async def answer(request: Request, code: str) -> Response:
        facts = await request.app.state.library.facts(request.app.state.reads)
        return open_data.answer(request, read(facts, code), translated=True)

    return answer


hot_reads = {
    "/v1/exposure/jobs/{rome}": _hot(jobs.job),
    "/v1/exposure/sectors/{naf}": _hot(sectors.sector),
    "/v1/exposure/territories/{code}": _hot(territories.territory),
}
"""The same reads as the routes of these paths, without their machinery."""
