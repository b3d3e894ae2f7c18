"""Routes of exposure by several indices: open data, the same for everybody, and cacheable."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from observatory.exposure.service import ExposureUnmeasured
from observatory.indices import cells, ranges, sector_routes, service, specialisations
from observatory.indices.catalogue import methods
from observatory.indices.method_schemas import GridRead, MethodDetail, Methods, ReadingKeyRead
from observatory.indices.schemas import (
    Cells,
    Replay,
    SectorRoutes,
    Specialisations,
    UnitRange,
)
from observatory.indices.service import IndexNotLoaded, MethodUnknown
from observatory.indices.units import Kind
from observatory.references.library import CurrentFacts, ReferenceMissing
from observatory.references.service import CodeUnknown
from platformkit import open_data
from platformkit.auth import public
from platformkit.errors import problems
from platformkit.pagination import CursorRefused, Page, Paging, paged

router = APIRouter(prefix="/v1/exposure", tags=["exposure"], dependencies=[public()])

OfMethod = Annotated[
    str | None, Query(alias="method", max_length=40, description="only cells of this method")
]
OfIndustries = Annotated[
    str, Query(alias="method", max_length=40, description="a method that also scores industries")
]
_LIST = problems(CursorRefused, ReferenceMissing)
_ONE = problems(CodeUnknown, ExposureUnmeasured, ReferenceMissing)
_METHOD = problems(MethodUnknown, ReferenceMissing)


@router.get("/cells", response_model=Cells, responses=_LIST | problems(MethodUnknown))
async def list_exposure_cells(
    request: Request,
    facts: CurrentFacts,
    paging: Paging,
    kind: Kind = Kind.TERRITORIES,
    method: OfMethod = None,
) -> Response:
    """List cells: the class of each unit by each method, with the sentence that reads it."""
    wanted = None if method is None else service.find(method, "latest").id
    rows = await asyncio.to_thread(cells.every, facts, kind, wanted)
    found = paged(
        paging,
        rows,
        lambda each: [each[0].code, each[1].method.id],
        lambda each: cells.cell(*each),
    )
    body = Cells(items=found.items, next=found.next, total=found.total, release=facts.release)
    return open_data.answer(request, body.model_dump_json(by_alias=True).encode(), translated=True)


@router.get(
    "/cells.csv",
    response_class=Response,
    responses=problems(MethodUnknown, ReferenceMissing)
    | {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}},
)
async def read_exposure_cells_as_csv(
    request: Request, facts: CurrentFacts, kind: Kind = Kind.TERRITORIES, method: OfMethod = None
) -> Response:
    """Read all cells of a kind as CSV (UTF-8, commas), the reading sentence in its last but one."""
    wanted = None if method is None else service.find(method, "latest").id
    body = await asyncio.to_thread(cells.as_csv, facts, kind, wanted)
    return open_data.answer(request, body, translated=True, media_type="text/csv; charset=utf-8")


@router.get("/methods", response_model=Methods, responses=_LIST)
async def list_methods(request: Request, facts: CurrentFacts, paging: Paging) -> Response:
    """List the methods of exposure, loaded or not, with formula, parameters and limits."""
    found = paged(
        paging,
        list(methods().values()),
        lambda each: [each.id],
        lambda each: service.method_read(facts, each),
    )
    body = Methods(items=found.items, next=found.next, total=found.total)
    return open_data.answer(request, body.model_dump_json().encode(), translated=True)


@router.get("/methods/{name}/{version}", response_model=MethodDetail, responses=_METHOD)
async def read_method(request: Request, facts: CurrentFacts, name: str, version: str) -> Response:
    """Read a version of a method with its frozen constants; `latest` is the last version."""
    body = service.method_detail(facts, service.find(name, version))
    return open_data.answer(request, body.model_dump_json(by_alias=True).encode(), translated=True)


@router.get(
    "/methods/{name}/{version}/replay",
    response_model=Replay,
    responses=_METHOD | problems(CodeUnknown, ExposureUnmeasured, IndexNotLoaded),
)
async def replay_method(
    request: Request,
    facts: CurrentFacts,
    name: str,
    version: str,
    kind: Kind,
    code: Annotated[str, Query(max_length=20, description="a job, sector or territory")],
) -> Response:
    """Compute one cell again from its inputs, and show the arithmetic."""
    body = await asyncio.to_thread(service.replay, facts, service.find(name, version), kind, code)
    return open_data.answer(request, body.model_dump_json(by_alias=True).encode(), translated=True)


@router.get(
    "/sector-routes",
    response_model=SectorRoutes,
    responses=_LIST | problems(MethodUnknown),
)
async def list_sector_routes(
    request: Request, facts: CurrentFacts, paging: Paging, method: OfIndustries = "felten-aioe"
) -> Response:
    """List divisions by the jobs they hire and by an index of industries, with their agreement.

    By hires only, without agreement, where the scores of industries are not loaded.
    """
    routes = sector_routes.compare(facts, service.find(method, "latest"))
    found = paged(
        paging,
        list(routes.hires),
        lambda code: [code],
        lambda code: sector_routes.route_read(facts, routes, code),
    )
    body = SectorRoutes(
        items=found.items,
        next=found.next,
        total=found.total,
        spearman=None if routes.agreement is None else round(routes.agreement, 4),
        divisions=len(routes.industries),
    )
    return open_data.answer(request, body.model_dump_json().encode(), translated=True)


@router.get("/grids", response_model=Page[GridRead], responses=_LIST)
async def list_reading_grids(request: Request, paging: Paging) -> Response:
    """List the grids: ordered classes with their bounds, and the rule at a bound."""
    body = paged(paging, [service.grid_read()], lambda each: [each.id], lambda each: each)
    return open_data.answer(request, body.model_dump_json().encode(), translated=True)


@router.get("/reading-keys", response_model=Page[ReadingKeyRead], responses=_LIST)
async def list_reading_keys(request: Request, paging: Paging) -> Response:
    """List the reading keys: the templates of the sentences, and what not to read in them."""
    body = paged(paging, [service.reading_key_read()], lambda each: [each.id], lambda each: each)
    return open_data.answer(request, body.model_dump_json().encode(), translated=True)


@router.get(
    "/territories/{code}/specialisations",
    response_model=Specialisations,
    responses=_ONE | problems(CursorRefused),
)
async def list_specialisations(
    request: Request, facts: CurrentFacts, paging: Paging, code: str
) -> Response:
    """List the job families of a territory by location quotient, most specific first."""
    territory, rows = specialisations.specialisations(facts, code)
    found = paged(paging, rows, lambda each: [-each.quotient, each.code], lambda each: each)
    body = Specialisations(
        items=found.items, next=found.next, total=found.total, territory=territory
    )
    return open_data.answer(request, body.model_dump_json(by_alias=True).encode(), translated=True)


@router.get("/{kind}/{code}/range", response_model=UnitRange, responses=_ONE)
async def read_exposure_range(
    request: Request, facts: CurrentFacts, kind: Kind, code: str
) -> Response:
    """Read a job, sector or territory by every method: the range, the budget of doubt, coverage."""
    return open_data.answer(request, ranges.unit_range(facts, kind, code), translated=True)
