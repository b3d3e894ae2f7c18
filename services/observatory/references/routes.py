"""Routes of the reference tables: open data."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response

from observatory.references import service
from observatory.references.library import CurrentFacts, ReferenceMissing
from observatory.references.schemas import DatasetRead, JobRead, SectorRead, TerritoryRead
from observatory.references.service import CodeUnknown
from platformkit import open_data
from platformkit.auth import public
from platformkit.errors import problems
from platformkit.pagination import CursorRefused, Page, Paging, paged

router = APIRouter(prefix="/v1", tags=["references"], dependencies=[public()])

Words = Annotated[str | None, Query(max_length=100, description="words of the label, or a code")]
_LIST = problems(CursorRefused, ReferenceMissing)
_ONE = problems(CodeUnknown, ReferenceMissing)


@router.get("/jobs", response_model=Page[JobRead], responses=_LIST)
async def list_jobs(
    request: Request, facts: CurrentFacts, paging: Paging, q: Words = None
) -> Response:
    """List ROME 4.0 jobs with their ISCO-08 unit group, by code."""
    found = paged(
        paging,
        service.jobs(facts, q),
        lambda job: [job.code],
        lambda job: service.job_read(facts, job),
    )
    return open_data.answer(request, found.model_dump_json().encode(), translated=True)


@router.get("/jobs/{rome}", response_model=JobRead, responses=_ONE)
async def read_job(request: Request, facts: CurrentFacts, rome: str) -> Response:
    """Read a ROME 4.0 job."""
    found = service.job_read(facts, service.find_job(facts, rome))
    return open_data.answer(request, found.model_dump_json().encode(), translated=True)


@router.get("/sectors", response_model=Page[SectorRead], responses=_LIST)
async def list_sectors(
    request: Request,
    facts: CurrentFacts,
    paging: Paging,
    level: Literal["section", "division", "subclass"] | None = None,
    q: Words = None,
) -> Response:
    """List the sections, divisions and sub-classes of NAF rev. 2, by code."""
    found = paged(
        paging,
        service.sectors(facts, level, q),
        lambda sector: [sector.code],
        service.sector_read,
    )
    return open_data.answer(request, found.model_dump_json().encode(), translated=True)


@router.get("/sectors/{naf}", response_model=SectorRead, responses=_ONE)
async def read_sector(request: Request, facts: CurrentFacts, naf: str) -> Response:
    """Read a sector; a sub-class may be written 62.01Z or 6201Z."""
    found = service.sector_read(service.find_sector(facts, naf))
    return open_data.answer(request, found.model_dump_json().encode(), translated=True)


@router.get("/territories", response_model=Page[TerritoryRead], responses=_LIST)
async def list_territories(
    request: Request,
    facts: CurrentFacts,
    paging: Paging,
    kind: Literal["country", "region", "department", "employment_zone", "epci"] | None = None,
    q: Words = None,
) -> Response:
    """List the territories, by id."""
    found = paged(
        paging,
        service.territories(facts, kind, q),
        lambda territory: [territory.id],
        service.territory_read,
    )
    return open_data.answer(request, found.model_dump_json().encode(), translated=True)


@router.get("/territories/{code}", response_model=TerritoryRead, responses=_ONE)
async def read_territory(request: Request, facts: CurrentFacts, code: str) -> Response:
    """Read a territory by its id, or by its official code where that is unambiguous."""
    found = service.territory_read(service.find_territory(facts, code))
    return open_data.answer(request, found.model_dump_json().encode(), translated=True)


@router.get("/datasets", response_model=Page[DatasetRead], responses=_LIST)
async def list_datasets(request: Request, facts: CurrentFacts, paging: Paging) -> Response:
    """List the loaded tables: producer, vintage, licence, and which bytes were loaded."""
    found = paged(
        paging,
        list(facts.datasets.values()),
        lambda each: [each.name],
        lambda each: service.dataset_read(facts, each),
    )
    return open_data.answer(request, found.model_dump_json().encode(), translated=True)
