"""An issuer of the tests: it says of people what a test wants, soundly or not."""

import json
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qs

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.gateway.doors import served

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
CLIENT, SECRET = "vigie", "the secret that we have at the issuer"
HERE = "cci-hdf"


def public(key: rsa.RSAPrivateKey, kid: str) -> dict[str, Any]:
    jwk = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key()))
    return {**jwk, "kid": kid, "use": "sig"}


class Issuer:
    """Counts what is asked of it; `changes` go into the ID tokens that it signs."""

    def __init__(self) -> None:
        self.url = ""
        self.keys = [public(KEY, "one")]
        self.signs: tuple[Any, str, dict[str, Any]] = (KEY, "RS256", {"kid": "one"})
        self.changes: dict[str, Any] = {}
        self.metadata: dict[str, Any] = {}
        self.userinfo: Response | None = None
        self.asked: list[dict[str, str]] = []
        self.jwks_reads = 0
        self.is_away = False
        self.nonces: dict[str, str] = {}

    def reset(self) -> None:
        url, nonces = self.url, self.nonces
        self.__init__()  # type: ignore[misc]
        self.url, self.nonces = url, nonces

    def token(self, **changes: Any) -> str:
        now = int(time.time())
        claims = {
            "iss": self.url,
            "sub": "marie",
            "aud": CLIENT,
            "iat": now,
            "exp": now + 60,
            "organisation": HERE,
            "email": "marie.curie@example.fr",
            "realm_access": {"roles": ["conseil", "offline_access"]},
        } | changes
        kept = {name: value for name, value in claims.items() if value is not None}
        key, algorithm, header = self.signs
        return jwt.encode(kept, key, algorithm=algorithm, headers=header)

    def described(self, **changes: Any) -> dict[str, Any]:
        return {
            "name": "keycloak",
            "issuer": self.url,
            "client_id": CLIENT,
            "client_secret": SECRET,
            "organisation_claim": "organisation",
            "organisations": {HERE: HERE, "lycee": "lycee-nord"},
            "role_claim": "realm_access.roles",
            "roles": {"conseil": "adviser", "lecture": "reader"},
        } | changes

    async def discovery(self, _: Request) -> Response:
        if self.is_away:
            return Response(status_code=503)
        return JSONResponse(
            {
                "issuer": self.url,
                "authorization_endpoint": f"{self.url}/authorize?theme=dsfr",
                "token_endpoint": f"{self.url}/token",
                "jwks_uri": f"{self.url}/jwks",
                "userinfo_endpoint": f"{self.url}/userinfo",
                "end_session_endpoint": f"{self.url}/logout",
                "code_challenge_methods_supported": ["plain", "S256"],
            }
            | self.metadata
        )

    async def jwks(self, _: Request) -> Response:
        self.jwks_reads += 1
        return JSONResponse({"keys": self.keys}, 503 if self.is_away else 200)

    async def give(self, request: Request) -> Response:
        form = {
            name: values[0] for name, values in parse_qs((await request.body()).decode()).items()
        }
        self.asked.append(form | {"authorization": request.headers.get("authorization", "")})
        nonce = self.nonces.pop(form["code"], None)
        if nonce is None or self.is_away:
            return JSONResponse({"error": "invalid_grant"}, 503 if self.is_away else 400)
        id_token = self.token(**{"nonce": nonce} | self.changes)
        return JSONResponse({"access_token": "at", "token_type": "Bearer", "id_token": id_token})

    async def tell(self, _: Request) -> Response:
        return self.userinfo or JSONResponse({"sub": "marie"})


@asynccontextmanager
async def issuing() -> AsyncIterator[Issuer]:
    issuer = Issuer()
    app = Starlette(
        routes=[
            Route("/.well-known/openid-configuration", issuer.discovery),
            Route("/jwks", issuer.jwks),
            Route("/token", issuer.give, methods=["POST"]),
            Route("/userinfo", issuer.tell),
        ]
    )
    async with served(app) as url:
        issuer.url = url
        yield issuer


def as_settings(*described: Mapping[str, Any]) -> str:
    return json.dumps(described)
