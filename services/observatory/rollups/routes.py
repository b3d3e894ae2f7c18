"""HTTP of roll-ups: open data to read, defining and publishing have a scope."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Request, Response

from observatory.announcements.service import AnnouncedForLater
from observatory.nodes.routes import Federating
from observatory.releases.clearing import DisclosureUnjudged
from observatory.releases.service import ContradictoryVintages
from observatory.rollups import definitions, queries, reading, runs
from observatory.rollups.problems import (
    AverageOfAverages,
    RollUpBeingRead,
    RollUpInvalid,
    RollUpUncovered,
    RollUpUnknown,
)
from observatory.rollups.schemas import Asked, CellRead, RollUpRead, RollUpWrite, RunRead
from observatory.rollups.standing import standings
from observatory.structures.library import Structures
from platformkit import etags, open_data
from platformkit.auth import public
from platformkit.db import Session, driver
from platformkit.errors import PreconditionRequired, problems
from platformkit.etags import IfMatch, Stale
from platformkit.idempotency import IdempotentRoute
from platformkit.pagination import CursorRefused, Page, Paging
from platformkit.reads import Reads

router = APIRouter(prefix="/v1/rollups", tags=["rollups"], route_class=IdempotentRoute)

RollUpPath = Annotated[
    str, Path(pattern=r"^[A-Za-z][A-Za-z0-9_-]{0,63}$", description="id of the roll-up")
]
_READ: Final = open_data.KEPT | problems(RollUpUnknown)
_NONE_MADE: Final[dict[int | str, dict[str, Any]]] = {
    204: {"description": "Nothing differs from the last release: none was made"}
}
_LISTED: Final = _READ | problems(CursorRefused)


@router.get(
    "",
    response_model=Page[RollUpRead],
    dependencies=[public()],
    responses=open_data.KEPT | problems(CursorRefused),
)
async def list_rollups(request: Request, reads: Reads, paging: Paging) -> Response:
    """List the roll-ups, by id, with who counts in each now."""
    body = (await reading.listed(reads, paging)).model_dump_json().encode()
    return open_data.answer(request, body, seconds=0)


@router.get("/{rollup}", response_model=RollUpRead, dependencies=[public()], responses=_READ)
async def read_rollup(request: Request, reads: Reads, rollup: RollUpPath) -> Response:
    """Read a roll-up: its coverage now, the areas that are missing, and why."""
    body = (await reading.one(reads, rollup)).model_dump_json().encode()
    return open_data.answer(request, body, seconds=0)


@router.put(
    "/{rollup}",
    responses=problems(
        RollUpInvalid, AverageOfAverages, RollUpUnknown, Stale, PreconditionRequired
    ),
)
async def define_rollup(
    session: Session,
    structures: Structures,
    caller: Federating,
    response: Response,
    if_match: IfMatch,
    rollup: RollUpPath,
    body: RollUpWrite,
) -> RollUpRead:
    """Say how figures of regions make those of the country (`If-Match: "0"`), or change it.

    Means without numerator and denominator are refused: their average would be no average.
    """
    row = await definitions.define(session, structures, caller, rollup, if_match, body)
    (standing,) = await standings(await driver(session), [row])
    etags.tagged(response, row["version"])
    return reading.read(row, standing)


@router.post("/{rollup}/pulls", status_code=202, responses=problems(RollUpUnknown))
async def pull_rollup(session: Session, caller: Federating, rollup: RollUpPath) -> Asked:
    """Have all nodes be asked at once, instead of when their turn comes."""
    raw = await driver(session)
    row = await raw.fetchrow(queries.ONE, rollup)
    if row is None or row["tenant"] != caller.tenant:
        raise RollUpUnknown(id=rollup)
    return Asked(areas=sorted(each["area"] for each in await raw.fetch(queries.ASK, rollup)))


@router.post(
    "/{rollup}/runs",
    status_code=201,
    response_model=RunRead,
    responses=_NONE_MADE
    | problems(
        RollUpUnknown,
        RollUpBeingRead,
        RollUpUncovered,
        ContradictoryVintages,
        DisclosureUnjudged,
        AnnouncedForLater,
    ),
)
async def run_rollup(
    request: Request,
    session: Session,
    structures: Structures,
    caller: Federating,
    rollup: RollUpPath,
) -> Response:
    """Publish what the regions come to, as a release of our own dataflow.

    Regions that are silent or not certified are missing, and said to be; below the least coverage
    nothing is published. A cell that one region alone hides is hidden, in every vintage.
    """
    found = await runs.run(session, request.app.state.data, structures, caller, rollup)
    if found is None:
        return Response(status_code=204)
    return Response(found.model_dump_json(), 201, media_type="application/json")


@router.get(
    "/{rollup}/runs", response_model=Page[RunRead], dependencies=[public()], responses=_LISTED
)
async def list_rollup_runs(
    request: Request, reads: Reads, paging: Paging, rollup: RollUpPath
) -> Response:
    """List the releases that a roll-up made: from which nodes, releases and certificates."""
    body = (await reading.runs(reads, paging, rollup)).model_dump_json().encode()
    return open_data.answer(request, body, seconds=0)


@router.get(
    "/{rollup}/cells", response_model=Page[CellRead], dependencies=[public()], responses=_LISTED
)
async def list_rollup_cells(
    request: Request, reads: Reads, structures: Structures, paging: Paging, rollup: RollUpPath
) -> Response:
    """List the cells as the next run would publish them, with what each region brings."""
    body = (await reading.cells(reads, structures, paging, rollup)).model_dump_json().encode()
    return open_data.answer(request, body, seconds=0)
