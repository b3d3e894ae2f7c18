"""HTTP of the search over all services: open data, read by anyone."""

import re
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request
from starlette.datastructures import QueryParams

from gateway.overviews.routes import OfCaller, respond
from gateway.overviews.service import NothingAvailable
from gateway.search.merging import ORDER
from gateway.search.schemas import Kind, SearchRead
from gateway.search.service import Search
from platformkit import open_data
from platformkit.auth import public
from platformkit.classes import counted_as
from platformkit.errors import problems
from platformkit.finding import Question

router = APIRouter(
    prefix="/v1/search", tags=["search"], dependencies=[public(), counted_as("overview")]
)


_LONGEST: Final = 200
_MOST: Final = 50
_LIMIT: Final = re.compile("[1-9]|[1-4][0-9]|50")
_FEW: Final = 20


@router.get("", response_model=SearchRead, responses=open_data.KEPT | problems(NothingAvailable))
async def search_everything(
    request: Request,
    reader: OfCaller,
    q: Question,
    kind: Annotated[list[Kind] | None, Query(max_length=10, description="all by default")] = None,
    limit: Annotated[int, Query(ge=1, le=_MOST)] = _FEW,
) -> Any:  # noqa: ANN401  # bytes of the declared model
    """Search jobs, certifications, offers, sectors, territories, indicators and public aids.

    What is called exactly so comes first, what lacks a word last; between, the best of each kind
    in turns. `kinds` counts all hits of each and says where they go on.
    """
    kinds = tuple(one for one in ORDER if kind is None or one in kind)
    return await respond(request, reader, Search(q, kinds, limit))


def plain(_: str, query: bytes) -> Search | None:
    """Read what `search_everything` does, in its plain form."""
    given = QueryParams(query)
    words, kinds, limits = (given.getlist(name) for name in ("q", "kind", "limit"))
    limit = limits[0] if limits else str(_FEW)
    if (
        len(given.multi_items()) > len(words) + len(kinds) + len(limits)
        or len(words) != 1
        or not 0 < len(words[0]) <= _LONGEST
        or "\x00" in words[0]
        or len(kinds) > len(ORDER)
        or not set(kinds) <= set(ORDER)
        or len(limits) > 1
        or not _LIMIT.fullmatch(limit)
    ):
        return None
    wanted = tuple(one for one in ORDER if not kinds or one in kinds)
    return Search(words[0], wanted, int(limit))
