"""HTTP of the search over all services: open data, read by anyone."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from gateway.overviews.routes import OfCaller, respond
from gateway.overviews.service import NothingAvailable
from gateway.search import service
from gateway.search.merging import ORDER
from gateway.search.schemas import Kind, SearchRead
from platformkit import open_data
from platformkit.auth import public
from platformkit.classes import counted_as
from platformkit.errors import problems
from platformkit.finding import Question

router = APIRouter(
    prefix="/v1/search", tags=["search"], dependencies=[public(), counted_as("overview")]
)


@router.get("", response_model=SearchRead, responses=open_data.KEPT | problems(NothingAvailable))
async def search_everything(
    request: Request,
    reader: OfCaller,
    q: Question,
    kind: Annotated[list[Kind] | None, Query(max_length=10, description="all by default")] = None,
    limit: Annotated[int, Query(ge=1, le=50)] = 20,
) -> Any:  # noqa: ANN401  # bytes of the declared model
    """Search jobs, certifications, offers, sectors, territories, indicators and public aids.

    What is called exactly so comes first, what lacks a word last; between, the best of each kind
    in turns. `kinds` counts all hits of each and says where they go on.
    """
    kinds = tuple(one for one in ORDER if kind is None or one in kind)
    return respond(request, await service.search(reader, q, kinds, limit))
