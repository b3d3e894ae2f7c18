"""The statements of API keys."""

from typing import Final
from uuid import UUID

from sqlalchemy import Row, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from gateway.api_keys.models import ApiKey
from gateway.clients.models import Client

CHANGED: Final = """
SELECT k.id, k.hash, k.kind, k.origins, k.client_id, c.tenant, c.roles, c.scopes,
       extract(epoch FROM least(k.expires_at, c.expires_at))::float8 AS expires,
       k.revoked_at IS NULL AND c.disabled_at IS NULL AS live
  FROM gateway.api_key k JOIN gateway.client c USING (client_id)
 WHERE k.id IN (
       SELECT id FROM gateway.api_key WHERE changed_at > now() - $1::interval
        UNION
       SELECT id FROM gateway.client JOIN gateway.api_key USING (client_id)
        WHERE client.changed_at > now() - $1::interval)"""
"""$1: how long ago the last look was, and a little more."""

USED: Final = """
UPDATE gateway.api_key k SET used_at = greatest(k.used_at, u.at)
  FROM unnest($1::uuid[], $2::timestamptz[]) u (id, at)
 WHERE k.id = u.id"""

LIST: Final = """
SELECT id, kind, hint, origins, created_at, expires_at, revoked_at, used_at
  FROM gateway.api_key
 WHERE client_id = $1 AND ($2::timestamptz IS NULL OR (created_at, id) < ($2, $3::uuid))
 ORDER BY created_at DESC, id DESC
 LIMIT $4"""
"""$1 client, $2 and $3 the last key shown, $4 limit."""

COUNT: Final = "SELECT count(*) FROM gateway.api_key WHERE client_id = $1"


async def live(session: AsyncSession, client_id: str, kind: str) -> int:
    """Count the keys of a kind that would open something."""
    is_unexpired = func.coalesce(ApiKey.expires_at > func.now(), True)
    statement = select(func.count()).where(
        ApiKey.client_id == client_id,
        ApiKey.kind == kind,
        ApiKey.revoked_at.is_(None),
        is_unexpired,
    )
    return (await session.execute(statement)).scalar_one()


async def owner(session: AsyncSession, key_id: UUID) -> Row[str, str] | None:
    """Give the client whose key it is, and its organisation; None for no key."""
    statement = select(Client.client_id, Client.tenant).join(ApiKey)
    return (await session.execute(statement.where(ApiKey.id == key_id))).one_or_none()


async def revoke(session: AsyncSession, key_id: UUID) -> bool:
    """End the key; False when it has ended before."""
    statement = update(ApiKey).where(ApiKey.id == key_id, ApiKey.revoked_at.is_(None))
    ended = await session.execute(
        statement.values(revoked_at=func.now(), changed_at=func.now()).returning(ApiKey.id)
    )
    return ended.scalar_one_or_none() is not None
