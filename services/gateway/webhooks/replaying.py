"""Sending again what was sent, or could not be; and a ping, to try a webhook."""

from datetime import datetime
from typing import Final
from uuid import uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from gateway.feeds import service as feeds
from gateway.feeds.entry import Entry
from gateway.webhooks import catalogue, queries
from gateway.webhooks.models import Webhook, WebhookDelivery
from gateway.webhooks.problems import (
    BacklogFull,
    DeliveryPending,
    DeliveryUnknown,
    EventsGone,
    WebhookIdle,
)
from gateway.webhooks.schemas import Range, Replayed

MOST_WAITING: Final = 1_000
"""With what the log brings, so much may wait; then nothing can be asked for."""

_AT_ONCE: Final = 500
_PIECE: Final = 500
_PIECES: Final = 20


async def again(session: AsyncSession, webhook: Webhook, delivery: int, now: datetime) -> None:
    """Have one delivery made again, whatever came of it.

    Raises WebhookIdle, BacklogFull, DeliveryUnknown, DeliveryPending.
    """
    await _room(session, webhook)
    found = await queries.delivery(session, webhook.id, delivery)
    if found is None:
        raise DeliveryUnknown(id=delivery)
    if found.state == "pending":
        raise DeliveryPending(id=delivery)
    found.state, found.begun_at, found.ended_at, found.next_at = "pending", None, None, now
    webhook.due_at = now


async def replay(
    session: AsyncSession, webhook: Webhook, asked: Range, base: str, now: datetime
) -> Replayed:
    """Have the wanted events of a part of the log sent, again or for the first time.

    Raises WebhookIdle, BacklogFull, EventsGone.
    """
    room = min(_AT_ONCE, await _room(session, webhook))
    known = await feeds.known(session)
    if asked.after < known.forgotten:
        raise EventsGone(forgotten=known.forgotten)
    until = webhook.position if asked.until is None else min(webhook.position, asked.until)
    wanted = catalogue.matcher(webhook.events)
    position, more, chosen = asked.after, False, list[Entry]()
    for _ in range(_PIECES):
        read = await feeds.after(session, position, _PIECE)
        entries = [entry for entry in read if entry.position <= until]
        for entry in entries:
            if wanted.fullmatch(catalogue.event_type(entry)):
                if len(chosen) == room:
                    more = True
                    break
                chosen.append(entry)
            position = entry.position
        if more or len(entries) < _PIECE:
            break
    else:
        more = True
    if chosen:
        rows = [
            catalogue.planned(entry, base)._asdict() | {"webhook_id": webhook.id}
            for entry in chosen
        ]
        await queries.put(session, rows)
    webhook.due_at = now
    return Replayed(events=len(chosen), position=position, more=more)


async def ping(session: AsyncSession, webhook: Webhook, now: datetime) -> WebhookDelivery:
    """Have a test event sent; raises WebhookIdle, BacklogFull."""
    await _room(session, webhook)
    event = f"ping_{uuid4()}"
    made = WebhookDelivery(
        webhook_id=webhook.id,
        event=event,
        type=catalogue.PING,
        subject=event,
        body=catalogue.ping(str(webhook.id), now),
    )
    session.add(made)
    await session.flush()
    webhook.due_at = now
    return made


async def _room(session: AsyncSession, webhook: Webhook) -> int:
    if webhook.status != "active":
        raise WebhookIdle(status=webhook.status)
    waiting = await queries.waiting(session, webhook.id)
    if waiting >= MOST_WAITING:
        raise BacklogFull(count=waiting)
    return MOST_WAITING - waiting
