"""Each deed leaves a line in the trail of its programme and a change in the feed, or neither."""

from collections.abc import Mapping
from typing import Any

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from observatory.programme import queries
from platformkit import feed
from platformkit.auth import Principal
from platformkit.db import driver
from platformkit.pagination import PageRequest, rendered
from platformkit.reads import ReadPool


async def tell(
    session: AsyncSession,
    who: Principal,
    programme: str,
    action: str,
    entity: str,
    entity_id: str,
    *,
    kind: feed.Kind = "created",
    version: int = 1,
    told: Mapping[str, Any],
    kept: Mapping[str, Any] | None = None,
) -> None:
    """Record who did it; `told` is for everybody who follows, `kept` for the trail alone."""
    detail = orjson.dumps({**told, **(kept or {})}).decode()
    connection = await driver(session)
    await connection.execute(
        queries.DEED, programme, who.client, who.subject, action, entity, entity_id, detail
    )
    await feed.publish(
        session,
        entity=f"programme_{entity}" if entity != "programme" else entity,
        entity_id=programme if entity == "programme" else f"{programme}/{entity_id}",
        kind=kind,
        version=version,
        payload={"programme": programme, **told},
    )


async def deeds(reads: ReadPool, paging: PageRequest, programme: str) -> bytes:
    """Return a page of what was done to a programme, the newest first."""
    (before,) = paging.after or (None,)
    rows = await reads.fetch("programme deeds", queries.DEEDS, programme, before, paging.limit + 1)
    total = None
    if paging.count:
        total = await reads.fetchval("programme deeds count", queries.DEEDS_COUNT, programme)
    return rendered(paging, rows, lambda row: [row["id"]], total)
