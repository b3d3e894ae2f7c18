"""The table of API keys."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from gateway.clients.models import Client
from gateway.database import Base


class ApiKey(Base):
    """A key of a client; the key itself is nowhere."""

    __tablename__ = "api_key"
    __table_args__ = (
        CheckConstraint("kind IN ('publishable', 'secret')", name="kind"),
        CheckConstraint("octet_length(hash) = 32", name="hash"),
        CheckConstraint("(kind = 'publishable') = (cardinality(origins) > 0)", name="origins"),
        UniqueConstraint("hash"),
        Index(None, "client_id", "created_at"),
        Index(None, "changed_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    client_id: Mapped[str] = mapped_column(ForeignKey(Client.client_id))
    kind: Mapped[str]
    hash: Mapped[bytes]
    """HMAC-SHA-256 of the key under the pepper, as for clients' secrets."""
    hint: Mapped[str]
    """The first characters, by which its owner knows it."""
    origins: Mapped[list[str]]
    """Of a publishable key: the pages that may use it, as browsers name them."""
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    changed_at: Mapped[datetime] = mapped_column(server_default=func.now())
    """When it, or its client, was last changed: what gateways look for."""
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]
    """To the minute, or thereabouts."""
