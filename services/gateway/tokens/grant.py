"""What clients send to the token endpoints, read as strictly as the errors of RFC 6749 can say."""

import base64
import binascii
from collections import Counter
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import parse_qsl, unquote_plus

Error = Literal[
    "invalid_request",
    "invalid_client",
    "unsupported_grant_type",
    "invalid_scope",
    "unauthorized_client",
]
FORM = "application/x-www-form-urlencoded"
ASSERTION_TYPE: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_MAX_FIELDS = 20


class GrantRefused(Exception):
    """One of the errors of RFC 6749 §5.2; the description is for the partner's developer."""

    def __init__(self, error: Error, description: str) -> None:
        super().__init__(error)
        self.error = error
        self.description = description


@dataclass(frozen=True, slots=True)
class Proof:
    """How a client shows who it is: a secret, or an assertion that it signed (RFC 7523)."""

    client_id: str
    secret: str = ""
    assertion: str = ""


@dataclass(frozen=True, slots=True)
class TokenRequest:
    """Who asks, for which scopes (None: all it has)."""

    proof: Proof
    scopes: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class AboutToken:
    """Who asks about a token, or gives it back."""

    proof: Proof
    token: str


def read(content_type: str, authorization: str, body: bytes) -> TokenRequest:
    """Read a token request; credentials are in the Basic header or the form, never in both."""
    form = _form(content_type, body)
    proof = _proof(authorization, form)
    grant = form.get("grant_type")
    if grant is None:
        raise GrantRefused("invalid_request", "grant_type is missing")
    if grant != "client_credentials":
        raise GrantRefused("unsupported_grant_type", "grant_type must be client_credentials")
    asked = form.get("scope", "").split()
    return TokenRequest(proof, frozenset(asked) if asked else None)


def read_about(content_type: str, authorization: str, body: bytes) -> AboutToken:
    """Read a request about one token (RFC 7009 §2.1, RFC 7662 §2.1); the hint helps nobody here."""
    form = _form(content_type, body)
    proof = _proof(authorization, form)
    if not form.get("token"):
        raise GrantRefused("invalid_request", "token is missing")
    return AboutToken(proof, form["token"])


def _form(content_type: str, body: bytes) -> dict[str, str]:
    if content_type.partition(";")[0].strip().lower() != FORM:
        raise GrantRefused("invalid_request", f"the body must be {FORM}")
    try:
        pairs = parse_qsl(
            body.decode(), keep_blank_values=True, max_num_fields=_MAX_FIELDS, errors="strict"
        )
    except ValueError:
        raise GrantRefused("invalid_request", "the form cannot be read") from None
    repeated = [name for name, times in Counter(name for name, _ in pairs).items() if times > 1]
    if repeated:
        raise GrantRefused("invalid_request", "a parameter is repeated")
    return dict(pairs)


def _proof(authorization: str, form: dict[str, str]) -> Proof:
    ways = sum([bool(authorization), "client_secret" in form, "client_assertion" in form])
    if ways > 1:
        raise GrantRefused("invalid_request", "use one way of authenticating, not two")
    if "client_assertion" in form:
        if form.get("client_assertion_type") != ASSERTION_TYPE:
            raise GrantRefused("invalid_client", f"client_assertion_type must be {ASSERTION_TYPE}")
        return Proof(form.get("client_id", ""), assertion=form["client_assertion"])
    if authorization:
        client_id, secret = _basic(authorization)
        if form.get("client_id", client_id) != client_id:
            raise GrantRefused("invalid_request", "two different client_id")
    else:
        client_id, secret = form.get("client_id", ""), form.get("client_secret", "")
    if not client_id or not secret or not (client_id + secret).isprintable():
        raise GrantRefused("invalid_client", "client authentication is missing or malformed")
    return Proof(client_id, secret)


def _basic(authorization: str) -> tuple[str, str]:
    scheme, _, encoded = authorization.partition(" ")
    try:
        decoded = base64.b64decode(encoded, validate=True).decode()
    except (binascii.Error, ValueError):
        raise GrantRefused("invalid_client", "the Basic credentials cannot be read") from None
    client_id, _, secret = decoded.partition(":")
    if scheme.lower() != "basic":
        raise GrantRefused("invalid_client", "use client_secret_basic or client_secret_post")
    return unquote_plus(client_id), unquote_plus(secret)
