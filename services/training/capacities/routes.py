"""HTTP of capacities: read by anybody, told by whoever gives the session."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response

from platformkit import etags
from platformkit.auth import Principal, needs, public
from platformkit.db import Session
from platformkit.errors import PreconditionRequired, problems
from platformkit.etags import IfMatch, Stale
from platformkit.idempotency import IdempotentRoute
from platformkit.open_data import control
from platformkit.reads import Reads
from platformkit.sparse import FieldUnknown, Sparse, fields_of
from training.capacities import service as capacities
from training.capacities.schemas import CapacityRead, CapacityTold, PlacesTaken
from training.capacities.service import CapacityUnknown, OfferedSessionUnknown, SessionFull
from training.proposals import access

router = APIRouter(
    prefix="/v1/sessions/{session_id}/capacity", tags=["offers"], route_class=IdempotentRoute
)

Writer = Annotated[Principal, needs(access.WRITE)]


@router.get(
    "",
    response_model=CapacityRead,
    dependencies=[public()],
    responses=problems(CapacityUnknown, FieldUnknown)
    | {304: {"description": "Your copy, named by `If-None-Match`, is still right"}},
)
async def read_session_capacity(
    request: Request,
    reads: Reads,
    session_id: UUID,
    sparse: Annotated[Sparse, fields_of(CapacityRead)],
) -> Response:
    """Read how many places a session has, and how many are left: open data."""
    found = await capacities.read(reads, session_id)
    headers = {"etag": etags.of_version(found.version), "cache-control": control(0)}
    if etags.not_modified(request, headers["etag"]):
        return Response(status_code=304, headers=headers)
    body = sparse.document(found.model_dump_json().encode())
    return Response(body, headers=headers, media_type="application/json")


@router.put("", responses=problems(OfferedSessionUnknown, Stale, PreconditionRequired))
async def tell_session_capacity(
    session: Session,
    caller: Writer,
    session_id: UUID,
    body: CapacityTold,
    if_match: IfMatch,
    response: Response,
) -> CapacityRead:
    """Tell the places of your session; `If-Match: "0"` where nobody has told them yet."""
    found = await capacities.tell(
        session, caller, session_id, body.capacity, body.remaining, if_match
    )
    etags.tagged(response, found.version)
    return found


@router.post("/take", responses=problems(OfferedSessionUnknown, CapacityUnknown, SessionFull))
async def take_session_places(
    session: Session, caller: Writer, session_id: UUID, body: PlacesTaken, response: Response
) -> CapacityRead:
    """Take places of your session, all or none: of two who want the last one, one gets it."""
    found = await capacities.take(session, caller, session_id, body.places)
    etags.tagged(response, found.version)
    return found
