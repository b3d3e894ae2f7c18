"""Selects and upserts of clients."""

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from gateway.clients.models import Client
from platformkit.reads import ReadPool

_LIVE = """
    SELECT client_id, tenant, name, secret_hash, second_secret_hash, scopes, roles
    FROM gateway.client
    WHERE client_id = $1 AND disabled_at IS NULL AND (expires_at IS NULL OR expires_at > now())
"""


async def live(reads: ReadPool, client_id: str) -> dict[str, object] | None:
    """Give the client, unless it is disabled or expired."""
    row = await reads.fetchrow("live client", _LIVE, client_id)
    return dict(row) if row else None


async def put(session: AsyncSession, values: dict[str, object]) -> None:
    """Insert the client or renew what it was given; one that was disabled stays so."""
    statement = insert(Client).values(**values)
    renewed = {name: statement.excluded[name] for name in values if name != "client_id"}
    await session.execute(
        statement.on_conflict_do_update(index_elements=[Client.client_id], set_=renewed)
    )
