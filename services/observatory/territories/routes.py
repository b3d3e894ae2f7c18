"""HTTP of what is known of one territory: open data."""

from fastapi import APIRouter, Request, Response

from observatory.references import service as references
from observatory.references.library import CurrentFacts, ReferenceMissing
from observatory.references.service import CodeUnknown
from observatory.structures.library import Structures
from observatory.territories import service
from observatory.territories.schemas import TerritoryIndicators
from platformkit import etags, open_data
from platformkit.auth import public
from platformkit.errors import problems
from platformkit.i18n import language
from platformkit.pagination import CursorRefused, Paging
from platformkit.reads import Reads

router = APIRouter(prefix="/v1/territories", tags=["data"], dependencies=[public()])


@router.get(
    "/{code}/indicators",
    response_model=TerritoryIndicators,
    responses=open_data.KEPT | problems(CodeUnknown, ReferenceMissing, CursorRefused),
)
async def list_territory_indicators(
    request: Request,
    reads: Reads,
    facts: CurrentFacts,
    structures: Structures,
    paging: Paging,
    code: str,
) -> Response:
    """List the indicators that have a figure for a territory, by id, with the newest.

    It is what `indicators/{id}/data.json` shows at this moment: nothing under embargo, no hidden
    value. An indicator of more than ten series there is told by their number and address.
    """
    territory = references.find_territory(facts, code)
    known_ones = service.indicators(structures)
    known = await service.vintages(reads, known_ones)
    states = [each.token(each.newest) for each in known.values()]
    release = f"{request.app.state.settings.release}/{facts.release}/{structures.revision}"
    tag = etags.of_bytes(release, territory.id, request.url.query, language(), *states)
    headers = open_data.headers(tag, 0, translated=True)
    if etags.not_modified(request, tag):
        return Response(status_code=304, headers=headers)
    found = await service.read(request.app.state.data, known_ones, known, territory, paging)
    return Response(found.model_dump_json(), headers=headers, media_type="application/json")
