"""HTTP of continuity: what a certification allows on a day, what it replaces and equals."""

from typing import Annotated

from fastapi import APIRouter, Request, Response

from platformkit import open_data
from platformkit.auth import public
from platformkit.errors import problems
from platformkit.pagination import CursorRefused, Page, Paging
from platformkit.reads import Reads
from platformkit.sparse import FieldUnknown, Sparse, fields_of
from training.certifications.moments import Asked, MomentAmbiguous
from training.certifications.routes import NAMED, Number
from training.continuity import service
from training.continuity.schemas import ContinuityRead, EquivalenceRead, SuccessionRead

router = APIRouter(
    prefix="/v1/certifications/{number}", tags=["continuity"], dependencies=[public()]
)


@router.get(
    "/continuity",
    response_model=ContinuityRead,
    responses=open_data.KEPT | problems(*NAMED, MomentAmbiguous, FieldUnknown),
)
async def read_certification_continuity(
    request: Request,
    reads: Reads,
    number: Number,
    asked: Asked,
    sparse: Annotated[Sparse, fields_of(ContinuityRead)],
) -> Response:
    """Say whether one may enrol and be certified, what replaces it, and which blocs carry over."""
    body = await service.continuity(reads, number, asked.day)
    return open_data.answer(request, sparse.document(body), seconds=asked.seconds, translated=True)


@router.get(
    "/equivalences",
    response_model=Page[EquivalenceRead],
    responses=open_data.KEPT | problems(*NAMED, MomentAmbiguous, CursorRefused, FieldUnknown),
)
async def list_certification_equivalences(
    request: Request,
    reads: Reads,
    number: Number,
    asked: Asked,
    paging: Paging,
    sparse: Annotated[Sparse, fields_of(EquivalenceRead)],
) -> Response:
    """List the sets of blocs that this or another fiche holds for equivalent."""
    found = await service.equivalences(reads, number, paging, asked.day)
    body = sparse.page(found.model_dump_json().encode())
    return open_data.answer(request, body, seconds=asked.seconds)


@router.get(
    "/succession",
    response_model=Page[SuccessionRead],
    responses=open_data.KEPT | problems(*NAMED, MomentAmbiguous, CursorRefused, FieldUnknown),
)
async def list_certification_succession(
    request: Request,
    reads: Reads,
    number: Number,
    asked: Asked,
    paging: Paging,
    sparse: Annotated[Sparse, fields_of(SuccessionRead)],
) -> Response:
    """List what a certification replaces and what replaces it, one step away."""
    found = await service.succession(reads, number, paging, asked.day)
    body = sparse.page(found.model_dump_json().encode())
    return open_data.answer(request, body, seconds=asked.seconds)
