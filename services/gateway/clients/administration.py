"""What an operator does with clients; each deed is in the audit trail and told to the gateways."""

import secrets
from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Final, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncSession

from gateway.audit import service as audit
from gateway.audit.service import Actor
from gateway.clients import jwks, queries
from gateway.clients.models import Client
from gateway.clients.service import digest
from gateway.watch import ANNOUNCE
from platformkit import outside
from platformkit.errors import Conflict, Fault, Invalid, NotFound
from platformkit.i18n import Text

FORMER_DAYS: Final = 7
"""How long the secret before stays good, unless said otherwise."""


class ClientUnknown(NotFound):
    """There is no client of that name."""

    code = "client-unknown"
    title = Text("Client inconnu", "Unknown client")
    detail = Text("Aucun client ne se nomme {client}.", "No client is named {client}.")


class ClientExists(Conflict):
    """Names of clients are never given twice."""

    code = "client-exists"
    title = Text("Client déjà enregistré", "Client already registered")
    detail = Text("Un client se nomme déjà {client}.", "A client is already named {client}.")


class ScopesUnknown(Invalid):
    """A scope that no operation asks for is a mistake."""

    code = "scope-unknown"
    title = Text("Droit inconnu", "Unknown scope")


def _usable(keys: dict[str, Any] | None) -> dict[str, Any] | None:
    if keys is not None:
        jwks.read(keys)
    return keys


def _followed(url: str | None) -> str | None:
    if url is not None and not outside.may_be_read(url):
        raise ValueError("https, a host with a name, no port of its own")
    return url


def _is_ours(url: str) -> str:
    if not outside.is_configurable(url) or not url.isascii() or not url.isprintable() or " " in url:
        raise ValueError("https, or http on this machine; no fragment")
    return url


class NewClient(BaseModel):
    """A client as an operator describes it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    client_id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{1,63}$")]
    tenant: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{1,63}$")]
    name: Annotated[str, Field(min_length=1, max_length=200)]
    scopes: Annotated[list[str], Field(max_length=100)] = []
    roles: list[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,63}$")]] = []
    expires_at: datetime | None = None
    jwks: Annotated[dict[str, Any] | None, AfterValidator(_usable)] = None
    jwks_uri: Annotated[str | None, Field(max_length=500), AfterValidator(_followed)] = None
    return_urls: Annotated[
        list[Annotated[str, Field(max_length=500), AfterValidator(_is_ours)]], Field(max_length=20)
    ] = []
    is_public: bool = False

    @model_validator(mode="after")
    def _can_prove_itself(self) -> Self:
        if self.is_public and (not self.return_urls or self.signs):
            raise ValueError("a public client has return addresses and no key")
        return self

    @property
    def signs(self) -> bool:
        """Tell whether it proves itself with a key of its own, and so has no secret."""
        return self.jwks is not None or self.jwks_uri is not None


async def create(
    session: AsyncSession, actor: Actor, new: NewClient, known: Collection[str], pepper: str
) -> str | None:
    """Register the client and give its secret, once; None where it has none.

    Raises ScopesUnknown, ClientExists.
    """
    unknown = sorted(set(new.scopes) - set(known))
    if unknown:
        why = Text("Aucune opération ne le demande.", "No operation asks for it.")
        raise ScopesUnknown([Fault(f"/scopes/{scope}", "unknown", why) for scope in unknown])
    secret = None if new.signs or new.is_public else secrets.token_urlsafe(32)
    values = new.model_dump(exclude={"is_public"}) | {
        "secret_hash": digest(secret, pepper) if secret else None
    }
    if not await queries.add(session, values):
        raise ClientExists(client=new.client_id)
    detail = f"scopes {' '.join(sorted(new.scopes)) or '-'}; roles {' '.join(new.roles) or '-'}"
    await audit.record(
        session, actor, "create_client", "client", new.client_id, tenant=new.tenant, detail=detail
    )
    return secret


async def rotate(
    session: AsyncSession, actor: Actor, client_id: str, pepper: str, former: timedelta
) -> str:
    """Give a new secret, once; the one before stays good for so long. Raises ClientUnknown."""
    secret = secrets.token_urlsafe(32)
    values = {
        "second_secret_hash": Client.secret_hash,
        "second_secret_until": datetime.now(UTC) + former,
        "secret_hash": digest(secret, pepper),
    }
    tenant = await _changed(session, client_id, values)
    detail = f"former good for {former.days} days"
    await audit.record(
        session, actor, "rotate_secret", "client", client_id, tenant=tenant, detail=detail
    )
    return secret


async def disable(session: AsyncSession, actor: Actor, client_id: str) -> None:
    """Shut the client out, its keys and its tokens too; raises ClientUnknown."""
    values = {"disabled_at": func.coalesce(Client.disabled_at, func.now())}
    tenant = await _changed(session, client_id, values)
    await audit.record(session, actor, "disable_client", "client", client_id, tenant=tenant)


async def enable(session: AsyncSession, actor: Actor, client_id: str) -> None:
    """Let the client in again; raises ClientUnknown."""
    tenant = await _changed(session, client_id, {"disabled_at": None})
    await audit.record(session, actor, "enable_client", "client", client_id, tenant=tenant)


async def _changed(session: AsyncSession, client_id: str, values: Mapping[str, object]) -> str:
    tenant = await queries.change(session, client_id, values)
    if tenant is None:
        raise ClientUnknown(client=client_id)
    await announce(session)
    return tenant


async def announce(session: AsyncSession) -> None:
    """Have the gateways look for what this transaction changes, once it is committed."""
    connection = await session.connection()
    await connection.exec_driver_sql(ANNOUNCE)
