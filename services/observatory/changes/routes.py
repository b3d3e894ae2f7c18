"""Routes of changes: open data, the same for everybody, and cacheable."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from observatory.changes import service
from observatory.changes.archive import Archive, PastFacts, ReleaseUnknown
from observatory.changes.schemas import ChangeRead, FamilyShifts, ReleaseRead
from observatory.changes.states import EmploymentUnknown, Scale, Side
from observatory.exposure.service import ExposureUnmeasured
from observatory.indices import service as indices
from observatory.indices.cells import READING_KEY_READ
from observatory.indices.service import IndexNotLoaded, MethodUnknown
from observatory.indices.units import Kind
from observatory.references.facts import Facts
from observatory.references.library import CurrentFacts, ReferenceMissing
from observatory.references.service import CodeUnknown
from platformkit import open_data
from platformkit.auth import public
from platformkit.errors import problems
from platformkit.pagination import CursorRefused, Page, Paging, paged
from platformkit.reads import ReadPool, Reads

router = APIRouter(prefix="/v1/exposure", tags=["exposure"], dependencies=[public()])

OfRelease = Annotated[
    int | None, Query(ge=1, le=2**31 - 1, description="number of a release; now when absent")
]
OfMethod = Annotated[str, Query(max_length=40)]
OfYear = Annotated[
    int | None, Query(ge=1900, le=2200, description="for FR: yearly employment, in both or none")
]
_ONE = problems(CodeUnknown, ExposureUnmeasured, ReferenceMissing, ReleaseUnknown)


@router.get(
    "/releases",
    response_model=Page[ReleaseRead],
    responses=problems(CursorRefused, ReferenceMissing),
)
async def list_reference_releases(request: Request, reads: Reads, paging: Paging) -> Response:
    """List the releases of the reference tables, oldest first, each with what it changed."""
    body = await service.releases(reads, paging)
    return open_data.answer(request, body.model_dump_json().encode(), translated=True)


@router.get(
    "/{kind}/{code}/change",
    response_model=ChangeRead,
    responses=_ONE | problems(MethodUnknown, IndexNotLoaded, EmploymentUnknown),
)
async def read_exposure_change(
    request: Request,
    facts: CurrentFacts,
    reads: Reads,
    archive: PastFacts,
    kind: Kind,
    code: str,
    from_release: OfRelease = None,
    to_release: OfRelease = None,
    from_method: OfMethod = "ilo-2025",
    to_method: OfMethod = "ilo-2025",
    from_year: OfYear = None,
    to_year: OfYear = None,
    scale: Scale = Scale.PLACE,
) -> Response:
    """Split a change of exposure between two releases, methods or years, without a remainder.

    Revisions and boundaries come first: what the same vintages say now, then on the perimeters
    and classifications of now. The rest is structure and score, at the midpoint.
    """
    before = await _side(facts, reads, archive, from_release, from_method, from_year)
    after = await _side(facts, reads, archive, to_release, to_method, to_year)
    body = await asyncio.to_thread(service.change, before, after, kind, code, scale)
    return open_data.answer(request, body.model_dump_json(by_alias=True).encode(), translated=True)


async def _side(
    facts: Facts,
    reads: ReadPool,
    archive: Archive,
    ordinal: int | None,
    method: str,
    year: int | None,
) -> Side:
    wanted = indices.find(method, "latest")
    known = facts if ordinal is None else await archive.facts(reads, ordinal)
    return Side(known, wanted, year)


@router.get(
    "/territories/{code}/shift-share",
    response_model=FamilyShifts,
    responses=_ONE | problems(CursorRefused),
)
async def list_family_shifts(
    request: Request,
    facts: CurrentFacts,
    reads: Reads,
    archive: PastFacts,
    paging: Paging,
    code: str,
    from_release: Annotated[int, Query(ge=1, le=2**31 - 1)] = 1,
    to_release: OfRelease = None,
) -> Response:
    """Split the growth of each job family of a territory between two releases (Dunn 1960)."""
    before = await archive.facts(reads, from_release)
    after = facts if to_release is None else await archive.facts(reads, to_release)
    territory, rows, reading = await asyncio.to_thread(service.shifts, before, after, code)
    found = paged(paging, rows, lambda each: [each.code], lambda each: each)
    parts = service.total(rows)
    body = FamilyShifts(
        items=found.items,
        next=found.next,
        total=found.total,
        growth=sum(parts),
        territory=territory,
        **parts._asdict(),
        reading_key=READING_KEY_READ,
        reading=reading,
    )
    return open_data.answer(request, body.model_dump_json().encode(), translated=True)
