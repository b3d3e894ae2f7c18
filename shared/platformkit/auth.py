"""Who is calling: the short signed token between our own parts, and the scopes of each route.

The gateway authenticates the outside and mints one token per upstream; a service trusts nothing
else. The key is shared by exactly two parts, so a service cannot speak for another.
"""

import time
from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

import jwt
from fastapi import Depends, Request, Security
from fastapi.openapi.models import OAuth2 as OAuth2Model
from fastapi.openapi.models import OAuthFlowClientCredentials, OAuthFlows
from fastapi.security import SecurityScopes
from fastapi.security.base import SecurityBase

from platformkit.errors import Forbidden, Unauthenticated
from platformkit.i18n import Text

LIFETIME_SECONDS = 60
_SKEW_SECONDS = 5
_CACHE = 4096


class TokenRefused(Unauthenticated):
    """The token is absent, forged, expired or meant for somebody else."""

    code = "token-refused"
    title = Text("Jeton refusé", "Token refused")
    detail = Text(
        "Présentez un jeton valide obtenu à POST /oauth2/token.",
        "Present a valid token obtained from POST /oauth2/token.",
    )


class ScopeMissing(Forbidden):
    """The caller is known, but this route wants a scope that it was not given."""

    code = "scope-missing"
    title = Text("Droit insuffisant", "Insufficient scope")
    detail = Text("Cette action demande le droit {scope}.", "This action needs scope {scope}.")


@dataclass(frozen=True, slots=True)
class Principal:
    """A verified caller: which system, on behalf of whom, in which organisation's name."""

    issuer: str
    client: str
    subject: str
    tenant: str
    roles: frozenset[str] = field(default_factory=frozenset)
    scopes: frozenset[str] = field(default_factory=frozenset)

    @property
    def anonymous(self) -> bool:
        """Tell whether nobody identified themselves; open data only."""
        return not self.client

    @property
    def actor(self) -> str:
        """Name who acts: the client, or a person through it, whose keys are nobody else's."""
        return self.client if self.subject == self.client else f"{self.client} {self.subject}"


_principal: ContextVar[Principal | None] = ContextVar("principal", default=None)


def current_principal() -> Principal | None:
    """Return the caller of the request being served."""
    return _principal.get()


def become(principal: Principal) -> None:
    """Set the caller of the request being served; the middleware does, after verifying."""
    _principal.set(principal)


def mint(
    key: str, issuer: str, audience: str, caller: Principal, *, seconds: int = LIFETIME_SECONDS
) -> str:
    """Sign a short token that lets `issuer` call `audience` for the caller (RFC 7519, HS256)."""
    now = int(time.time())
    claims = {
        "iss": issuer,
        "aud": audience,
        "iat": now,
        "exp": now + seconds,
        "sub": caller.subject,
        "client_id": caller.client,
        "tenant": caller.tenant,
        "roles": sorted(caller.roles),
        "scope": " ".join(sorted(caller.scopes)),
    }
    return jwt.encode(claims, key, algorithm="HS256", headers={"kid": issuer, "typ": "vigie+jwt"})


class Verifier:
    """Checks internal tokens of one service; a verified one is remembered until it expires."""

    def __init__(self, audience: str, keys: Mapping[str, str]) -> None:
        self._audience = audience
        self._keys = dict(keys)
        self._seen: dict[str, tuple[float, Principal]] = {}

    def verify(self, token: str) -> Principal:
        """Return the caller, or raise TokenRefused whatever is wrong with the token."""
        known = self._seen.get(token)
        if known is not None and known[0] > time.time():
            return known[1]
        try:
            header = jwt.get_unverified_header(token)
            if header.get("typ") != "vigie+jwt":
                raise TokenRefused
            issuer = str(header.get("kid"))
            claims = jwt.decode(
                token,
                self._keys[issuer],
                algorithms=["HS256"],
                audience=self._audience,
                issuer=issuer,
                leeway=_SKEW_SECONDS,
                options={"require": ["exp", "iat", "aud", "iss", "sub"]},
            )
        except (jwt.InvalidTokenError, KeyError, ValueError) as refusal:
            raise TokenRefused from refusal
        caller = Principal(
            issuer=issuer,
            client=str(claims.get("client_id", "")),
            subject=str(claims["sub"]),
            tenant=str(claims.get("tenant", "")),
            roles=frozenset(claims.get("roles", ())),
            scopes=frozenset(str(claims.get("scope", "")).split()),
        )
        if len(self._seen) >= _CACHE:
            self._seen.clear()
        self._seen[token] = (float(claims["exp"]), caller)
        return caller


def check(caller: Principal, scopes: Iterable[str]) -> None:
    """Raise TokenRefused for nobody, ScopeMissing for a caller with too little."""
    if caller.anonymous:
        raise TokenRefused
    for scope in scopes:
        if scope not in caller.scopes:
            raise ScopeMissing(scope=scope)


class _Scoped(SecurityBase):
    """Lets a route declare its scopes once, for the check and for the OpenAPI document."""

    def __init__(self) -> None:
        self.scheme_name = "oauth2"
        flow = OAuthFlowClientCredentials(tokenUrl="/oauth2/token", scopes={})
        self.model = OAuth2Model(flows=OAuthFlows(clientCredentials=flow))

    async def __call__(self, request: Request, wanted: SecurityScopes) -> Principal:
        caller: Principal = request.state.principal
        check(caller, wanted.scopes)
        return caller


_scoped = _Scoped()


async def _anyone(request: Request) -> Principal:
    caller: Principal = request.state.principal
    return caller


def needs(*scopes: str) -> Any:  # noqa: ANN401  # FastAPI's own marker has no public type
    """Let only callers with all these scopes pass; 401 for nobody, 403 for too little."""
    return Security(_scoped, scopes=list(scopes))


def public() -> Any:  # noqa: ANN401  # likewise
    """Declare a route as open data: reachable at the door without a token."""
    return Depends(_anyone)


def is_public(dependency: object) -> bool:
    """Tell whether a route's dependency is the one that `public` declares."""
    return dependency is _anyone
