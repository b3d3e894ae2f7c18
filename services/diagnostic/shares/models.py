"""Share links, and every use of them; the service's role may only add and read uses."""

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index
from sqlalchemy.orm import Mapped, mapped_column

from diagnostic.database import Base, Id, Recorded


class ShareLink(Base):
    """A way to one report without an account; the token itself is known to its holders only."""

    __tablename__ = "share_link"
    __table_args__ = (
        CheckConstraint("octet_length(digest) = 32", name="digest_is_sha256"),
        CheckConstraint("expires_at > created_at", name="expires_later"),
        Index("ix_share_link_assessment_id_created_at_id", "assessment_id", "created_at", "id"),
    )

    id: Mapped[Id]
    assessment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("assessment.id"))
    digest: Mapped[bytes] = mapped_column(unique=True)
    """SHA-256 of the token, which is random: there is nothing to guess, so no salt."""
    language: Mapped[str | None]
    note: Mapped[str | None]
    """For whom it is, in the words of whoever made it; null once erased."""
    created_by: Mapped[str]
    created_at: Mapped[Recorded]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[str | None]


class ShareAccess(Base):
    """One use of a link, granted or refused; nothing about who used it."""

    __tablename__ = "share_access"
    __table_args__ = (
        Index("ix_share_access_link_id_at", "link_id", "at"),
        Index("ix_share_access_at_id", "at", "id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    link_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("share_link.id"))
    at: Mapped[Recorded]
    format: Mapped[str]
    outcome: Mapped[str]
