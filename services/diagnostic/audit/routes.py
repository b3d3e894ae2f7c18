"""HTTP of the audit trail."""

from typing import Annotated

from fastapi import APIRouter, Query

from diagnostic.audit import service as audit
from diagnostic.audit.schemas import AuditEventRead
from diagnostic.audit.service import Sought
from platformkit.auth import Principal, needs
from platformkit.db import Session
from platformkit.pagination import Page, Paging, page
from platformkit.wire import Instant

router = APIRouter(prefix="/v1/audit-events", tags=["data protection"])

Officer = Annotated[Principal, needs("diagnostic:protect")]
Word = Annotated[str | None, Query(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.:@-]{0,127}$")]


@router.get("")
async def list_audit_events(
    session: Session,
    caller: Officer,
    paging: Paging,
    entity: Word = None,
    entity_id: Word = None,
    action: Word = None,
    actor: Word = None,
    since: Annotated[Instant | None, Query(description="included")] = None,
    until: Annotated[Instant | None, Query(description="excluded")] = None,
) -> Page[AuditEventRead]:
    """List what was done in your tenant's name, newest first: codes and hashes, no contents."""
    sought = Sought(caller.tenant, entity, entity_id, action, actor, since, until)
    return page(
        paging,
        await audit.listed(session, paging, sought),
        key=lambda one: [one.at.isoformat(), one.id],
        render=AuditEventRead.model_validate,
        total=await audit.counted(session, sought) if paging.count else None,
    )
