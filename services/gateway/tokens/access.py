"""Access tokens in the form of RFC 9068: signed here, verified here, remembered by digest."""

import hashlib
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import jwt

from gateway.tokens.ended import Ended
from gateway.tokens.keys import ALGORITHM, Keys
from platformkit.auth import Principal, TokenRefused

TYPE = "at+jwt"
SKEW_SECONDS = 5
_CACHE = 4096
_REQUIRED = ["iss", "sub", "aud", "client_id", "exp", "iat", "jti", "scope"]


@dataclass(frozen=True, slots=True)
class Verified:
    """A caller whose token was verified."""

    principal: Principal
    expires: float
    jti: str = ""
    bound: str = ""
    """Thumbprint of the key that must be proved at each use (`cnf.jkt`, RFC 9449 §6.1)."""
    key_id: str = ""
    """Of whoever came with an API key."""
    is_publishable: bool = False
    """The key is in a page, which many visitors open."""
    minted: dict[str, tuple[bytes, float]] = field(default_factory=dict)
    """By service, the line with its internal token, and until when (Unix time) that is fresh."""


def sign(
    keys: Keys, *, issuer: str, audience: str, caller: Principal, seconds: int, bound: str = ""
) -> tuple[str, str]:
    """Make a token, and say its `jti`; who acts for itself is its own subject (RFC 9068 §2.2)."""
    jti = secrets.token_urlsafe(16)
    now = int(time.time())
    claims: dict[str, object] = {
        "iss": issuer,
        "sub": caller.subject,
        "aud": audience,
        "client_id": caller.client,
        "iat": now,
        "exp": now + seconds,
        "jti": jti,
        "scope": " ".join(sorted(caller.scopes)),
        "roles": sorted(caller.roles),
        "organisation": caller.tenant,
    }
    if bound:
        claims["cnf"] = {"jkt": bound}
    headers = {"kid": keys.signing.kid, "typ": TYPE}
    return jwt.encode(claims, keys.signing.private, algorithm=ALGORITHM, headers=headers), jti


class Verifier:
    """Checks access tokens; a verified one is remembered by its digest until it expires."""

    def __init__(self, keys: Keys, *, issuer: str, audience: str) -> None:
        self._keys = keys
        self._issuer = issuer
        self._audience = audience
        self._known: dict[bytes, Verified] = {}
        self._ended = Ended()

    def trust(self, keys: Keys) -> None:
        """Believe these keys from now on, and no others."""
        self._keys = keys
        self._known.clear()

    def verify(self, token: bytes, digest: bytes | None = None) -> Verified:
        """Return the caller, or raise TokenRefused whatever is wrong with the token.

        `digest` is that of `digested`, where somebody has it.
        """
        digest = digest or digested(token)
        known = self._known.get(digest)
        if known is not None:
            if known.expires + SKEW_SECONDS > time.time():
                return known
            del self._known[digest]
        _, verified = self._judge(token)
        if len(self._known) >= _CACHE:
            del self._known[next(iter(self._known))]
        self._known[digest] = verified
        return verified

    def claims(self, token: bytes) -> dict[str, Any]:
        """Return the claims of a token in force; raises TokenRefused."""
        return self._judge(token)[0]

    def _judge(self, token: bytes) -> tuple[dict[str, Any], Verified]:
        try:
            claims = self._check(token.decode("ascii"))
            verified = _caller(claims)
        except (jwt.PyJWTError, KeyError, ValueError, TypeError, AttributeError) as refusal:
            raise refused() from refusal
        if self._ended.covers(verified.principal.client, verified.jti):
            raise refused()
        return claims, verified

    async def look(self, connection: Any, since: timedelta) -> None:  # noqa: ANN401  # asyncpg's, which has no types
        """Take in what was revoked since then, and forget the tokens concerned."""
        if await self._ended.look(connection, since):
            self._known = {
                digest: known
                for digest, known in self._known.items()
                if not self._ended.covers(known.principal.client, known.jti)
            }

    def _check(self, token: str) -> dict[str, Any]:
        header = jwt.get_unverified_header(token)
        if str(header["typ"]).lower().removeprefix("application/") != TYPE:
            raise ValueError("another kind of token")  # an ID token, say: RFC 9068 §4
        if "crit" in header:
            raise ValueError("an extension we do not know")
        return jwt.decode(
            token,
            self._keys.by_kid[header["kid"]].public,
            algorithms=[ALGORITHM],
            issuer=self._issuer,
            audience=self._audience,
            leeway=SKEW_SECONDS,
            options={"require": _REQUIRED},
        )


def digested(token: bytes) -> bytes:
    """Give what a token is remembered by."""
    return hashlib.sha256(token).digest()


def _caller(claims: Mapping[str, Any]) -> Verified:
    return Verified(
        Principal(
            issuer=str(claims["iss"]),
            client=str(claims["client_id"]),
            subject=str(claims["sub"]),
            tenant=str(claims["organisation"]),
            roles=frozenset(claims["roles"]),
            scopes=frozenset(claims["scope"].split()),
        ),
        expires=float(claims["exp"]),
        jti=str(claims["jti"]),
        bound=str(claims["cnf"]["jkt"]) if "cnf" in claims else "",
    )


def refused(error: str | None = "invalid_token") -> TokenRefused:
    """Say 401 as RFC 6750 wants it; without `error` when no token was given at all."""
    told = f'Bearer realm="vigie", error="{error}"' if error else 'Bearer realm="vigie"'
    return TokenRefused(headers={"www-authenticate": told})
