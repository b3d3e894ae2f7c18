"""HTTP of analysis grids: open data to read and to apply, a scope to write."""

from typing import Annotated, Final

from fastapi import APIRouter, Path, Query, Request, Response

from observatory.grids import service
from observatory.grids.schemas import Assessment, Assessments
from observatory.grids.service import UnitUnknown
from observatory.keys import answering, drafting
from observatory.keys import service as keys
from observatory.keys.answering import (
    CITATIONS,
    DRAFTED,
    PUBLISHED,
    AgencyAsked,
    AgencyPath,
    CitationFormat,
    IdPath,
    Publisher,
    VersionPath,
    VersionsAsked,
)
from observatory.keys.schemas import GridRead, Listing
from observatory.keys.service import CitedUnknown
from observatory.observations.service import SelectionInvalid
from observatory.structures.grid_schemas import Grid
from observatory.structures.library import Structures
from platformkit import open_data
from platformkit.auth import public
from platformkit.classes import counted_as
from platformkit.db import Session
from platformkit.errors import problems
from platformkit.etags import IfMatch
from platformkit.idempotency import IdempotentRoute
from platformkit.pagination import CursorRefused, Paging

router = APIRouter(prefix="/v1/grids", tags=["grids"], route_class=IdempotentRoute)

AsOf = Annotated[
    str | None, Query(max_length=40, description="with the figures known at that instant")
]
_CSV: Final = "text/csv; charset=utf-8"


@router.get(
    "",
    response_model=Listing,
    dependencies=[public()],
    responses=problems(CursorRefused),
)
async def list_grids(
    request: Request,
    structures: Structures,
    paging: Paging,
    agency: AgencyAsked = "*",
    version: VersionsAsked = "+",
) -> Response:
    """List the analysis grids, by agency and id, each in its newest published version."""
    return answering.listing(request, structures, "grid", paging, (agency, version))


@router.get(
    "/{agency}/{grid_id}/{version}",
    response_model=GridRead,
    dependencies=[public()],
    responses=open_data.KEPT | problems(CitedUnknown),
)
async def read_grid(
    request: Request,
    structures: Structures,
    agency: AgencyPath,
    grid_id: IdPath,
    version: VersionPath,
) -> Response:
    """Read a version of an analysis grid, in both languages.

    Levels, dimensions, criteria with their indicator and reading key, and how levels combine.
    """
    return answering.one(request, structures, "grid", agency, grid_id, version)


@router.get(
    "/{agency}/{grid_id}/{version}/citation.{suffix}",
    response_class=Response,
    dependencies=[public(), counted_as("read")],
    responses=CITATIONS | problems(CitedUnknown),
)
async def cite_grid(
    request: Request,
    structures: Structures,
    agency: AgencyPath,
    grid_id: IdPath,
    version: VersionPath,
    suffix: CitationFormat,
) -> Response:
    """Cite a version of an analysis grid: a sentence, CSL-JSON or BibTeX."""
    place = agency, grid_id, version
    return answering.citation(request, structures, "grid", place, suffix)


_ASSESSED = open_data.KEPT | problems(CitedUnknown, SelectionInvalid)


@router.get(
    "/{agency}/{grid_id}/{version}/assessments",
    response_model=Assessments,
    dependencies=[public()],
    responses=_ASSESSED | problems(CursorRefused),
)
async def list_assessments(
    request: Request,
    structures: Structures,
    paging: Paging,
    agency: AgencyPath,
    grid_id: IdPath,
    version: VersionPath,
    asOf: AsOf = None,  # noqa: N803  # SDMX's name
) -> Response:
    """Assess every unit of the grid, by code: territories, sectors or jobs."""
    grid = keys.cited(structures, "grid", agency, grid_id, version)
    pool, at = request.app.state.data, service.instant(asOf)
    found = await service.several(pool, structures, grid, paging, at)
    body = found.model_dump_json(by_alias=True).encode()
    return open_data.answer(request, body, seconds=0, translated=True)


@router.get(
    "/{agency}/{grid_id}/{version}/assessments.csv",
    response_class=Response,
    dependencies=[public()],
    responses=_ASSESSED | {200: {"content": {"text/csv": {}}}},
)
async def download_assessments(
    request: Request,
    structures: Structures,
    agency: AgencyPath,
    grid_id: IdPath,
    version: VersionPath,
    limit: Annotated[int, Query(ge=1, le=200, description="units, each a few lines")] = 200,
    after: Annotated[str, Query(max_length=64, description="code of the last unit read")] = "",
    asOf: AsOf = None,  # noqa: N803  # SDMX's name
) -> Response:
    """Download units after a code as CSV, by code, a line per criterion."""
    grid = keys.cited(structures, "grid", agency, grid_id, version)
    pool, at = request.app.state.data, service.instant(asOf)
    found = await service.part(pool, structures, grid, (after, limit), at)
    body = service.as_csv(found)
    return open_data.answer(request, body, seconds=0, translated=True, media_type=_CSV)


@router.get(
    "/{agency}/{grid_id}/{version}/assessments/{code}",
    response_model=Assessment,
    dependencies=[public()],
    responses=_ASSESSED | problems(UnitUnknown),
)
async def assess_unit(
    request: Request,
    structures: Structures,
    agency: AgencyPath,
    grid_id: IdPath,
    version: VersionPath,
    code: Annotated[str, Path(max_length=64)],
    asOf: AsOf = None,  # noqa: N803  # SDMX's name
) -> Response:
    """Assess one territory, sector or job: each criterion with its figure, class and level."""
    grid = keys.cited(structures, "grid", agency, grid_id, version)
    pool, at = request.app.state.data, service.instant(asOf)
    found = await service.one(pool, structures, grid, code, at)
    body = found.model_dump_json(by_alias=True).encode()
    return open_data.answer(request, body, seconds=0, translated=True)


@router.put(
    "/{agency}/{grid_id}/{version}",
    response_model=GridRead,
    responses=DRAFTED,
)
async def draft_grid(
    request: Request,
    session: Session,
    caller: Publisher,
    if_match: IfMatch,
    agency: AgencyPath,
    grid_id: IdPath,
    version: VersionPath,
    body: Grid,
) -> Response:
    """Write the draft of an analysis grid, `1.0.0-draft`; the first has `If-Match: "0"`."""
    own, place = request.app.state.settings.agency, (agency, grid_id, version)
    return answering.kept(await drafting.write(session, own, caller, "grid", place, body, if_match))


@router.post(
    "/{agency}/{grid_id}/{version}/publish",
    response_model=GridRead,
    responses=PUBLISHED,
)
async def publish_grid(
    request: Request,
    session: Session,
    caller: Publisher,
    if_match: IfMatch,
    agency: AgencyPath,
    grid_id: IdPath,
    version: VersionPath,
) -> Response:
    """Publish a draft: `1.0.0-draft` becomes 1.0.0, which never changes."""
    own, place = request.app.state.settings.agency, (agency, grid_id, version)
    return answering.kept(await drafting.publish(session, own, caller, "grid", place, if_match))
