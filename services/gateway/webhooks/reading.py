"""Webhooks and their deliveries as their organisation reads them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from gateway.webhooks import queries
from gateway.webhooks.problems import DeliveryUnknown, WebhookUnknown
from gateway.webhooks.schemas import DeliveryRead, DeliveryWhole, WebhookRead
from platformkit.pagination import Page, PageRequest, page
from platformkit.reads import ReadPool


async def listed(reads: ReadPool, tenant: str, paging: PageRequest) -> Page[WebhookRead]:
    """Give a page of the organisation's webhooks, the newest first."""
    created_at, webhook = paging.after or (None, None)
    since = datetime.fromisoformat(created_at) if created_at else None
    rows = await reads.fetch("webhooks", queries.LIST, tenant, since, webhook, paging.limit + 1)
    return page(
        paging,
        rows,
        lambda row: [row["created_at"].isoformat(), str(row["id"])],
        lambda row: WebhookRead.model_validate(dict(row)),
        await reads.fetchval("webhooks count", queries.COUNT, tenant) if paging.count else None,
    )


async def one(reads: ReadPool, tenant: str, webhook: UUID) -> tuple[WebhookRead, int]:
    """Give a webhook of the organisation and its version; raises WebhookUnknown."""
    row = await reads.fetchrow("webhook", queries.ONE, webhook, tenant)
    if row is None:
        raise WebhookUnknown(id=webhook)
    return WebhookRead.model_validate(dict(row)), row["version"]


async def deliveries(
    reads: ReadPool, tenant: str, webhook: UUID, state: str | None, paging: PageRequest
) -> Page[DeliveryRead]:
    """Give a page of a webhook's deliveries, the newest first; raises WebhookUnknown."""
    await one(reads, tenant, webhook)
    (before,) = paging.after or (None,)
    rows = await reads.fetch(
        "deliveries", queries.DELIVERIES, webhook, state, before, paging.limit + 1
    )
    total = None
    if paging.count:
        total = await reads.fetchval("deliveries count", queries.DELIVERIES_COUNT, webhook, state)
    return page(
        paging,
        rows,
        lambda row: [row["id"]],
        lambda row: DeliveryRead.model_validate(_parsed(row)),
        total,
    )


async def delivery(reads: ReadPool, tenant: str, webhook: UUID, number: int) -> DeliveryWhole:
    """Give a delivery with all its attempts; raises WebhookUnknown, DeliveryUnknown."""
    await one(reads, tenant, webhook)
    row = await reads.fetchrow("delivery", queries.DELIVERY, webhook, number)
    if row is None:
        raise DeliveryUnknown(id=number)
    return DeliveryWhole.model_validate(_parsed(row))


def _parsed(row: Mapping[str, Any]) -> dict[str, Any]:
    told = dict(row)
    return told | {
        name: orjson.loads(told[name])
        for name in ("last", "log", "body")
        if told.get(name) is not None
    }
