"""Wire format of tokens, as the RFCs name the fields."""

from typing import Any, Final, Literal

from pydantic import BaseModel

from gateway.tokens.grant import ACCESS_TOKEN, ASSERTION_TYPE, GRANTS


class TokenRead(BaseModel):
    """RFC 6749 §5.1."""

    access_token: str
    token_type: Literal["Bearer", "DPoP"]
    expires_in: int
    scope: str
    issued_token_type: str | None = None
    """RFC 8693 §2.2.1, for a token that was exchanged."""


class TokenError(BaseModel):
    """RFC 6749 §5.2: OAuth clients know this form, not RFC 9457."""

    error: str
    error_description: str


class IntrospectionRead(BaseModel):
    """RFC 7662 §2.2; all but `active` is there for an active token only."""

    active: bool
    token_type: Literal["Bearer", "DPoP"] | None = None
    scope: str | None = None
    client_id: str | None = None
    sub: str | None = None
    aud: str | None = None
    iss: str | None = None
    jti: str | None = None
    iat: int | None = None
    exp: int | None = None
    organisation: str | None = None
    roles: list[str] | None = None
    cnf: dict[str, str] | None = None


class JwksRead(BaseModel):
    """RFC 7517 key set."""

    keys: list[dict[str, str]]


class MetadataRead(BaseModel):
    """RFC 8414 authorisation server metadata."""

    issuer: str
    authorization_endpoint: str
    end_session_endpoint: str
    token_endpoint: str
    revocation_endpoint: str
    introspection_endpoint: str
    jwks_uri: str
    scopes_supported: list[str]
    response_types_supported: list[str]
    response_modes_supported: list[str]
    code_challenge_methods_supported: list[str]
    authorization_response_iss_parameter_supported: bool
    vigie_issuers: list[str]
    """Where people can sign in: `issuer` of the authorisation endpoint."""

    grant_types_supported: list[str]
    token_endpoint_auth_methods_supported: list[str]
    token_endpoint_auth_signing_alg_values_supported: list[str]
    revocation_endpoint_auth_methods_supported: list[str]
    revocation_endpoint_auth_signing_alg_values_supported: list[str]
    introspection_endpoint_auth_methods_supported: list[str]
    introspection_endpoint_auth_signing_alg_values_supported: list[str]
    dpop_signing_alg_values_supported: list[str]
    service_documentation: str


_PROOF: Final[dict[str, Any]] = {
    "client_id": {"type": "string"},
    "client_secret": {"type": "string", "format": "password"},
    "client_assertion_type": {"type": "string", "const": ASSERTION_TYPE},
    "client_assertion": {"type": "string", "description": "RFC 7523 §2.2"},
}


def form(*required: str, **fields: dict[str, Any]) -> dict[str, Any]:
    """Describe the form of a request body."""
    schema = {"type": "object", "required": list(required), "properties": fields}
    content = {"application/x-www-form-urlencoded": {"schema": schema}}
    return {"requestBody": {"required": True, "content": content}}


FORM: Final = form(
    "grant_type",
    **_PROOF,
    grant_type={"type": "string", "enum": list(GRANTS)},
    scope={"type": "string", "description": "Separated by spaces."},
    code={"type": "string"},
    redirect_uri={"type": "string"},
    code_verifier={"type": "string"},
    subject_token={"type": "string"},
    subject_token_type={"type": "string"},
    requested_token_type={"type": "string", "const": ACCESS_TOKEN},
)
"""Credentials go in the form or in an `Authorization: Basic` header."""

ABOUT: Final = form("token", **_PROOF, token={"type": "string"}, token_type_hint={"type": "string"})
"""Likewise, about one token."""
