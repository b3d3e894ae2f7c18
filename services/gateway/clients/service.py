"""Rules of clients: how a secret is kept and compared, and who a client is."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, SecretStr
from sqlalchemy.ext.asyncio import AsyncSession

from gateway.clients import queries
from gateway.plans import STANDARD
from platformkit.reads import ReadPool

_NOBODY = bytes(32)
_MIN_SECRET = 32


class DemoClient(BaseModel):
    """A client as the deployment describes it; the secret stays with the deployment."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    client_id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{1,63}$")]
    secret: Annotated[SecretStr, Field(min_length=_MIN_SECRET)]
    tenant: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{1,63}$")]
    name: str
    scopes: list[str]
    roles: list[str] = []
    plan: str = STANDARD


@dataclass(frozen=True, slots=True)
class Known:
    """A client that proved its secret."""

    client_id: str
    tenant: str
    scopes: frozenset[str]
    roles: frozenset[str]


def digest(secret: str | bytes, pepper: str) -> bytes:
    """Key the secret's digest: secrets are 256 random bits, so no slow hash is needed."""
    given = secret if isinstance(secret, bytes) else secret.encode()
    return hmac.digest(pepper.encode(), given, hashlib.sha256)


async def authenticate(reads: ReadPool, client_id: str, secret: str, pepper: str) -> Known | None:
    """Compare with both live secrets, as long for an unknown client as for a known one."""
    found = await queries.live(reads, client_id)
    given = digest(secret, pepper)
    first, second = (found["secret_hash"], found["second_secret_hash"]) if found else (None, None)
    matches = [
        hmac.compare_digest(given, held if isinstance(held, bytes) else _NOBODY)
        for held in (first, second)
    ]
    return known(found) if found is not None and any(matches) else None


def known(found: Mapping[str, object]) -> Known:
    """Give what the row says of a client that proved itself."""
    return Known(
        client_id=str(found["client_id"]),
        tenant=str(found["tenant"]),
        scopes=_texts(found["scopes"]),
        roles=_texts(found["roles"]),
    )


def _texts(value: object) -> frozenset[str]:
    return frozenset(str(item) for item in value) if isinstance(value, list) else frozenset()


async def install(session: AsyncSession, client: DemoClient, pepper: str) -> None:
    """Create the client or bring it to this description."""
    values = client.model_dump(exclude={"secret"})
    secret_hash = digest(client.secret.get_secret_value(), pepper)
    await queries.put(session, values | {"secret_hash": secret_hash})
