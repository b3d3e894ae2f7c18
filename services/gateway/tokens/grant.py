"""The token request of RFC 6749 §4.4, read as strictly as its errors can say."""

import base64
import binascii
from collections import Counter
from dataclasses import dataclass
from typing import Literal
from urllib.parse import parse_qsl, unquote_plus

Error = Literal["invalid_request", "invalid_client", "unsupported_grant_type", "invalid_scope"]
FORM = "application/x-www-form-urlencoded"
_MAX_FIELDS = 20


class GrantRefused(Exception):
    """One of the errors of RFC 6749 §5.2; the description is for the partner's developer."""

    def __init__(self, error: Error, description: str) -> None:
        super().__init__(error)
        self.error = error
        self.description = description


@dataclass(frozen=True, slots=True)
class TokenRequest:
    """Who asks, with which secret, for which scopes (None: all it has)."""

    client_id: str
    secret: str
    scopes: frozenset[str] | None


def read(content_type: str, authorization: str, body: bytes) -> TokenRequest:
    """Read credentials from the Basic header or the form, never from both."""
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
    form = dict(pairs)
    client_id, secret = _credentials(authorization, form)
    grant = form.get("grant_type")
    if grant is None:
        raise GrantRefused("invalid_request", "grant_type is missing")
    if grant != "client_credentials":
        raise GrantRefused("unsupported_grant_type", "grant_type must be client_credentials")
    asked = form.get("scope", "").split()
    return TokenRequest(client_id, secret, frozenset(asked) if asked else None)


def _credentials(authorization: str, form: dict[str, str]) -> tuple[str, str]:
    if authorization:
        if "client_secret" in form:
            raise GrantRefused("invalid_request", "use one way of authenticating, not two")
        client_id, secret = _basic(authorization)
        if form.get("client_id", client_id) != client_id:
            raise GrantRefused("invalid_request", "two different client_id")
    else:
        client_id, secret = form.get("client_id", ""), form.get("client_secret", "")
    if not client_id or not secret or not (client_id + secret).isprintable():
        raise GrantRefused("invalid_client", "client authentication is missing or malformed")
    return client_id, secret


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
