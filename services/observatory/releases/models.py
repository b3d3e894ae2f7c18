"""Releases: which file, which notes, which difference, and from when on they are seen."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    SmallInteger,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from observatory.database import Base


class Release(Base):
    """A vintage of a dataflow; `ordinal` counts the vintages of one flow from 1.

    `published_at` in the future is an embargo. What is withdrawn or superseded is told by the
    instants, not by `state`.
    """

    __tablename__ = "release"
    __table_args__ = (
        CheckConstraint("state IN ('draft', 'validated', 'published', 'rejected')", name="state"),
        CheckConstraint("reason IN ('data', 'method', 'classification')", name="reason"),
        CheckConstraint(
            "(ordinal IS NOT NULL) = (state IN ('validated', 'published'))", name="ordinal"
        ),
        CheckConstraint("(published_at IS NOT NULL) = (state = 'published')", name="published"),
        Index(
            "uq_release_flow_ordinal",
            "flow",
            "ordinal",
            unique=True,
            postgresql_where=text("ordinal IS NOT NULL"),
        ),
        Index("ix_release_published_at", "published_at", "id"),
        Index(
            "ix_release_updated",
            text("greatest(published_at, withdrawn_at)"),
            "id",
            postgresql_where=text("state = 'published'"),
        ),
        Index(
            "ix_release_unannounced",
            "published_at",
            postgresql_where=text("state = 'published' AND announced_at IS NULL"),
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    flow: Mapped[int] = mapped_column(SmallInteger, ForeignKey("observatory.flow.number"))
    ordinal: Mapped[int | None]
    state: Mapped[str] = mapped_column(server_default="draft")
    tenant: Mapped[str]
    client: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    published_at: Mapped[datetime | None]
    announced_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    outcome: Mapped[dict[str, Any] | None] = mapped_column(
        JSONB, comment="Why it was rejected or withdrawn, in both languages"
    )
    structure: Mapped[str] = mapped_column(comment="Version of the dataflow that it was judged by")
    notes: Mapped[dict[str, Any]] = mapped_column(JSONB)
    reason: Mapped[str]
    method: Mapped[str]
    source: Mapped[str]
    formula: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    origins: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default=text("'[]'"))
    file_sha256: Mapped[str | None]
    file_rows: Mapped[int | None]
    diff: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    n_obs: Mapped[int | None]
    n_series: Mapped[int | None]
    first_period: Mapped[int | None]
    last_period: Mapped[int | None]
    present: Mapped[dict[str, Any] | None] = mapped_column(
        JSONB, comment="Codes and periods that have data, by dimension"
    )


class ReleaseDeed(Base):
    """Who did what with a release; never changed."""

    __tablename__ = "release_deed"

    seq: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    release: Mapped[uuid.UUID] = mapped_column(ForeignKey("observatory.release.id"), index=True)
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    deed: Mapped[str]
    client: Mapped[str]
    subject: Mapped[str]
