"""Who is invited to which cohort; the token itself is known to its holder only."""

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from diagnostic.database import Base, Id, Recorded


class InvitationStatus(StrEnum):
    """What became of an invitation; one that was sent expires by itself."""

    SENT = "sent"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    REVOKED = "revoked"
    EXPIRED = "expired"


class Invitation(Base):
    """An invitation of the company with this SIREN, whether or not anybody registered it."""

    __tablename__ = "invitation"
    __table_args__ = (
        CheckConstraint("octet_length(digest) = 32", name="digest_is_sha256"),
        CheckConstraint("expires_at > created_at", name="expires_later"),
        CheckConstraint(
            "status IN ('sent', 'accepted', 'declined', 'revoked')", name="status_known"
        ),
        Index("ix_invitation_cohort_id_created_at_id", "cohort_id", "created_at", "id"),
    )

    id: Mapped[Id]
    cohort_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cohort.id"))
    siren: Mapped[str]
    digest: Mapped[bytes] = mapped_column(unique=True)
    status: Mapped[str] = mapped_column(default=InvitationStatus.SENT)
    created_by: Mapped[str]
    created_at: Mapped[Recorded]
    expires_at: Mapped[datetime]
    changed_at: Mapped[Recorded]

    def standing(self, now: datetime) -> InvitationStatus:
        """Give the state as of now."""
        if self.status == InvitationStatus.SENT and self.expires_at <= now:
            return InvitationStatus.EXPIRED
        return InvitationStatus(self.status)
