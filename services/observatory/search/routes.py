"""HTTP of the search: open data."""

from typing import Annotated, Final, get_args

from fastapi import APIRouter, Query, Request, Response

from observatory.references.library import CurrentFacts, ReferenceMissing
from observatory.search import codes, service
from observatory.search.service import Finder, Kind
from observatory.structures.library import Structures
from platformkit import finding, open_data
from platformkit.auth import public
from platformkit.errors import problems
from platformkit.reads import Reads

router = APIRouter(prefix="/v1/search", tags=["search"], dependencies=[public()])

KINDS: Final[tuple[Kind, ...]] = get_args(Kind)


@router.get(
    "",
    response_model=finding.SearchAnswer,
    responses=open_data.KEPT | problems(ReferenceMissing),
)
async def search_names(
    request: Request,
    reads: Reads,
    facts: CurrentFacts,
    structures: Structures,
    q: finding.Question,
    kind: Annotated[list[Kind] | None, Query(max_length=10, description="all by default")] = None,
    level: Annotated[
        str | None, Query(max_length=64, description="of a facet: a code list, `division`, …")
    ] = None,
    limit: finding.Most = 10,
) -> Response:
    """Find jobs, sectors, territories, indicators, dataflows, keys, grids and codes by name.

    Accents, plurals, apostrophes and misspellings are forgiven, a word may be only begun. `marked`
    is what of a label answers; `facets` count the hits by level, one of which may be asked for.
    """
    finder: Finder = request.app.state.finder
    kinds = tuple(dict.fromkeys(kind)) if kind else KINDS
    names = [each for each in kinds if each in service.NAMES]
    index = await finder.index(facts, structures)
    found = index.find(q, names)
    groups = finding.groups(
        found, names, limit, lambda name: service.shown(facts, structures, name), level
    )
    if codes.KIND in kinds:
        readings = (found.words, finding.looked_for(found))
        groups.append(await codes.group(reads, structures, q, readings, limit, level))
    whole = finding.SearchAnswer(query=finding.read(found), groups=groups)
    return open_data.answer(request, whole.model_dump_json().encode(), translated=True)
