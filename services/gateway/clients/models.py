"""The programs that may ask for tokens."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import BigInteger, CheckConstraint, Index, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from gateway.database import Base

_PROOF: Final = "num_nonnulls(secret_hash, jwks, jwks_uri) > 0 OR cardinality(return_urls) > 0"


class Client(Base):
    """A program of a partner; `tenant` is the organisation in whose name it acts."""

    __tablename__ = "client"
    __table_args__ = (
        CheckConstraint("client_id ~ '^[a-z0-9][a-z0-9._-]{1,63}$'", name="client_id"),
        CheckConstraint("tenant ~ '^[a-z0-9][a-z0-9-]{1,63}$'", name="tenant"),
        CheckConstraint("octet_length(secret_hash) = 32", name="secret_hash"),
        CheckConstraint(_PROOF, name="proof"),
        CheckConstraint("quota_per_day > 0 AND quota_per_month > 0", name="quotas"),
        Index(None, "changed_at"),
    )

    client_id: Mapped[str] = mapped_column(primary_key=True)
    tenant: Mapped[str]
    name: Mapped[str]
    secret_hash: Mapped[bytes | None]
    """HMAC-SHA-256 of the secret under the pepper: a dump of the table opens nothing.

    None for a client that signs with a key of its own, and for an application in a browser."""
    second_secret_hash: Mapped[bytes | None]
    """The former one, live beside the first while a partner changes over."""
    second_secret_until: Mapped[datetime | None]
    jwks: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """Its public keys (RFC 7517), for `private_key_jwt`, or where they are published:"""
    jwks_uri: Mapped[str | None]
    return_urls: Mapped[list[str]] = mapped_column(server_default="{}")
    """Where people who signed in may come back to it, exactly."""
    scopes: Mapped[list[str]]
    roles: Mapped[list[str]]
    plan: Mapped[str] = mapped_column(server_default="standard")
    """One of the installation's `GATEWAY_PLANS`."""
    quota_per_day: Mapped[int | None] = mapped_column(BigInteger)
    """Of its own; None is the plan's."""
    quota_per_month: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    changed_at: Mapped[datetime] = mapped_column(server_default=func.now())
    """What the gateways look for, to know of it within seconds."""
    expires_at: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]
