"""The statements of webhooks as their owners see them."""

from typing import Final
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from gateway.webhooks.models import Webhook, WebhookDelivery

_SHOWN: Final = """
id, client_id, url, description, events, status, reason, position, held_until, failing_since,
accepted_at, second_secret_until, created_at, changed_at, version"""

LIST: Final = f"""
SELECT {_SHOWN}
  FROM gateway.webhook
 WHERE tenant = $1 AND ($2::timestamptz IS NULL OR (created_at, id) < ($2, $3::uuid))
 ORDER BY created_at DESC, id DESC
 LIMIT $4"""  # noqa: S608  # our own text
"""$1 tenant, $2 and $3 the last webhook shown, $4 limit."""

COUNT: Final = "SELECT count(*) FROM gateway.webhook WHERE tenant = $1"

ONE: Final = f"SELECT {_SHOWN} FROM gateway.webhook WHERE id = $1 AND tenant = $2"  # noqa: S608  # likewise

_DELIVERY: Final = """
d.id, d.event, d.type, d.position, d.state, d.attempts, d.created_at,
CASE WHEN d.state = 'pending' THEN d.next_at END AS next_at, d.ended_at,
(d.log->-1)::text AS last"""

_OF: Final = """
FROM gateway.webhook_delivery d
WHERE d.webhook_id = $1 AND ($2::text IS NULL OR d.state = $2)"""

DELIVERIES: Final = f"""
SELECT {_DELIVERY} {_OF} AND ($3::bigint IS NULL OR d.id < $3)
 ORDER BY d.id DESC
 LIMIT $4"""  # likewise
"""$1 webhook, $2 state or all, $3 the last delivery shown, $4 limit."""

DELIVERIES_COUNT: Final = f"SELECT count(*) {_OF}"  # likewise

DELIVERY: Final = f"""
SELECT {_DELIVERY}, d.log::text AS log, d.body
  FROM gateway.webhook_delivery d
 WHERE d.webhook_id = $1 AND d.id = $2"""  # noqa: S608  # likewise


ALL: Final = f"""
SELECT tenant, {_SHOWN},
       (SELECT count(*) FROM gateway.webhook_delivery d
         WHERE d.webhook_id = w.id AND d.state = 'pending') AS waiting,
       (SELECT count(*) FROM gateway.webhook_delivery d
         WHERE d.webhook_id = w.id AND d.state = 'dead') AS dead
  FROM gateway.webhook w
 WHERE $1::text IS NULL OR tenant = $1
 ORDER BY tenant, created_at"""  # noqa: S608  # likewise


async def locked(session: AsyncSession, webhook: UUID, tenant: str | None) -> Webhook | None:
    """Give the webhook, which nobody else changes or works on meanwhile; any tenant's for None."""
    statement = select(Webhook).where(Webhook.id == webhook)
    if tenant is not None:
        statement = statement.where(Webhook.tenant == tenant)
    locking = statement.with_for_update(key_share=True)
    return (await session.execute(locking)).scalar_one_or_none()


async def counted(session: AsyncSession, tenant: str) -> int:
    """Count the webhooks of an organisation."""
    statement = select(func.count()).where(Webhook.tenant == tenant)
    return (await session.execute(statement)).scalar_one()


async def waiting(session: AsyncSession, webhook: UUID) -> int:
    """Count the events that are not over."""
    statement = select(func.count()).where(
        WebhookDelivery.webhook_id == webhook, WebhookDelivery.state == "pending"
    )
    return (await session.execute(statement)).scalar_one()


async def afresh(session: AsyncSession, webhook: UUID) -> None:
    """Let what waits be tried now, and for three days from now."""
    await session.execute(
        update(WebhookDelivery)
        .where(WebhookDelivery.webhook_id == webhook, WebhookDelivery.state == "pending")
        .values(next_at=func.now(), begun_at=None)
    )


async def delivery(session: AsyncSession, webhook: UUID, number: int) -> WebhookDelivery | None:
    """Give a delivery of the webhook."""
    statement = select(WebhookDelivery).where(
        WebhookDelivery.webhook_id == webhook, WebhookDelivery.id == number
    )
    return (await session.execute(statement)).scalar_one_or_none()


async def put(session: AsyncSession, values: list[dict[str, object]]) -> None:
    """Have these events delivered, for the first time or again."""
    statement = insert(WebhookDelivery).values(values)
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=[WebhookDelivery.webhook_id, WebhookDelivery.position],
            set_={
                "state": "pending",
                "begun_at": None,
                "ended_at": None,
                "next_at": func.now(),
            },
            where=WebhookDelivery.state != "pending",
        )
    )
