"""The tables of webhooks: who is told what, and each telling."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from gateway.clients.models import Client
from gateway.database import Base


class Webhook(Base):
    """A subscription of an organisation, made by one of its clients, whose scopes it lives by."""

    __tablename__ = "webhook"
    __table_args__ = (
        CheckConstraint("status IN ('active', 'paused', 'disabled')", name="status"),
        CheckConstraint("(status = 'disabled') = (reason IS NOT NULL)", name="reason"),
        CheckConstraint("cardinality(events) > 0", name="events"),
        Index(None, "tenant", "created_at", "id"),
        Index(None, "due_at", postgresql_where=text("status = 'active'")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    tenant: Mapped[str]
    client_id: Mapped[str] = mapped_column(ForeignKey(Client.client_id), index=True)
    url: Mapped[str]
    description: Mapped[str]
    events: Mapped[list[str]]
    status: Mapped[str] = mapped_column(server_default="active")
    reason: Mapped[str | None]
    """Why it was disabled: `gone`, `failing`, `scope-withdrawn`, `behind`."""
    secret: Mapped[bytes]
    """Sealed."""
    second_secret: Mapped[bytes | None]
    """The former one, which signs too while its receiver changes over."""
    second_secret_until: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(server_default="1")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    changed_at: Mapped[datetime] = mapped_column(server_default=func.now())

    position: Mapped[int] = mapped_column(BigInteger)
    """The log has been read up to here; what it wants of that is in `webhook_delivery`."""
    is_full: Mapped[bool] = mapped_column(server_default=text("false"))
    """So much is waiting that the log is not read on."""
    due_at: Mapped[datetime | None] = mapped_column(server_default=func.now())
    """When there may be something to send, beside what is new in the log; None for never."""
    held_until: Mapped[datetime | None]
    """Its receiver asked for a pause (Retry-After)."""
    failing_since: Mapped[datetime | None]
    """The first failure since it last accepted anything."""
    accepted_at: Mapped[datetime | None]


class WebhookDelivery(Base):
    """One event for one webhook, with what became of each attempt."""

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        CheckConstraint("state IN ('pending', 'delivered', 'dead')", name="state"),
        CheckConstraint("(state = 'pending') = (ended_at IS NULL)", name="ended_at"),
        UniqueConstraint("webhook_id", "position"),
        Index(
            "ix_webhook_delivery_pending",
            "webhook_id",
            "subject",
            "position",
            postgresql_where=text("state = 'pending'"),
        ),
        Index(None, "webhook_id", "id"),
        Index(
            "ix_webhook_delivery_dead",
            "webhook_id",
            "id",
            postgresql_where=text("state = 'dead'"),
        ),
        Index(None, "ended_at", postgresql_where=text("state <> 'pending'")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    webhook_id: Mapped[UUID] = mapped_column(ForeignKey(Webhook.id, ondelete="CASCADE"))
    position: Mapped[int | None] = mapped_column(BigInteger)
    """Of its entry in the log; None for a ping."""
    event: Mapped[str]
    """`webhook-id`."""
    type: Mapped[str]
    subject: Mapped[str]
    body: Mapped[bytes]
    """What is sent, the same at every attempt."""
    state: Mapped[str] = mapped_column(server_default="pending")
    attempts: Mapped[int] = mapped_column(server_default="0")
    """Begun; whoever writes an outcome says which attempt's it is."""
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    begun_at: Mapped[datetime | None]
    """The first attempt, from which the days are counted."""
    next_at: Mapped[datetime] = mapped_column(server_default=func.now())
    leased_until: Mapped[datetime | None]
    """A gateway is at it; if that one dies, another takes over then."""
    ended_at: Mapped[datetime | None]
    log: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default="[]")
    """An object for each attempt that came to an end."""
