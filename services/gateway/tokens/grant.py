"""What clients send to the token endpoints, read as strictly as the errors of RFC 6749 can say."""

import base64
import binascii
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import parse_qsl, unquote_plus

from platformkit import preferences

Error = Literal[
    "invalid_request",
    "invalid_client",
    "invalid_grant",
    "unsupported_grant_type",
    "invalid_scope",
    "unauthorized_client",
    "invalid_dpop_proof",
    "use_dpop_nonce",
]
FORM = "application/x-www-form-urlencoded"
ASSERTION_TYPE: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_CODE: Final = "authorization_code"
EXCHANGE: Final = "urn:ietf:params:oauth:grant-type:token-exchange"
GRANTS: Final = ("client_credentials", _CODE, EXCHANGE)
ACCESS_TOKEN: Final = "urn:ietf:params:oauth:token-type:access_token"  # noqa: S105  # a name
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
class Code:
    """What a person's sign-in gave the client (RFC 6749 §4.1.3, RFC 7636 §4.5)."""

    code: str
    return_url: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Subject:
    """A trusted issuer's token of the person for whom a client asks (RFC 8693 §2.1)."""

    token: str
    type: str


@dataclass(frozen=True, slots=True)
class TokenRequest:
    """Who asks, for which scopes (None: all it has), on the strength of what beside itself."""

    proof: Proof
    scopes: frozenset[str] | None
    grounds: Code | Subject | None = None


@dataclass(frozen=True, slots=True)
class AboutToken:
    """Who asks about a token, or gives it back."""

    proof: Proof
    token: str


def read(content_type: str, authorization: str, body: bytes) -> TokenRequest:
    """Read a token request; credentials are in the Basic header or the form, never in both."""
    form = form_of(content_type, body)
    grant = form.get("grant_type")
    proof = _proof(authorization, form, may_be_public=grant == _CODE)
    if grant is None:
        raise GrantRefused("invalid_request", "grant_type is missing")
    if grant not in GRANTS:
        raise GrantRefused("unsupported_grant_type", f"grant_type must be one of {GRANTS}")
    asked = form.get("scope", "").split()
    return TokenRequest(proof, frozenset(asked) if asked else None, _grounds(grant, form))


def _grounds(grant: str, form: Mapping[str, str]) -> Code | Subject | None:
    if grant == _CODE:
        return Code(*needed(form, "code", "redirect_uri", "code_verifier"))
    if grant == EXCHANGE:
        unserved = {"actor_token", "audience", "resource"} & form.keys()
        if unserved or form.get("requested_token_type", ACCESS_TOKEN) != ACCESS_TOKEN:
            raise GrantRefused("invalid_request", "only an access token for here, with no actor")
        return Subject(*needed(form, "subject_token", "subject_token_type"))
    return None


def needed(form: Mapping[str, str], *names: str) -> list[str]:
    """Give what must be there; raises GrantRefused."""
    for name in names:
        if not form.get(name):
            raise GrantRefused("invalid_request", f"{name} is missing")
    return [form[name] for name in names]


def read_about(content_type: str, authorization: str, body: bytes) -> AboutToken:
    """Read a request about one token (RFC 7009 §2.1, RFC 7662 §2.1); the hint helps nobody here."""
    form = form_of(content_type, body)
    proof = _proof(authorization, form)
    return AboutToken(proof, *needed(form, "token"))


def form_of(content_type: str, body: bytes) -> dict[str, str]:
    """Read a form in which nothing is repeated; raises GrantRefused."""
    if preferences.media_type(content_type) != FORM:
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


def _proof(authorization: str, form: dict[str, str], *, may_be_public: bool = False) -> Proof:
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
    is_public = may_be_public and "client_secret" not in form
    if not client_id or not (secret or is_public) or not (client_id + secret).isprintable():
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
