"""Lists of subjects and of their steps, as a tenant may see them; and what was granted."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from platformkit.pagination import PageRequest
from platformkit.reads import ReadPool
from training.theses import holding, queries, view
from training.theses.lifecycle import Status
from training.theses.problems import ThesisGrantUnknown, ThesisGrantWithdrawn
from training.theses.schemas import GrantRead
from training.thesis_campaigns.rules import Status as Standing


async def listed(
    session: AsyncSession, tenant: str, paging: PageRequest, chosen: Mapping[str, Any]
) -> Sequence[Mapping[str, Any]]:
    """Read one subject that the tenant sees more than the page holds, the newest first."""
    at, last = paging.after or (None, None)
    asked = {
        "tenant": tenant,
        "at": at and datetime.fromisoformat(at),
        "last": last,
        "limit": paging.limit + 1,
        **chosen,
    }
    rows = await session.execute(text(queries.LIST), asked)
    return [dict(row) for row in rows.mappings()]


async def counted(session: AsyncSession, tenant: str, chosen: Mapping[str, Any]) -> int:
    """Count them all."""
    found = await session.scalar(text(queries.COUNT), {"tenant": tenant, **chosen})
    return found or 0


async def history(
    session: AsyncSession, tenant: str, thesis_id: uuid.UUID, paging: PageRequest
) -> tuple[Sequence[Mapping[str, Any]], int | None]:
    """Read the steps of a subject that the tenant sees, oldest first; or raise ThesisUnknown."""
    row = await holding.row(session, tenant, thesis_id)
    told = {
        "id": thesis_id,
        "all": row["campaign_status"] == Standing.PUBLISHED or row["region_tenant"] == tenant,
    }
    (after,) = paging.after or (0,)
    asked = {**told, "tenant": tenant, "after": after, "limit": paging.limit + 1}
    found = await session.execute(text(queries.HISTORY), asked)
    rows = [dict(row) for row in found.mappings()]
    if not paging.count:
        return rows, None
    return rows, await session.scalar(text(queries.HISTORY_COUNT), told) or 0


async def grant(reads: ReadPool, thesis_id: uuid.UUID) -> GrantRead:
    """Read what was granted; raises ThesisGrantUnknown, ThesisGrantWithdrawn."""
    row = await reads.fetchrow("thesis grant", queries.GRANT, thesis_id)
    if row is None:
        raise ThesisGrantUnknown
    if row["status"] == Status.WITHDRAWN:
        raise ThesisGrantWithdrawn
    return view.grant(row)


async def grants(
    reads: ReadPool, paging: PageRequest, campaign: uuid.UUID | None, institution: str | None
) -> Sequence[Mapping[str, Any]]:
    """Read one grant more than the page holds, the last granted first."""
    at, last = paging.after or (None, None)
    since = at and datetime.fromisoformat(at)
    found: Sequence[Mapping[str, Any]] = await reads.fetch(
        "thesis grants", queries.GRANTS, campaign, institution, since, last, paging.limit + 1
    )
    return found


async def grants_counted(
    reads: ReadPool, campaign: uuid.UUID | None, institution: str | None
) -> int:
    """Count them all."""
    found: int = await reads.fetchval(
        "thesis grants count", queries.GRANTS_COUNT, campaign, institution
    )
    return found
