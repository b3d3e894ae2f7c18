"""A browser of the tests, and an application that people sign in to."""

import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from uuid import uuid4

import httpx

from gateway import jose
from tests.gateway.doors import Opened
from tests.gateway.issuers import Issuer

SIGN_IN_SCOPES = ["overviews:read", "diagnostic:read", "diagnostic:write"]
RETURN = "https://app.example/back?lang=fr"


def query(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))


class Browser:
    """Keeps cookies, follows no redirect by itself: a test looks at each."""

    def __init__(self, gate: Opened, client_id: str) -> None:
        self.gate, self.client_id = gate, client_id
        self.verifier = secrets.token_urlsafe(32)
        self.cookies: dict[str, str] = {}

    async def get(self, url: str, params: Mapping[str, str] | None = None) -> httpx.Response:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {b"cookie": cookie.encode()} if cookie else {}
        answer = await self.gate.http.get(url, params=params, headers=headers)
        for one in answer.headers.get_list("set-cookie"):
            name, _, rest = one.partition("=")
            value = rest.partition(";")[0].strip('"')
            self.cookies = {**self.cookies, name: value}
            if not value:
                del self.cookies[name]
        return answer

    def asked(self, **changes: Any) -> dict[str, str]:
        params = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": RETURN,
            "code_challenge": jose.sha256(self.verifier.encode()),
            "code_challenge_method": "S256",
            "state": "the application's own state",
        } | changes
        return {name: value for name, value in params.items() if value is not None}

    async def begin(self, **changes: Any) -> httpx.Response:
        return await self.get("/oauth2/authorize", self.asked(**changes))

    async def redeem(self, code: str, **changes: Any) -> httpx.Response:
        form = {
            "grant_type": "authorization_code",
            "client_id": self.client_id,
            "code": code,
            "redirect_uri": RETURN,
            "code_verifier": self.verifier,
        } | changes
        kept = {name: value for name, value in form.items() if value is not None}
        return await self.gate.http.post("/oauth2/token", data=kept)


async def signs_in(browser: Browser, issuer: Issuer, **asked: Any) -> httpx.Response:
    """Go to the issuer and come back with a code of its own."""
    sent = query((await browser.begin(issuer="keycloak", **asked)).headers["location"])
    return await comes_back(browser, issuer, sent)


async def comes_back(browser: Browser, issuer: Issuer, sent: dict[str, str]) -> httpx.Response:
    code = uuid4().hex
    issuer.nonces[code] = sent["nonce"]
    params = {"code": code, "state": sent["state"], "session_state": "x"}
    return await browser.get("/oauth2/callback/keycloak", params)
