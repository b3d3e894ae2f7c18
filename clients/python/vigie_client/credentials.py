"""Who calls: an API key, or a client whose token is renewed in time."""

import time
from collections.abc import Generator
from dataclasses import dataclass, field
from typing import Any

import httpx

from vigie_client.problems import TokenRefused

MARGIN_SECONDS = 30
"""A token is renewed so long before it ends."""


@dataclass
class Key(httpx.Auth):
    """A publishable or secret API key."""

    key: str = field(repr=False)

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Present the key."""
        request.headers["x-api-key"] = self.key
        yield request


@dataclass
class ClientCredentials(httpx.Auth):
    """A client and its secret; `scope` narrows what its tokens may do."""

    client_id: str
    client_secret: str = field(repr=False)
    scope: str | None = None
    requires_response_body = True

    _token: str = field(default="", init=False, repr=False)
    _until: float = field(default=0.0, init=False, repr=False)

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Present a token; one that was revoked meanwhile is replaced once."""
        if time.monotonic() >= self._until:
            self._keep((yield self._asked(request.url)))
        request.headers["authorization"] = f"Bearer {self._token}"
        answer = yield request
        if answer.status_code == httpx.codes.UNAUTHORIZED:
            self._keep((yield self._asked(request.url)))
            request.headers["authorization"] = f"Bearer {self._token}"
            yield request

    def _asked(self, url: httpx.URL) -> httpx.Request:
        form = {"grant_type": "client_credentials", **({"scope": self.scope} if self.scope else {})}
        asked = httpx.Request("POST", url.copy_with(raw_path=b"/oauth2/token"), data=form)
        signed = httpx.BasicAuth(self.client_id, self.client_secret).auth_flow(asked)
        return next(signed)

    def _keep(self, answer: httpx.Response) -> None:
        if answer.status_code != httpx.codes.OK:
            raise TokenRefused(answer)
        told: dict[str, Any] = answer.json()
        self._token = told["access_token"]
        self._until = time.monotonic() + told["expires_in"] - MARGIN_SECONDS
