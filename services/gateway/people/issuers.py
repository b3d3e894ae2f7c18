"""The issuers whose people may come in, as the operator describes them (`GATEWAY_ISSUERS`)."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    TypeAdapter,
    model_validator,
)

from gateway.people.roles import Role
from platformkit import outside

_SECRET_BYTES: Final = 32
"""Of a secret that verifies signatures (RFC 7518 §3.2)."""


def _address(url: str) -> str:
    if not outside.is_configurable(url):
        raise ValueError("https, or http on this machine; no user, no fragment")
    return url


Organisation = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{1,63}$")]


class _Described(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Affiliations(_Described):
    """Affiliations with their scope, `student@univ-lille.fr` (eduPersonScopedAffiliation).

    `providers` says of which scopes each identity provider may speak (`shibmd:Scope`), by the
    entity id that the broker gives in `provider_claim`.
    """

    claim: str = "eduperson_scoped_affiliation"
    provider_claim: str = "idp_entity_id"
    providers: dict[str, frozenset[str]]


class Issuer(_Described):
    """One issuer: how we are known there, what it signs with, and what its claims mean here."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,31}$")]
    issuer: Annotated[str, AfterValidator(_address)]
    client_id: str
    client_secret: SecretStr | None = None
    private_key: SecretStr | None = None
    """PEM, RSA or P-256; we sign `private_key_jwt` with it, under the name `key_id`."""

    key_id: str | None = None
    authentication: Literal["client_secret_post", "client_secret_basic"] = "client_secret_post"
    scopes: list[str] = ["openid"]
    algorithm: Literal["RS256", "PS256", "ES256", "EdDSA", "HS256"] = "RS256"
    """The one that it signs with, as registered there; no other is believed."""

    userinfo: Literal["none", "json", "jwt"] = "none"
    required: dict[str, frozenset[str]] = {}
    """One of these values each claim must have: `acr`, which is then asked for, or `idp_id`."""

    organisation_claim: str | None = None
    """Path of the claim that says whose member somebody is: `siret`, `groups`."""

    organisations: dict[str, Organisation]
    """Its values, or the scopes of affiliations, and the organisation that each is here."""

    role_claim: str | None = None
    roles: dict[str, Role] = {}
    """Values of the claim at that path, or affiliations, and the role that each is here."""

    default_role: Role | None = None
    affiliations: Affiliations | None = None
    exchange: dict[str, str] = {}
    """Clients at the issuer, and which client of ours may exchange the tokens made for them."""

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if (self.client_secret is None) == (self.private_key is None):
            raise ValueError("either client_secret or private_key")
        if (self.affiliations is None) == (self.organisation_claim is None):
            raise ValueError("either organisation_claim or affiliations")
        if self.algorithm == "HS256" and len(self.secret) < _SECRET_BYTES:
            raise ValueError("HS256 needs a client_secret of 32 bytes")
        return self

    @property
    def secret(self) -> str:
        """Our secret there, "" where we sign."""
        return self.client_secret.get_secret_value() if self.client_secret else ""


_LIST: Final = TypeAdapter(list[Issuer], config=ConfigDict(hide_input_in_errors=True))


def read(given: SecretStr | None) -> Mapping[str, Issuer]:
    """Read the list, JSON or the path of a file with it; raises ValueError, OSError."""
    text = given.get_secret_value() if given else "[]"
    if not text.lstrip().startswith("["):
        text = Path(text).read_text()
    described = _LIST.validate_json(text)
    named = {one.name: one for one in described}
    if len(named) < len(described) or len({one.issuer for one in described}) < len(described):
        raise ValueError("an issuer is described twice")
    return named
