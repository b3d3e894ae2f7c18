"""HTTP of the search: open data, read by anyone."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from platformkit import open_data
from platformkit.auth import public
from platformkit.errors import problems
from platformkit.pagination import CursorRefused, Paging
from platformkit.reads import Reads
from platformkit.sparse import FieldUnknown, Sparse, fields_of
from training.certifications import moments
from training.certifications.service import BatchTooLarge, CertificationNumberInvalid
from training.search import parameters, service
from training.search.days import Days
from training.search.filters import Asked
from training.search.schemas import Hit, SearchPage
from training.search.service import CommuneUnknown, SearchContradictory

router = APIRouter(prefix="/v1/search", tags=["search"], dependencies=[public()])


@router.get(
    "",
    response_model=SearchPage,
    responses=open_data.KEPT
    | problems(
        CursorRefused,
        SearchContradictory,
        CommuneUnknown,
        CertificationNumberInvalid,
        BatchTooLarge,
        FieldUnknown,
    ),
)
async def search(
    request: Request,
    reads: Reads,
    paging: Paging,
    asked: Annotated[Asked, Depends(parameters.asked)],
    sparse: Annotated[Sparse, fields_of(Hit)],
    *,
    facets: Annotated[bool, Query(description="false where only the hits are wanted")] = True,
) -> Response:
    """Search offers and certifications in French; what is over is left out unless asked for."""
    today = moments.now()
    days: Days = request.app.state.search_days
    body = await service.search(reads, days, asked, paging, today.day, facets=facets)
    return open_data.answer(request, sparse.page(body), seconds=today.seconds, translated=True)
