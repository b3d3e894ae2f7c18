"""Rules of API keys: two live ones of a kind, an origin for each page, shown once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from gateway.api_keys import queries, spelling
from gateway.api_keys.models import ApiKey
from gateway.api_keys.schemas import KeyRead
from gateway.audit import service as audit
from gateway.audit.service import Actor
from gateway.clients import queries as clients
from gateway.clients.administration import ClientUnknown, announce
from gateway.clients.service import digest
from platformkit.errors import Conflict, Fault, Invalid, NotFound
from platformkit.i18n import Text
from platformkit.pagination import Page, PageRequest, page
from platformkit.reads import ReadPool

LIVE: Final = 2
"""Live keys of a kind per client: one in use, one to change over to."""

MOST_ORIGINS: Final = 20


class TooManyKeys(Conflict):
    """Change over, and revoke the former key, before a third."""

    code = "api-keys-live"
    title = Text("Deux clés déjà actives", "Two keys already live")
    detail = Text(
        "Ce client a déjà {count} clés actives de cette sorte : révoquez-en une.",
        "This client already has {count} live keys of this kind: revoke one.",
    )


class ClientDisabled(Conflict):
    """A client that is shut out gets no keys."""

    code = "client-disabled"
    title = Text("Client désactivé", "Client disabled")
    detail = Text("Le client {client} est désactivé.", "Client {client} is disabled.")


class KeyUnknown(NotFound):
    """There is no such key."""

    code = "api-key-unknown"
    title = Text("Clé d’API inconnue", "Unknown API key")
    detail = Text("Aucune clé ne porte l’identifiant {id}.", "No key has the id {id}.")


class KeyInvalid(Invalid):
    """The origins or the expiry cannot be those of a key."""

    code = "api-key-invalid"
    title = Text("Clé d’API mal décrite", "API key badly described")


@dataclass(frozen=True, slots=True)
class Made:
    """A new key; the last time that it is seen whole."""

    id: UUID
    key: str


_ORIGIN = Text(
    "Une origine est https://hôte, avec son port s’il n’est pas 443 ; http pour localhost.",
    "An origin is https://host, with its port unless 443; http for localhost.",
)
_ORIGINS = Text(f"Au plus {MOST_ORIGINS} origines.", f"At most {MOST_ORIGINS} origins.")
_PAST = Text("Cet instant est passé.", "This instant is past.")


async def add(
    session: AsyncSession,
    actor: Actor,
    client_id: str,
    pepper: str,
    *,
    origins: Sequence[str] = (),
    expires_at: datetime | None = None,
) -> Made:
    """Make a key, publishable where origins are given, else secret.

    Raises KeyInvalid, ClientUnknown, ClientDisabled, TooManyKeys.
    """
    _check(origins, expires_at)
    client = await clients.locked(session, client_id)
    if client is None:
        raise ClientUnknown(client=client_id)
    if client.disabled:
        raise ClientDisabled(client=client_id)
    kind: spelling.Kind = "publishable" if origins else "secret"
    if await queries.live(session, client_id, kind) >= LIVE:
        raise TooManyKeys(count=LIVE)
    key = spelling.make(kind)
    row = ApiKey(
        client_id=client_id,
        kind=kind,
        hash=digest(key, pepper),
        hint=spelling.hint(key),
        origins=sorted(set(origins)),
        expires_at=expires_at,
    )
    session.add(row)
    await session.flush()
    await audit.record(
        session, actor, "add_api_key", "api_key", str(row.id), tenant=client.tenant, detail=kind
    )
    await announce(session)
    return Made(row.id, key)


def _check(origins: Sequence[str], expires_at: datetime | None) -> None:
    faults = [
        Fault(f"/origins/{index}", "origin-malformed", _ORIGIN)
        for index, origin in enumerate(origins)
        if not spelling.is_origin(origin)
    ]
    if len(origins) > MOST_ORIGINS:
        faults = [Fault("/origins", "too-many", _ORIGINS)]
    if expires_at is not None and expires_at <= datetime.now(UTC):
        faults.append(Fault("/expires_at", "past", _PAST))
    if faults:
        raise KeyInvalid(faults)


async def revoke(session: AsyncSession, actor: Actor, key_id: UUID, client: str | None) -> None:
    """End the key within seconds, for ever; again is no fault. Raises KeyUnknown.

    `client` None is an operator, who reaches the keys of all.
    """
    owner = await queries.owner(session, key_id)
    if owner is None or client not in {None, owner.client_id}:
        raise KeyUnknown(id=key_id)
    if await queries.revoke(session, key_id):
        where = ("api_key", str(key_id))
        await audit.record(session, actor, "revoke_api_key", *where, tenant=owner.tenant)
        await announce(session)


async def listed(reads: ReadPool, client_id: str, paging: PageRequest) -> Page[KeyRead]:
    """Give a page of the client's keys, the newest first."""
    created_at, key_id = paging.after or (None, None)
    since = datetime.fromisoformat(created_at) if created_at else None
    rows = await reads.fetch("api keys", queries.LIST, client_id, since, key_id, paging.limit + 1)
    total = (
        await reads.fetchval("api keys count", queries.COUNT, client_id) if paging.count else None
    )
    return page(
        paging,
        rows,
        lambda row: [row["created_at"].isoformat(), str(row["id"])],
        lambda row: KeyRead.model_validate(dict(row)),
        total,
    )
