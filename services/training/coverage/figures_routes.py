"""HTTP of the statistics by territory, and of the figures that the observatory loads."""

import asyncio
from collections.abc import Mapping
from typing import Annotated, Any, Literal

import orjson
from fastapi import APIRouter, Query, Request, Response

from platformkit import open_data
from platformkit.auth import public
from platformkit.errors import problems
from platformkit.pagination import CursorRefused, Paging, paged
from platformkit.sparse import FieldUnknown, Sparse, fields_of
from training.coverage import dataflow, service, summaries, tables, views
from training.coverage.catalogue import Territory, union
from training.coverage.lines import Scope
from training.coverage.routes import CSV, KnownNow, answered
from training.coverage.schemas import TerritoryKind, TerritoryPage, TerritoryStatistics
from training.coverage.service import ExposureUnavailable, Known

router = APIRouter(prefix="/v1", tags=["coverage"], dependencies=[public()])

OfKind = Annotated[TerritoryKind, Query(description="a bassin d’emploi is an employment zone")]


def _places(known: Known, kind: TerritoryKind) -> list[Territory]:
    return [one for one in known.catalogue.territories.values() if one.kind == kind]


@router.get(
    "/statistics/territories",
    response_model=TerritoryPage,
    responses=open_data.KEPT | problems(CursorRefused, FieldUnknown),
)
async def list_territory_statistics(
    request: Request,
    paging: Paging,
    known: KnownNow,
    sparse: Annotated[Sparse, fields_of(TerritoryStatistics)],
    kind: OfKind = "employment_zone",
) -> Response:
    """List the open offer by territory, with the exposed employment of the region that it covers.

    An offer that takes place in two territories is counted in both, and once in `whole`.
    """
    catalogue, places = known.catalogue, _places(known, kind)
    here = Scope(service.REGION).offers(catalogue)
    sets = [catalogue.within[one.id] & here for one in places]
    located = union(sets)
    found = await asyncio.to_thread(
        paged,
        paging,
        places,
        lambda one: [one.id],
        lambda one: summaries.statistics(known, one),
    )
    page = TerritoryPage(
        **dict(found),
        on=catalogue.day,
        kind=kind,
        exposure=views.exposure_source(known),
        unavailable=views.unavailable(known),
        whole=views.counts(catalogue, here),
        located=located.bit_count(),
        in_several=_repeated(sets).bit_count(),
    )
    return answered(request, known, sparse.page(page.model_dump_json().encode()))


def _repeated(sets: list[int]) -> int:
    """Return what is in two of the sets or more."""
    seen = again = 0
    for one in sets:
        again |= seen & one
        seen |= one
    return again


@router.get("/statistics/territories.csv", response_class=Response, responses=CSV | open_data.KEPT)
async def download_territory_statistics(
    request: Request, known: KnownNow, kind: OfKind = "employment_zone"
) -> Response:
    """Download the open offer by territory, one a line."""

    def made() -> bytes:
        rows = [tables.territory(summaries.statistics(known, one)) for one in _places(known, kind)]
        return tables.table(tables.TERRITORIES, rows)

    return answered(request, known, await asyncio.to_thread(made), f"territories_{kind}.csv")


@router.get("/coverage/structures", response_model=dict[str, Any], responses=open_data.KEPT)
async def read_coverage_structures(request: Request) -> Response:
    """Read the structures of the two dataflows of coverage, as the observatory publishes them."""
    return open_data.answer(request, orjson.dumps(dataflow.structures()))


_FILES: Mapping[str, str] = {"coverage": dataflow.COVERAGE, "gaps": dataflow.GAPS}


@router.get(
    "/coverage/figures/{flow}.csv",
    response_class=Response,
    responses=CSV | open_data.KEPT | problems(ExposureUnavailable),
)
async def download_coverage_figures(
    request: Request, known: KnownNow, flow: Literal["coverage", "gaps"]
) -> Response:
    """Download the month's figures of a dataflow, as the file that a release of it loads."""
    body = await asyncio.to_thread(dataflow.file, known, _FILES[flow])
    return answered(request, known, body, f"{_FILES[flow]}.csv")
