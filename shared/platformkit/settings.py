"""What every service must be told by its environment; secrets may also be files."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

SECRETS = Path("/run/secrets")


def prefixed(prefix: str) -> SettingsConfigDict:
    """Read settings from variables with this prefix, and from files so named in /run/secrets."""
    return SettingsConfigDict(
        env_prefix=prefix,
        secrets_dir=SECRETS if SECRETS.is_dir() else None,
        env_parse_none_str="null",
        frozen=True,
    )


class Peer(BaseModel):
    """A service that we call: where it listens, and the key that signs what we send to it."""

    model_config = ConfigDict(frozen=True)

    url: str
    key: SecretStr
    replicas: tuple[str, ...] = ()
    """Further instances of the same service; the door spreads its requests over all of them."""


class ServiceSettings(BaseSettings):
    """Common to all services; each adds its own and sets the prefix of its variables."""

    database_url: SecretStr
    """asyncpg DSN of the service's own login role."""

    secret_key: SecretStr
    """Signs the cursors that callers hand back."""

    trusted_issuers: dict[str, SecretStr]
    """Who may call us, and the HMAC-SHA-256 key that each signs with."""

    peers: dict[str, Peer] = {}
    """Whom we call, by the name of the service."""

    environment: str = "local"
    release: str = "dev"
    log_level: str | None = "INFO"
    """None leaves logging as the process has it."""

    max_body_bytes: int = Field(default=1_000_000, ge=1_000)
    default_deadline_ms: int = Field(default=15_000, ge=100)
    """Granted to a request that brings no deadline of its own."""

    write_connections: int = Field(default=10, ge=1)
    read_connections: int = Field(default=8, ge=1)
    trace_ratio: float = Field(default=1.0, ge=0, le=1)
    """Share of new traces that are kept; only the door starts traces."""
