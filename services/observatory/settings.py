"""Settings of the observatory service, from variables `OBSERVATORY_…`."""

import re
from ipaddress import IPv4Network, IPv6Network
from typing import Annotated, Final

from pydantic import AfterValidator, Field, SecretStr, StringConstraints

from platformkit.settings import ServiceSettings, prefixed

_KEY: Final = r"^[A-Za-z0-9_-]{43}$"
"""32 bytes in base64url."""


def _private(given: SecretStr) -> SecretStr:
    if not re.fullmatch(_KEY, given.get_secret_value()):
        raise ValueError("not 32 bytes in base64url")  # pydantic tells it
    return given


class Settings(ServiceSettings):
    """Who publishes here, beside what every service needs."""

    model_config = prefixed("OBSERVATORY_")

    agency: str = Field(default="HDF", pattern=r"^[A-Za-z][A-Za-z0-9_.-]{0,63}$")
    """Who publishes structures and releases here; each region has an id of its own."""

    public_url: str = "http://127.0.0.1:8000"
    """The door's own address: what the identities in the catalogue and the feed begin with."""

    region: str = Field(default="R32", pattern=r"^R[0-9]{2}$")
    """The region whose people and training studies tell, by the identifier of its territory."""

    data_connections: int = Field(default=4, ge=1)
    """Extractions that run at once; others wait."""

    feed_seconds: float = Field(default=5.0, gt=0)
    """Between two looks at the feeds of the diagnostic and the training."""

    needs_k: int = Field(default=5, ge=5, le=1_000)
    """Fewest companies of which needs are told; no fewer than `DIAGNOSTIC_BENCHMARK_K`."""

    kit_key: Annotated[SecretStr, AfterValidator(_private)] | None = None
    """Private key of Ed25519 (32 bytes in base64url) that signs kits and certificates; one made
    from the secret of the service where there is none."""

    kit_publishers: dict[str, tuple[Annotated[str, StringConstraints(pattern=_KEY)], ...]] = Field(
        default_factory=dict
    )
    """Whose kits are installed here: agencies, and the public keys that they sign with."""

    rollup_seconds: float | None = Field(default=900.0, gt=0)
    """Between two looks at what a node publishes; `null` has another instance look."""

    node_ports: frozenset[int] = frozenset({443, 8443})
    """On which nodes may be asked."""

    node_networks: frozenset[IPv4Network | IPv6Network] = frozenset()
    """Private networks in which nodes may be, beside the public Internet."""

    nodes_local: bool = False
    """For development: also nodes at `http://localhost`, on any port."""
