"""HTTP of the search: open data."""

from typing import Annotated, Final, get_args

from fastapi import APIRouter, Query, Request, Response

from observatory.references.library import CurrentFacts, ReferenceMissing
from observatory.search import service
from observatory.search.service import Finder, Kind
from observatory.structures.library import Structures
from platformkit import finding, open_data
from platformkit.auth import public
from platformkit.errors import problems

router = APIRouter(prefix="/v1/search", tags=["search"], dependencies=[public()])

KINDS: Final[tuple[Kind, ...]] = get_args(Kind)


@router.get(
    "",
    response_model=finding.SearchAnswer,
    responses=open_data.KEPT | problems(ReferenceMissing),
)
async def search_names(
    request: Request,
    facts: CurrentFacts,
    structures: Structures,
    q: finding.Question,
    kind: Annotated[list[Kind] | None, Query(max_length=10, description="all by default")] = None,
    limit: finding.Most = 10,
) -> Response:
    """Find jobs, sectors, territories and indicators by name, accents and misspellings forgiven."""
    finder: Finder = request.app.state.finder
    body = finding.answer(
        await finder.index(facts, structures),
        q,
        tuple(dict.fromkeys(kind)) if kind else KINDS,
        limit,
        lambda name: service.shown(facts, structures, name),
    )
    return open_data.answer(request, body, translated=True)
