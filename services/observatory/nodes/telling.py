"""Each deed at the national level leaves a line in the trail and a change in the feed."""

from collections.abc import Mapping
from typing import Any

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from observatory.nodes import queries
from platformkit import feed
from platformkit.auth import Principal
from platformkit.db import driver


async def tell(
    session: AsyncSession,
    who: Principal,
    action: str,
    entity: str,
    entity_id: str,
    *,
    version: int = 1,
    told: Mapping[str, Any],
) -> None:
    """Record who did what, and tell the feed what everybody may know of it."""
    connection = await driver(session)
    detail = orjson.dumps(told).decode()
    await connection.execute(
        queries.DEED, who.client, who.subject, action, entity, entity_id, detail
    )
    await feed.publish(
        session,
        entity=entity,
        entity_id=entity_id,
        kind="created" if version == 1 else "updated",
        version=version,
        payload={"action": action, **told},
    )
