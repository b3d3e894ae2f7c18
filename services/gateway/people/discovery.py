"""Where an issuer's endpoints are (OpenID Connect Discovery 1.0), read once an hour."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

from gateway.people.calls import Answer
from platformkit.outside import OutsideUnreachable, is_configurable

_PATH: Final = "/.well-known/openid-configuration"
_FRESH_SECONDS: Final = 3600.0
_AGAIN_SECONDS: Final = 2.0
"""After a failure nobody waits for the next one sooner."""

Call = Callable[..., Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Found:
    """An issuer's endpoints; `pkce` is whether it says that it checks S256."""

    authorization: str
    token: str
    jwks: str
    userinfo: str | None
    end_session: str | None
    pkce: bool


class Discovery:
    """Finds the endpoints; while one caller asks, the others wait for the same answer."""

    def __init__(self, issuer: str, call: Call) -> None:
        self._issuer, self._call = issuer, call
        self._found: Found | None = None
        self._read_at = self._failed_at = float("-inf")
        self._turn = asyncio.Lock()

    async def find(self) -> Found:
        """Give the endpoints, those known before while the issuer is away.

        Raises OutsideUnreachable.
        """
        async with self._turn:
            now = time.monotonic()
            is_due = now - self._read_at > _FRESH_SECONDS
            if is_due and now - self._failed_at > _AGAIN_SECONDS:
                try:
                    document = (await self._call(self._issuer.rstrip("/") + _PATH)).json()
                    self._found, self._read_at = found(self._issuer, document), now
                except OutsideUnreachable:
                    self._failed_at = time.monotonic()
            if self._found is None:
                raise OutsideUnreachable("the issuer cannot be discovered")
            return self._found


def found(issuer: str, document: dict[str, Any]) -> Found:
    """Read the metadata (§3); raises OutsideUnreachable where they are another's or unsound."""
    if document.get("issuer") != issuer:  # §4.3
        raise OutsideUnreachable("the metadata of another issuer")

    def address(name: str) -> str | None:
        url = document.get(name)
        if url is not None and not (isinstance(url, str) and is_configurable(url)):
            raise OutsideUnreachable("an unsound address")
        return url

    methods = document.get("code_challenge_methods_supported")
    authorization, token = address("authorization_endpoint"), address("token_endpoint")
    jwks = address("jwks_uri")
    if authorization is None or token is None or jwks is None:
        raise OutsideUnreachable("an address is missing")
    return Found(
        authorization=authorization,
        token=token,
        jwks=jwks,
        userinfo=address("userinfo_endpoint"),
        end_session=address("end_session_endpoint"),
        pkce=isinstance(methods, list) and "S256" in methods,
    )
