"""Selects and upserts of clients."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Row, RowMapping, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from gateway.clients.models import Client
from platformkit.reads import ReadPool

_LIVE = """
    SELECT client_id, tenant, name, secret_hash, scopes, roles, return_urls, jwks::text, jwks_uri,
           CASE WHEN coalesce(second_secret_until > now(), true) THEN second_secret_hash END
             AS second_secret_hash
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
        statement.on_conflict_do_update(
            index_elements=[Client.client_id], set_=renewed | {"changed_at": func.now()}
        )
    )


async def add(session: AsyncSession, values: dict[str, object]) -> bool:
    """Insert the client; False when there is one of that name."""
    statement = insert(Client).values(**values).on_conflict_do_nothing()
    added = await session.execute(statement.returning(Client.client_id))
    return added.scalar_one_or_none() is not None


async def change(session: AsyncSession, client_id: str, values: Mapping[str, object]) -> str | None:
    """Change the client; give its tenant, None when there is no such client."""
    statement = update(Client).where(Client.client_id == client_id)
    changed = await session.execute(
        statement.values(**values, changed_at=func.now()).returning(Client.tenant)
    )
    return changed.scalar_one_or_none()


async def locked(session: AsyncSession, client_id: str) -> Row[str, bool] | None:
    """Give tenant and whether it is disabled; nobody else adds keys to it meanwhile."""
    statement = select(Client.tenant, Client.disabled_at.is_not(None).label("disabled"))
    found = await session.execute(statement.where(Client.client_id == client_id).with_for_update())
    return found.one_or_none()


async def all_of(session: AsyncSession) -> Sequence[RowMapping]:
    """List the clients with what concerns their administration."""
    statement = select(
        Client.client_id,
        Client.tenant,
        Client.name,
        Client.scopes,
        Client.roles,
        Client.plan,
        Client.quota_per_day,
        Client.quota_per_month,
        Client.created_at,
        Client.expires_at,
        Client.disabled_at,
        Client.second_secret_until,
        Client.jwks_uri,
        Client.return_urls,
    )
    return (await session.execute(statement.order_by(Client.client_id))).mappings().all()
