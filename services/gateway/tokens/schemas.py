"""Wire format of tokens, as the RFCs name the fields."""

from typing import Any, Literal

from pydantic import BaseModel


class TokenRead(BaseModel):
    """RFC 6749 §5.1."""

    access_token: str
    token_type: Literal["Bearer"]
    expires_in: int
    scope: str


class TokenError(BaseModel):
    """RFC 6749 §5.2: OAuth clients know this form, not RFC 9457."""

    error: str
    error_description: str


class JwksRead(BaseModel):
    """RFC 7517 key set."""

    keys: list[dict[str, str]]


class MetadataRead(BaseModel):
    """RFC 8414 authorisation server metadata."""

    issuer: str
    token_endpoint: str
    jwks_uri: str
    scopes_supported: list[str]
    response_types_supported: list[str]
    grant_types_supported: list[str]
    token_endpoint_auth_methods_supported: list[str]
    service_documentation: str


FORM: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/x-www-form-urlencoded": {
                "schema": {
                    "type": "object",
                    "required": ["grant_type"],
                    "properties": {
                        "grant_type": {"type": "string", "const": "client_credentials"},
                        "scope": {"type": "string", "description": "Separated by spaces."},
                        "client_id": {"type": "string"},
                        "client_secret": {"type": "string", "format": "password"},
                    },
                }
            }
        },
    }
}
"""Credentials go in the form or in an `Authorization: Basic` header."""
