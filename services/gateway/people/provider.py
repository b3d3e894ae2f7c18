"""Our side of OpenID Connect at one issuer: send somebody there, and believe what comes back."""

import base64
import secrets
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote_plus

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from gateway import jose
from gateway.clients.jwks import KeySets
from gateway.people import calls
from gateway.people.addresses import extended
from gateway.people.discovery import Call, Discovery, Found
from gateway.people.issuers import Issuer
from gateway.tokens.grant import ASSERTION_TYPE
from platformkit.outside import OutsideUnreachable

_SKEW_SECONDS: Final = 5
_MAX_BYTES: Final = 16_384
_MAX_SUBJECT: Final = 255
_ASSERTION_SECONDS: Final = 60
_REFUSED: Final = (jwt.PyJWTError, ValueError, TypeError, KeyError, AttributeError, RecursionError)


class TokenUnsound(Exception):
    """What the issuer's name stands under is not its own, not for us, or not for this login."""


@dataclass(frozen=True, slots=True)
class Login:
    """One attempt to sign in, known to the browser that began it by its sealed cookie."""

    state: str
    nonce: str
    verifier: str

    @classmethod
    def begin(cls) -> "Login":
        """Draw state and nonce (ProConnect wants 32 characters) and the PKCE verifier."""
        return cls(*(secrets.token_urlsafe(32) for _ in range(3)))


@dataclass(frozen=True, slots=True)
class Person:
    """Who signed in, as the issuer says; `id_token` is what ends the session there."""

    subject: str
    claims: Mapping[str, Any]
    id_token: str


class Provider:
    """One issuer; its endpoints and keys are kept, and outlive its being away."""

    def __init__(self, described: Issuer, door: str, call: Call = calls.call) -> None:
        self.described = described
        self.return_url = f"{door}/oauth2/callback/{described.name}"
        self.ended_url = f"{door}/oauth2/logged-out"
        self._call = call
        self._discovery = Discovery(described.issuer, call)
        self._key_sets = KeySets(self._keys)

    async def _keys(self, url: str) -> bytes:
        return (await self._call(url)).body

    async def authorization(self, login: Login) -> str:
        """Give the address to send the browser to, with no parameter that it might not know.

        Raises OutsideUnreachable.
        """
        found, ours = await self._discovery.find(), self.described
        asked = {
            "response_type": "code",
            "client_id": ours.client_id,
            "redirect_uri": self.return_url,
            "scope": " ".join(ours.scopes),
            "state": login.state,
            "nonce": login.nonce,
        }
        if "acr" in ours.required:
            asked["acr_values"] = " ".join(sorted(ours.required["acr"]))
        if found.pkce:
            challenge = jose.sha256(login.verifier.encode())
            asked |= {"code_challenge": challenge, "code_challenge_method": "S256"}
        return extended(found.authorization, asked)

    async def redeem(self, code: str, login: Login) -> Person:
        """Change the code for who it is; raises TokenUnsound, OutsideUnreachable."""
        found = await self._discovery.find()
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": self.return_url}
        if found.pkce:
            form["code_verifier"] = login.verifier
        try:
            given = (await self._authenticated(found, form)).json()
        except calls.CallRefused as refusal:
            raise TokenUnsound("the code, or we, were refused") from refusal
        id_token = given.get("id_token")
        claims = await self.identity(id_token, [self.described.client_id])
        if claims.get("nonce") != login.nonce:
            raise TokenUnsound("made for another login")
        if self.described.userinfo != "none":
            claims = {**await self._userinfo(found, given.get("access_token"), claims), **claims}
        return Person(claims["sub"], claims, str(id_token))

    async def _authenticated(self, found: Found, form: dict[str, str]) -> calls.Answer:
        ours = self.described
        headers = {}
        if ours.private_key is not None:
            form |= {
                "client_id": ours.client_id,
                "client_assertion_type": ASSERTION_TYPE,
                "client_assertion": self._assertion(ours.private_key.get_secret_value()),
            }
        elif ours.authentication == "client_secret_post":
            form |= {"client_id": ours.client_id, "client_secret": ours.secret}
        else:
            pair = f"{quote_plus(ours.client_id)}:{quote_plus(ours.secret)}"
            headers["authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
        return await self._call(found.token, form=form, headers=headers)

    def _assertion(self, private_key: str) -> str:
        ours, now = self.described, int(time.time())
        claims = {
            "iss": ours.client_id,
            "sub": ours.client_id,
            "aud": ours.issuer,
            "jti": secrets.token_urlsafe(16),
            "iat": now,
            "exp": now + _ASSERTION_SECONDS,
        }
        headers = {"kid": ours.key_id} if ours.key_id else None
        key = load_pem_private_key(private_key.encode(), None)
        algorithm = "RS256" if isinstance(key, RSAPrivateKey) else "ES256"
        return jwt.encode(claims, private_key, algorithm=algorithm, headers=headers)

    async def _userinfo(
        self, found: Found, token: object, claims: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        """Read the claims that are not in the ID token, of the same person (OIDC Core §5.3.4)."""
        if found.userinfo is None or not isinstance(token, str):
            raise OutsideUnreachable("no userinfo")
        answer = await self._call(found.userinfo, headers={"authorization": f"Bearer {token}"})
        if self.described.userinfo == "json":
            told = answer.json()
        else:
            _, told = await self._opened(answer.body, [self.described.client_id], ["sub"])
        if told.get("sub") != claims["sub"]:
            raise TokenUnsound("the userinfo of somebody else")
        return told

    async def identity(self, token: object, audiences: Collection[str]) -> dict[str, Any]:
        """Give the claims of an ID token for one of these clients (OIDC Core §3.1.3.7).

        Raises TokenUnsound, OutsideUnreachable.
        """
        header, claims = await self._opened(token, audiences, ["sub", "exp", "iat"])
        kind = str(header.get("typ", "JWT")).upper()
        if kind != "JWT" or claims.get("typ", "ID") != "ID" or "events" in claims:
            raise TokenUnsound("no ID token")
        return claims

    async def access(self, token: object, audiences: Collection[str]) -> dict[str, Any]:
        """Give the claims of an access token in JWT form (RFC 9068, Keycloak's `typ: Bearer`).

        Raises TokenUnsound, OutsideUnreachable.
        """
        header, claims = await self._opened(token, audiences, ["sub", "exp", "iat"])
        kind = str(header.get("typ", "")).lower().removeprefix("application/")
        if kind != "at+jwt" and claims.get("typ") != "Bearer":
            raise TokenUnsound("no access token")
        if "cnf" in claims:
            raise TokenUnsound("bound to a key that was not shown here")
        return claims

    async def _opened(
        self, token: object, audiences: Collection[str], required: list[str]
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        ours = self.described
        try:
            text = token.decode("ascii") if isinstance(token, bytes) else token
            if not isinstance(text, str) or len(text) > _MAX_BYTES:
                raise TokenUnsound("none, or a large one")
            header = jwt.get_unverified_header(text)
            if header.get("alg") != ours.algorithm or "crit" in header:
                raise TokenUnsound("signed otherwise")
            claims = jwt.decode(
                text,
                await self._key(header.get("kid")),
                algorithms=[ours.algorithm],
                issuer=ours.issuer,
                audience=audiences,
                leeway=_SKEW_SECONDS,
                options={"require": ["iss", "aud", *required]},
            )
            subject, party = claims["sub"], claims.get("azp")
        except _REFUSED as refusal:
            raise TokenUnsound(type(refusal).__name__) from None
        if not 0 < len(subject) <= _MAX_SUBJECT or not subject.isprintable():
            raise TokenUnsound("of nobody")
        is_for_many = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if party not in audiences and (party is not None or is_for_many):
            raise TokenUnsound("another client's")
        return header, claims

    async def _key(self, kid: object) -> Any:  # noqa: ANN401  # of any kind that PyJWT knows
        if self.described.algorithm == "HS256":
            return self.described.secret
        found = await self._discovery.find()
        key = await self._key_sets.find(found.jwks, kid)
        if key is None or self.described.algorithm not in key.algorithms:
            raise TokenUnsound("signed with an unknown key")
        return key.key

    async def logout(self, id_token: str, state: str) -> str | None:
        """Give the address that ends the session at the issuer, None where it has none.

        Raises OutsideUnreachable.
        """
        found = await self._discovery.find()
        if found.end_session is None:
            return None
        asked = {
            "id_token_hint": id_token,
            "post_logout_redirect_uri": self.ended_url,
            "state": state,
        }
        return extended(found.end_session, asked)
