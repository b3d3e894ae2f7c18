"""HTTP of the audit trail."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from platformkit.auth import Principal, needs
from platformkit.errors import problems
from platformkit.pagination import CursorRefused, Page, Paging
from platformkit.reads import Reads
from training.audit import service as audit
from training.audit.schemas import Action, AuditEventRead

router = APIRouter(prefix="/v1/audit-events", tags=["audit"])


@router.get("", response_model=Page[AuditEventRead], responses=problems(CursorRefused))
async def list_training_audit_events(
    reads: Reads,
    caller: Annotated[Principal, needs("training:audit")],
    paging: Paging,
    action: Annotated[Action | None, Query()] = None,
    entity_id: Annotated[
        str | None, Query(max_length=100, description="the import, or the certification's number")
    ] = None,
) -> Response:
    """List what was done in your organisation's name, the newest first: codes, no contents."""
    body = await audit.listed(reads, caller, paging, action, entity_id)
    return Response(body, media_type="application/json")
