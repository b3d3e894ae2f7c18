"""Rules of webhooks: whose they are, what they may follow, where they may point."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from gateway.api_keys.service import ClientDisabled
from gateway.audit import service as audit
from gateway.audit.service import Action, Actor
from gateway.clients import queries as clients
from gateway.clients.administration import ClientUnknown
from gateway.feeds import service as feeds
from gateway.settings import Settings
from gateway.webhooks import catalogue, queries, signing
from gateway.webhooks.models import Webhook
from gateway.webhooks.problems import (
    EventsGone,
    TooManyWebhooks,
    WebhookInvalid,
    WebhookUnknown,
)
from gateway.webhooks.schemas import NewWebhook, WebhookChange
from gateway.webhooks.sealing import Seal
from gateway.webhooks.sending import may_be_target
from platformkit import etags
from platformkit.auth import Principal, ScopeMissing
from platformkit.errors import Fault
from platformkit.i18n import Text

MOST: Final = 20
"""Webhooks of an organisation."""

_TARGET: Final = Text(
    "Une adresse est https://hôte/…, sur un port permis ({ports}), sans identifiants ni fragment.",
    "An address is https://host/…, on an allowed port ({ports}), without credentials or fragment.",
)
_EVENT: Final = Text(
    "Un type d’événement est service.objet.genre, « * » pour tout objet ou tout genre.",
    "A type of event is service.entity.kind, `*` for any entity or any kind.",
)
_AHEAD: Final = Text("Cette position est à venir.", "This position is yet to come.")


@dataclass(frozen=True, slots=True)
class Desk:
    """Where webhooks are kept: the session, and what the gateway knows."""

    session: AsyncSession
    settings: Settings
    seal: Seal

    async def found(self, caller: Principal, webhook: UUID) -> Webhook:
        """Give the webhook of the caller's organisation, locked; raises WebhookUnknown."""
        row = await queries.locked(self.session, webhook, caller.tenant)
        if row is None:
            raise WebhookUnknown(id=webhook)
        return row

    async def record(self, caller: Principal, action: Action, webhook: Webhook, said: str) -> None:
        """Write the caller's deed into the audit trail."""
        await record(self.session, Actor(caller.client), action, webhook, said)


async def record(
    session: AsyncSession, actor: Actor, action: Action, webhook: Webhook, said: str
) -> None:
    """Write a deed into the audit trail."""
    where = ("webhook", str(webhook.id))
    await audit.record(session, actor, action, *where, tenant=webhook.tenant, detail=said)


async def add(desk: Desk, caller: Principal, new: NewWebhook) -> tuple[Webhook, str]:
    """Make a webhook and give its secret, once; it begins with the next change, or after `after`.

    Raises WebhookInvalid, ScopeMissing, ClientUnknown, ClientDisabled, TooManyWebhooks, EventsGone.
    """
    _check(desk.settings, new.url, new.events)
    _permit(caller, new.events)
    client = await clients.locked(desk.session, caller.client)
    if client is None:
        raise ClientUnknown(client=caller.client)
    if client.disabled:
        raise ClientDisabled(client=caller.client)
    if await queries.counted(desk.session, caller.tenant) >= MOST:
        raise TooManyWebhooks(count=MOST)
    secret = signing.make()
    row = Webhook(
        tenant=caller.tenant,
        client_id=caller.client,
        url=new.url,
        description=new.description,
        events=_each(new.events),
        secret=desk.seal.close(secret),
        position=await _start(desk.session, new.after),
    )
    desk.session.add(row)
    await desk.session.flush()
    await desk.record(caller, "add_webhook", row, " ".join(row.events))
    return row, secret


async def change(
    desk: Desk, caller: Principal, webhook: UUID, if_match: str, sent: WebhookChange, now: datetime
) -> Webhook:
    """Change what was sent of it; making it active lets what waits be tried at once.

    Raises WebhookUnknown, Stale, WebhookInvalid, ScopeMissing, EventsGone.
    """
    row = await desk.found(caller, webhook)
    etags.match(if_match, etags.of_version(row.version))
    url, events = sent.url or row.url, _each(sent.events or row.events)
    _check(desk.settings, url, events)
    _permit(caller, events)
    if sent.after is not None:
        row.position = await _start(desk.session, sent.after)
    row.url, row.events = url, events
    if sent.description is not None:
        row.description = sent.description
    is_resumed = sent.status == "active" and row.status != "active"
    if is_resumed:
        await _start(desk.session, row.position)
        row.failing_since = row.held_until = None
    if sent.status is not None:
        row.status, row.reason = sent.status, None
    row.version += 1
    row.changed_at, row.due_at = now, now
    await desk.session.flush()
    if is_resumed:
        await queries.afresh(desk.session, row.id)
    said = " ".join(sorted(sent.model_fields_set))
    await desk.record(caller, "change_webhook", row, said)
    return row


async def drop(desk: Desk, caller: Principal, webhook: UUID, if_match: str) -> None:
    """End the webhook with all its deliveries; raises WebhookUnknown, Stale."""
    row = await desk.found(caller, webhook)
    etags.match(if_match, etags.of_version(row.version))
    await desk.record(caller, "delete_webhook", row, "")
    await desk.session.delete(row)


async def rotate(
    desk: Desk, caller: Principal, webhook: UUID, former: timedelta, now: datetime
) -> tuple[Webhook, str]:
    """Give a new secret, once; the one before signs too for so long. Raises WebhookUnknown."""
    row = await desk.found(caller, webhook)
    secret = signing.make()
    row.second_secret, row.second_secret_until = row.secret, now + former
    row.secret = desk.seal.close(secret)
    row.version += 1
    row.changed_at = now
    await desk.session.flush()
    said = f"former good for {former.total_seconds() / 3600:.0f} hours"
    await desk.record(caller, "rotate_webhook_secret", row, said)
    return row, secret


def _each(events: Iterable[str]) -> list[str]:
    return sorted(set(events))


def _check(settings: Settings, url: str, events: Sequence[str]) -> None:
    ports = ", ".join(map(str, sorted(settings.webhook_ports)))
    faults = [
        Fault(f"/events/{index}", "event-unknown", _EVENT)
        for index, event in enumerate(events)
        if not catalogue.is_known(event)
    ]
    if not may_be_target(url, settings):
        told = Text(_TARGET.fr.format(ports=ports), _TARGET.en.format(ports=ports))
        faults.insert(0, Fault("/url", "target-refused", told))
    if faults:
        raise WebhookInvalid(faults)


def _permit(caller: Principal, events: Sequence[str]) -> None:
    """Let only those follow a feed who may read it: events say what is in it."""
    for service in sorted(catalogue.services(events)):
        if f"{service}:feed" not in caller.scopes:
            raise ScopeMissing(scope=f"{service}:feed")


async def _start(session: AsyncSession, after: int | None) -> int:
    """Give the position to begin after, by default the end of the log."""
    known = await feeds.known(session)
    if after is None:
        return known.last
    if after > known.last:
        raise WebhookInvalid([Fault("/after", "ahead", _AHEAD)])
    if after < known.forgotten:
        raise EventsGone(forgotten=known.forgotten)
    return after
