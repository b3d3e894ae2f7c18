"""HTTP of data protection."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from diagnostic.organisations.service import OrganisationUnknown
from diagnostic.protection import service as protection
from diagnostic.protection.schemas import OrganisationExport
from platformkit.auth import Principal, needs
from platformkit.db import Session
from platformkit.errors import problems
from platformkit.idempotency import IdempotentRoute
from platformkit.reads import Reads

router = APIRouter(prefix="/v1", tags=["data protection"], route_class=IdempotentRoute)

Reader = Annotated[Principal, needs("diagnostic:read")]


@router.get(
    "/organisations/{organisation_id}/export.json",
    response_model=OrganisationExport,
    responses=problems(OrganisationUnknown),
)
async def export_organisation(
    organisation_id: UUID, session: Session, reads: Reads, caller: Reader
) -> StreamingResponse:
    """Download everything kept of a company of yours: answers, scores, events (GDPR article 20)."""
    pieces = await protection.exported(session, reads, caller, organisation_id, datetime.now(UTC))
    headers = {
        "content-disposition": f'attachment; filename="organisation-{organisation_id}.json"',
        "cache-control": "no-store",
    }
    return StreamingResponse(pieces, media_type="application/json", headers=headers)
