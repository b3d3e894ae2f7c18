"""`private_key_jwt`: a client proves itself with an assertion that it signed (RFC 7523 §3)."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

import jwt

from gateway.clients.jwks import PublicKey
from gateway.tokens.grant import GrantRefused

_LONGEST_SECONDS: Final = 300
_SKEW_SECONDS: Final = 5
_MAX_JTI: Final = 200
_MAX_BYTES: Final = 8_192
_REQUIRED: Final = ["iss", "sub", "aud", "exp", "jti"]

Find = Callable[[object], Awaitable[PublicKey | None]]
"""Looks the client's key up by its `kid`."""


@dataclass(frozen=True, slots=True)
class Assertion:
    """A sound assertion; it is good only if its `jti` was never used before."""

    client_id: str
    jti: str
    expires: float


def claimed(assertion: str) -> str:
    """Read who says it is; nothing of it is proved yet. Raises GrantRefused."""
    try:
        if len(assertion) > _MAX_BYTES:
            raise _refused()
        claims = jwt.decode(assertion, options={"verify_signature": False})
        client_id = claims["sub"]
    except (jwt.PyJWTError, KeyError, ValueError, RecursionError):
        raise _refused() from None
    if not isinstance(client_id, str) or not client_id.isprintable():
        raise _refused()
    return client_id


async def verify(assertion: str, client_id: str, audiences: list[str], find: Find) -> Assertion:
    """Check signature, names, audience and term; raises GrantRefused for whatever is wrong."""
    try:
        header = jwt.get_unverified_header(assertion)
        key = await find(header.get("kid"))
        if key is None or "crit" in header:
            raise _refused()
        claims: dict[str, Any] = jwt.decode(
            assertion,
            key.key,
            algorithms=sorted(key.algorithms),
            issuer=client_id,
            subject=client_id,
            audience=audiences,
            leeway=_SKEW_SECONDS,
            options={"require": _REQUIRED},
        )
    except (jwt.PyJWTError, ValueError, TypeError, AttributeError):
        raise _refused() from None
    jti, expires = claims["jti"], float(claims["exp"])
    if not isinstance(jti, str) or not 1 <= len(jti) <= _MAX_JTI or not jti.isprintable():
        raise _refused()
    if isinstance(claims["aud"], list) and len(claims["aud"]) > 1:
        raise _refused()
    if expires > time.time() + _LONGEST_SECONDS + _SKEW_SECONDS:
        raise _refused()
    return Assertion(client_id, jti, expires)


def _refused() -> GrantRefused:
    return GrantRefused(
        "invalid_client",
        "the assertion is not one for this server, signed by the client, of at most five minutes",
    )
