"""What the gateway must be told by its environment (`GATEWAY_…`)."""

from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, field_validator

from gateway.plans import STANDARD, AddressRates, Plan, built_in
from platformkit.settings import ServiceSettings, prefixed


def _document() -> Path:
    """Find the document in the repository, or beside the packages in an image."""
    places = [folder / "docs" / "api" / "openapi.json" for folder in Path(__file__).parents[1:3]]
    return next((place for place in reversed(places) if place.exists()), places[-1])


class Settings(ServiceSettings):
    """`peers` are the upstreams, each with the key that signs what we send to it."""

    model_config = prefixed("GATEWAY_")

    trusted_issuers: dict[str, SecretStr] = Field(default_factory=dict)
    """Nobody calls the gateway with an internal token."""

    issuer: str = "http://127.0.0.1:8000"
    """Public address of the door: `iss` of its tokens and base of its metadata."""

    audience: str = "urn:vigie:api"
    """`aud` of its tokens."""

    signing_key: SecretStr | None = None
    """RSA keys in PEM, one after the other: all are published, the first signs."""

    signing_keys_dir: Path | None = None
    """Or a folder of them, `*.pem`, which is followed: all are published, the newest that has been
    there for ten minutes signs. With neither, a key is made for this run."""

    pepper: SecretStr | None = None
    """Keys the digests of clients' secrets and API keys; `secret_key` serves when it is not set."""

    browser_scopes: frozenset[Annotated[str, Field(pattern=r"^[a-z]+:read$")]] = frozenset(
        {"overviews:read"}
    )
    """Of its client's scopes, those that a publishable key may have: whoever opens the page can
    read the key, so nothing of one organisation alone."""

    openapi_path: Path = Field(default_factory=_document)
    """The merged document, from which the route table is read."""

    demo_clients: SecretStr | None = None
    """JSON list of demo clients, or the path of a file with it; only for `bootstrap --demo`."""

    hosts: frozenset[str] = frozenset()
    """Host names served, without port; empty serves any."""

    origins: frozenset[str] = frozenset()
    """Origins (`https://app.example.fr`) whose pages may call what needs a token; open data are
    readable from any page."""

    max_headers: int = Field(default=100, ge=10)
    max_header_bytes: int = Field(default=32_768, ge=1_000)
    max_upload_bytes: int = Field(default=268_435_456, ge=1_000)
    """For what is forwarded; each service has its own bound below. The door's own routes
    keep `max_body_bytes`."""

    longest_ms: int = Field(default=600_000, ge=1_000)
    """For a whole answer, when the caller gave no deadline: large downloads take their time."""

    upstream_connections: int = Field(default=64, ge=1)
    """To one instance of a service; so many requests it has at the same time."""

    upstream_queue: int = Field(default=1_024, ge=0)
    """Requests that wait for one instance, in the order of their coming."""
    queue_ms: int = Field(default=5_000, ge=1)
    """The longest that a request waits for a connection to its service."""

    connect_ms: int = Field(default=1_000, ge=1)
    cache_bytes: int = Field(default=67_108_864, ge=0)
    """For answers to public reads that are kept in memory, in each process; 0 keeps none."""

    cached_answer_bytes: int = Field(default=1_048_576, ge=1_000)
    """A larger answer passes through as it comes."""

    feed_seconds: float | None = Field(default=2.0, gt=0)
    """Between two looks at what changed in the services; `null` has another gateway look."""

    failures_in_a_row: int = Field(default=5, ge=1)
    """Requests without an answer after which a service rests, and failures (5xx too) after which
    an instance among several is set aside."""

    rest_ms: int = Field(default=1_000, ge=1)
    """For a service; as many times longer as it was put to rest again, up to thirty."""

    eject_ms: int = Field(default=5_000, ge=1)
    """For an instance; likewise, up to twelve times."""

    eject_percent: int = Field(default=50, ge=0, le=100)
    """Of a service's instances, those that may be set aside at once."""

    retry_percent: int = Field(default=20, ge=0, le=20)
    """Retries to a hundred requests, at most."""

    slow_ms: int = Field(default=1_500, ge=1)
    """A service that is silent for so long has failed; before, its caller was in a hurry."""

    max_inside: int = Field(default=1_024, ge=1)
    """Requests at the same time; anonymous reads may fill 60 % of the places, reads 80 %, writes
    90 %, tokens and keys all."""

    max_connections: int = Field(default=12_000, ge=1)
    head_ms: int = Field(default=10_000, ge=1)
    """From the first byte of a request to the end of its headers."""

    body_ms: int = Field(default=10_000, ge=1)
    """Before a request's body has to come with `body_rate` bytes a second."""

    body_rate: int = Field(default=500, ge=0)
    read_ms: int = Field(default=60_000, ge=1)
    """A client that takes nothing of its answer for so long is cut."""

    keep_alive_ms: int = Field(default=75_000, ge=1)
    drain_ms: int = Field(default=500, ge=0)
    """Between SIGTERM, when `/readyz` turns 503, and the end of new connections: longer than
    whoever spreads the load takes to see it."""

    delivers_webhooks: bool = True
    """False leaves delivering to other gateways."""

    webhook_keys: SecretStr | None = None
    """Seal the secrets of webhooks at rest, separated by white space: the first seals, all open.
    `secret_key` serves when it is not set."""

    webhook_ports: frozenset[int] = frozenset({443, 8443})
    """To which webhooks may be delivered."""

    webhooks_local: bool = False
    """For development: also to `http://localhost`, on any port."""

    token_minutes: int = Field(default=15, ge=1, le=60)
    person_minutes: int = Field(default=60, ge=1, le=720)
    """How long a person's token lives; signing out ends it at once."""

    issuers: SecretStr | None = None
    """JSON list of the issuers whose people may come in, or the path of a file with it."""

    dpop_nonce: bool = False
    """Have DPoP proofs carry a nonce of this process: where several gateways run, a proof that one
    has seen is then good at no other."""

    plans: dict[str, Plan] = Field(default_factory=built_in)
    """What clients may ask, by the name of their plan; `standard` is that of those without one.
    JSON: `{"standard": {"rates": {"read": 600}, "per_day": 200000}, …}`."""

    address_rates: AddressRates = AddressRates()
    """What may be asked from one address by whoever does not say who they are."""

    rate_factor: float = Field(default=1.0, gt=0)
    """Turns all rates down (0.5) or up at once; quotas of days and months stay."""

    limits_store: SecretStr | None = None
    """`valkey://…`, `rediss://…`, `unix://…` where several gateways count together; none: each
    counts what passes through it."""

    trusted_proxies: frozenset[IPv4Network | IPv6Network] = frozenset()
    """Addresses of our own load balancers: what they say in `X-Forwarded-For` is believed."""

    @field_validator("plans")
    @classmethod
    def _has_standard(cls, plans: dict[str, Plan]) -> dict[str, Plan]:
        if STANDARD not in plans:
            raise ValueError(f"there is no plan {STANDARD}")
        return plans

    @property
    def peppered(self) -> str:
        """Key of the digests of clients' secrets."""
        return (self.pepper or self.secret_key).get_secret_value()

    @property
    def sealing(self) -> list[str]:
        """Keys of the secrets of webhooks, the one that seals first."""
        return (self.webhook_keys or self.secret_key).get_secret_value().split()
