"""Wire format of the registry."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from observatory.kits.schemas import AgencyId, KeyText, Region
from observatory.kits.signing import PublicKey
from observatory.structures.schemas import Names
from platformkit.wire import Wire

Standing = Literal["certified", "uncertified", "inactive"]


class NodeWrite(Wire):
    """An installation whose figures may enter national ones."""

    name: Names
    region: Region
    base_url: Annotated[
        str,
        StringConstraints(min_length=8, max_length=200),
        Field(description="of its door; `/sdmx/v2` is appended"),
        AfterValidator(lambda url: url.rstrip("/")),
    ]
    public_key: Annotated[
        KeyText,
        AfterValidator(lambda x: PublicKey.read(x).x),
        Field(description="pinned: what its reports sign with"),
    ]
    is_active: Annotated[bool, Field(description="false: it is asked no more")] = True


class _Read(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class NodeRead(_Read):
    """A node, and whether its figures may be used."""

    agency: AgencyId
    name: str
    region: str
    base_url: str
    public_key: str
    key_id: Annotated[str, Field(description="thumbprint of the key (RFC 7638)")]
    is_active: bool
    standing: Standing
    certificate: Annotated[str | None, Field(description="SHA-256 of the one that counts")]
    methods: Annotated[dict[str, str], Field(description="that it was certified for, by version")]
    answered: Annotated[int | None, Field(description="status of its last answer; 0 for none")]
    version: int


class CertificateRead(_Read):
    """A conformance report as it was received."""

    sha256: str
    received_at: datetime
    verifies: Annotated[bool, Field(description="with the key that is pinned now, and passed")]
    document: dict[str, Any]


class DeedRead(_Read):
    """Who did what with a node or a roll-up."""

    at: datetime
    client: str
    subject: str
    action: str
    entity: str
    entity_id: str
    detail: dict[str, Any]
