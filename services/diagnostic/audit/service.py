"""The audit trail: added to in the transaction of the deed itself, read by its own tenant."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select, tuple_

from diagnostic.audit import queries
from diagnostic.audit.models import AuditEvent
from platformkit.auth import Principal
from platformkit.db import Session
from platformkit.pagination import PageRequest


@dataclass(frozen=True, slots=True)
class Sought:
    """Which events of one tenant; a field that is null sorts nothing out."""

    tenant: str
    entity: str | None = None
    entity_id: str | None = None
    action: str | None = None
    actor: str | None = None
    since: datetime | None = None
    until: datetime | None = None


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
    who = (caller.tenant, caller.client, caller.subject)
    connection = await session.connection()
    await connection.exec_driver_sql(
        queries.RECORD, (*who, action, entity, str(entity_id), before, after)
    )


async def listed(session: Session, paging: PageRequest, sought: Sought) -> Sequence[AuditEvent]:
    """Read one event more than the page holds, newest first."""
    query = select(AuditEvent).where(*_filters(sought))
    if paging.after is not None:
        at, last = paging.after
        query = query.where(
            tuple_(AuditEvent.at, AuditEvent.id) < (datetime.fromisoformat(at), last)
        )
    query = query.order_by(AuditEvent.at.desc(), AuditEvent.id.desc()).limit(paging.limit + 1)
    return (await session.scalars(query)).all()


async def counted(session: Session, sought: Sought) -> int:
    """Count the whole list, whatever its pages."""
    return await session.scalar(select(func.count()).where(*_filters(sought))) or 0


def _filters(sought: Sought) -> list[ColumnElement[bool]]:
    asked = [
        (column, getattr(sought, column.key))
        for column in (
            AuditEvent.tenant,
            AuditEvent.entity,
            AuditEvent.entity_id,
            AuditEvent.action,
            AuditEvent.actor,
        )
    ]
    chosen = [column == value for column, value in asked if value is not None]
    if sought.since is not None:
        chosen.append(AuditEvent.at >= sought.since)
    if sought.until is not None:
        chosen.append(AuditEvent.at < sought.until)
    return chosen
