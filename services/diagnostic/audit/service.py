"""Adding to the audit trail, in the transaction of the deed itself."""

import uuid

from diagnostic.audit.models import AuditEvent
from platformkit.auth import Principal
from platformkit.db import Session


async def record(
    session: Session,
    caller: Principal,
    action: str,
    entity: str,
    entity_id: uuid.UUID,
    *,
    before: str | None = None,
    after: str | None = None,
) -> None:
    """Write who did it; `before` and `after` are hashes, never contents."""
    session.add(
        AuditEvent(
            tenant=caller.tenant,
            client=caller.client,
            actor=caller.subject,
            action=action,
            entity=entity,
            entity_id=str(entity_id),
            before_hash=before,
            after_hash=after,
        )
    )
    await session.flush()
