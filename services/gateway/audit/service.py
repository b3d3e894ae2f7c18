"""The audit trail: added to in the transaction of the deed itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy.ext.asyncio import AsyncSession

from gateway.audit import chain, queries
from platformkit import telemetry

Action = Literal[
    "create_client",
    "rotate_secret",
    "disable_client",
    "enable_client",
    "add_api_key",
    "revoke_api_key",
    "revoke_token",
    "sign_in",
    "sign_out",
    "add_webhook",
    "change_webhook",
    "delete_webhook",
    "rotate_webhook_secret",
    "replay_webhook",
    "disable_webhook",
    "set_plan",
]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does it: a client, or `operator:<account>` at the command line."""

    name: str


async def record(
    session: AsyncSession,
    actor: Actor,
    action: Action,
    entity: str,
    entity_id: str,
    *,
    tenant: str,
    detail: str = "",
) -> None:
    """Write what was done to a thing of the tenant; deeds wait for one another until committed."""
    connection = await session.connection()
    trace = telemetry.trace_id() or ""
    said = (actor.name, tenant, action, entity, entity_id, "allowed", trace, detail)
    await connection.exec_driver_sql(queries.RECORD, said)


async def verify(connection: Any, kept: chain.Head | None = None) -> chain.Head:  # noqa: ANN401  # asyncpg's, which has no types
    """Read the whole trail and check it; the connection is in a transaction. Raises ChainBroken."""

    async def events() -> Any:  # noqa: ANN401  # an asynchronous generator of records
        async for row in connection.cursor(queries.ALL, prefetch=1000):
            event: Mapping[str, Any] = dict(row)
            yield event

    return await chain.verify(events(), kept)
