"""Announced releases, and every day that each was announced for."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, SmallInteger, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from observatory.database import Base


class Announcement(Base):
    """The release of a dataflow that will have an ordinal, and when it is to appear."""

    __tablename__ = "announcement"
    __table_args__ = (
        Index(
            "uq_announcement_flow_ordinal",
            "flow",
            "ordinal",
            unique=True,
            postgresql_where=text("cancelled_at IS NULL"),
        ),
        Index("ix_announcement_scheduled_at", "scheduled_at", "id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    flow: Mapped[int] = mapped_column(SmallInteger, ForeignKey("observatory.flow.number"))
    ordinal: Mapped[int]
    tenant: Mapped[str]
    title: Mapped[dict[str, Any]] = mapped_column(JSONB)
    period: Mapped[str | None] = mapped_column(comment="Reference period that the release is about")
    scheduled_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(server_default="1")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    cancelled_at: Mapped[datetime | None]


class AnnouncedDate(Base):
    """A day that a release was announced for, why it changed, and by whom; never changed."""

    __tablename__ = "announced_date"

    seq: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    announcement: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("observatory.announcement.id"), index=True
    )
    scheduled_at: Mapped[datetime | None] = mapped_column(comment="Null: cancelled")
    reason: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    recorded_at: Mapped[datetime] = mapped_column(server_default=func.now())
    client: Mapped[str]
    subject: Mapped[str]
