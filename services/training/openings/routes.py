"""HTTP of openings: open data, read by anyone."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response

from platformkit import open_data
from platformkit.auth import public
from platformkit.errors import problems
from platformkit.reads import Reads
from platformkit.sparse import FieldUnknown, Sparse, fields_of
from training.certifications.moments import Asked, MomentAmbiguous
from training.offers.service import FormationUnknown, FormationWithdrawn
from training.openings import service
from training.openings.schemas import OpeningsRead

router = APIRouter(prefix="/v1/formations", tags=["offers"], dependencies=[public()])


@router.get(
    "/{formation_id}/openings",
    response_model=OpeningsRead,
    responses=open_data.KEPT
    | problems(FormationUnknown, FormationWithdrawn, MomentAmbiguous, FieldUnknown),
)
async def read_formation_openings(
    request: Request,
    reads: Reads,
    formation_id: UUID,
    asked: Asked,
    sparse: Annotated[Sparse, fields_of(OpeningsRead)],
) -> Response:
    """Say into which sessions one may enrol on a day, and every reason against the others."""
    body = await service.openings(reads, formation_id, asked.day)
    return open_data.answer(request, sparse.document(body), seconds=asked.seconds)
