"""The audit trail: added to in the transaction of the deed itself, read by its own tenant."""

from typing import Any

from platformkit.auth import Principal
from platformkit.pagination import PageRequest, rendered
from platformkit.reads import ReadPool
from training.audit import queries
from training.audit.schemas import Action


async def record(
    connection: Any,  # noqa: ANN401  # asyncpg's, which has no types
    caller: Principal,
    action: Action,
    entity: str,
    entity_id: str,
    detail: str | None = None,
) -> None:
    """Write who did it, on the connection whose transaction does it."""
    who = (caller.tenant, caller.client, caller.subject)
    await connection.execute(queries.RECORD, *who, action, entity, entity_id, detail)


async def listed(
    reads: ReadPool, caller: Principal, paging: PageRequest, *sought: str | None
) -> bytes:
    """Return a page of what was done in the tenant's name, the newest first."""
    after = (paging.after or [None])[0]
    rows = await reads.fetch(
        "audit events", queries.LIST, caller.tenant, *sought, after, paging.limit + 1
    )
    total = None
    if paging.count:
        total = await reads.fetchval("audit events count", queries.COUNT, caller.tenant, *sought)
    return rendered(paging, rows, lambda row: [row["id"]], total)
