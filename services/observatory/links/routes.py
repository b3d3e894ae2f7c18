"""HTTP of short addresses: following one is open, making one has a scope."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Request, Response

from observatory.links import queries, service
from observatory.links.schemas import LinkDraft, LinkRead
from observatory.links.service import LinkUnknown, ReleaseInvisible
from observatory.observations import service as observations
from observatory.observations.service import SelectionInvalid
from observatory.observations.vintages import Vintages
from observatory.structures import service as structures_service
from observatory.structures.catalogue import Catalogue
from observatory.structures.library import Structures
from observatory.structures.service import IndicatorUnknown
from platformkit import open_data
from platformkit.auth import Principal, needs, public
from platformkit.db import Session
from platformkit.errors import problems
from platformkit.idempotency import IdempotentRoute
from platformkit.reads import ReadPool, Reads

router = APIRouter(prefix="/v1", tags=["links"], route_class=IdempotentRoute)

_ELSEWHERE: Final[dict[int | str, dict[str, Any]]] = {
    302: {"description": "`Location` is the address of the question"}
}
_Id = Annotated[str, Path(max_length=16)]


async def _found(reads: ReadPool, structures: Catalogue, link: str) -> tuple[Any, Vintages]:
    row = await reads.fetchrow("link", queries.ONE, link)
    if row is None:
        raise LinkUnknown
    indicator = structures_service.indicator_named(structures, row["indicator"])
    return row, await observations.vintages(reads, indicator.flow)


@router.post(
    "/links",
    status_code=201,
    response_model=LinkRead,
    responses=problems(IndicatorUnknown, SelectionInvalid, ReleaseInvisible),
)
async def shorten_address(
    session: Session,
    reads: Reads,
    structures: Structures,
    caller: Annotated[Principal, needs("observatory:share")],
    body: LinkDraft,
) -> Response:
    """Give a question a short address that never changes; the same question has the same."""
    indicator = structures_service.indicator_named(structures, body.indicator)
    known = await observations.vintages(reads, indicator.flow)
    service.check(indicator, known, body)
    link = await service.keep(session, caller, body)
    read = service.link_read(await service.kept(session, link), known)
    return Response(
        read.model_dump_json(),
        201,
        {"location": f"/v1/links/{link}"},
        "application/json",
    )


@router.get(
    "/links/{link_id}",
    response_model=LinkRead,
    dependencies=[public()],
    responses=open_data.KEPT | problems(LinkUnknown, IndicatorUnknown),
)
async def read_link(
    request: Request, reads: Reads, structures: Structures, link_id: _Id
) -> Response:
    """Read what a short address stands for, without going there."""
    read = service.link_read(*await _found(reads, structures, link_id))
    return open_data.answer(request, read.model_dump_json().encode())


@router.get(
    "/s/{link_id}",
    status_code=302,
    response_class=Response,
    dependencies=[public()],
    responses=_ELSEWHERE | problems(LinkUnknown, IndicatorUnknown),
)
async def follow_link(reads: Reads, structures: Structures, link_id: _Id) -> Response:
    """Go where a short address leads: to figures, a chart or a provenance of this observatory."""
    row, known = await _found(reads, structures, link_id)
    headers = {"location": service.leads_to(row, known), "cache-control": "public, max-age=3600"}
    return Response(status_code=302, headers=headers)
