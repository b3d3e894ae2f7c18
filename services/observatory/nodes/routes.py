"""HTTP of the registry: open data to read, changing it has a scope."""

from typing import Annotated, Any, Final

import orjson
from fastapi import APIRouter, Body, Path, Request, Response

from observatory.nodes import queries, service
from observatory.nodes.schemas import CertificateRead, DeedRead, NodeRead, NodeWrite
from observatory.nodes.service import CertificateRefused, NodeRefused, NodeUnknown
from platformkit import etags, open_data
from platformkit.auth import Principal, needs, public
from platformkit.db import Session
from platformkit.errors import PreconditionRequired, problems
from platformkit.etags import IfMatch, Stale
from platformkit.pagination import CursorRefused, Page, Paging, page
from platformkit.reads import Reads

router = APIRouter(prefix="/v1", tags=["nodes"])

Federating = Annotated[Principal, needs("observatory:federate")]
AgencyPath = Annotated[
    str, Path(pattern=r"^[A-Za-z][A-Za-z0-9_.-]{0,63}$", description="agency of the node")
]
_CHANGED: Final = problems(NodeUnknown, Stale, PreconditionRequired)


@router.get(
    "/nodes",
    response_model=Page[NodeRead],
    dependencies=[public()],
    responses=open_data.KEPT | problems(CursorRefused),
)
async def list_nodes(request: Request, reads: Reads, paging: Paging) -> Response:
    """List the installations whose figures may enter national ones, by agency."""
    (after,) = paging.after or (None,)
    rows = await reads.fetch("nodes", queries.PAGE, after, paging.limit + 1)
    total = await reads.fetchval("nodes count", queries.COUNT) if paging.count else None
    found = page(paging, rows, lambda one: [one["agency"]], service.node_read, total)
    return open_data.answer(request, found.model_dump_json().encode(), seconds=0, translated=True)


@router.get(
    "/nodes/{agency}",
    response_model=NodeRead,
    dependencies=[public()],
    responses=open_data.KEPT | problems(NodeUnknown),
)
async def read_node(request: Request, reads: Reads, agency: AgencyPath) -> Response:
    """Read a node: where it is, its key, and whether its certificate holds.

    `version` is what changing it wants as `If-Match`.
    """
    found = await reads.fetchrow("node", queries.ONE, agency)
    if found is None:
        raise NodeUnknown(agency=agency)
    body = service.node_read(found).model_dump_json().encode()
    return open_data.answer(request, body, seconds=0, translated=True)


@router.put("/nodes/{agency}", responses=_CHANGED | problems(NodeRefused))
async def register_node(
    request: Request,
    session: Session,
    caller: Federating,
    response: Response,
    if_match: IfMatch,
    agency: AgencyPath,
    body: NodeWrite,
) -> NodeRead:
    """Register a node with its pinned key (`If-Match: "0"`), or change it.

    Nothing is asked of its address but what roll-ups need; it must be https of a public name.
    """
    settings = request.app.state.settings
    found = await service.register(session, settings, caller, agency, if_match, body)
    etags.tagged(response, found.version)
    return found


@router.put("/nodes/{agency}/certificate", responses=_CHANGED | problems(CertificateRefused))
async def certify_node(
    session: Session,
    caller: Federating,
    response: Response,
    if_match: IfMatch,
    agency: AgencyPath,
    body: Annotated[dict[str, Any], Body(description="the conformance report, as it was signed")],
) -> NodeRead:
    """Give the conformance report of a node: it must be signed with its key, and have passed."""
    found = await service.certify(session, caller, agency, if_match, body)
    etags.tagged(response, found.version)
    return found


@router.get(
    "/nodes/{agency}/certificates",
    response_model=Page[CertificateRead],
    dependencies=[public()],
    responses=open_data.KEPT | problems(NodeUnknown, CursorRefused),
)
async def list_node_certificates(
    request: Request, reads: Reads, paging: Paging, agency: AgencyPath
) -> Response:
    """List the conformance reports of a node, the newest first, as they were signed."""
    node = await reads.fetchrow("node", queries.ONE, agency)
    if node is None:
        raise NodeUnknown(agency=agency)
    (before,) = paging.after or (None,)
    rows = await reads.fetch(
        "node certificates", queries.CERTIFICATES, agency, before, paging.limit + 1
    )
    total = None
    if paging.count:
        total = await reads.fetchval("certificates count", queries.CERTIFICATES_COUNT, agency)
    found = page(
        paging,
        rows,
        lambda one: [one["seq"]],
        lambda one: service.certificate_read(node, one),
        total,
    )
    return open_data.answer(request, found.model_dump_json().encode(), seconds=0)


@router.get("/federation-deeds", responses=problems(CursorRefused))
async def list_federation_deeds(reads: Reads, caller: Federating, paging: Paging) -> Page[DeedRead]:
    """List who did what with the nodes and roll-ups of your organisation, the newest first."""
    (before,) = paging.after or (None,)
    rows = await reads.fetch(
        "federation deeds", queries.DEEDS, caller.tenant, before, paging.limit + 1
    )
    total = None
    if paging.count:
        total = await reads.fetchval("deeds count", queries.DEEDS_COUNT, caller.tenant)
    return page(paging, rows, lambda one: [one["seq"]], _deed, total)


def _deed(found: Any) -> DeedRead:  # noqa: ANN401  # an asyncpg record
    told = {name: found[name] for name in DeedRead.model_fields if name != "detail"}
    return DeedRead(**told, detail=orjson.loads(found["detail"]))
