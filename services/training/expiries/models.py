"""The table of what was told of the ends of registrations."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from training.database import Base


class ExpiryNotice(Base):
    """One notice of one last day of one certification; another last day is told anew."""

    __tablename__ = "expiry_notice"
    __table_args__ = (
        UniqueConstraint("certification_id", "ends_on", "stage"),
        CheckConstraint("stage IN ('days_90', 'days_30', 'days_7', 'ended')", "stage"),
        Index(None, "told_at", "id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(
        primary_key=True, server_default=text("gen_random_uuid()")
    )
    certification_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("training.certification.id", ondelete="CASCADE")
    )
    ends_on: Mapped[date]
    stage: Mapped[str]
    formations: Mapped[int]
    """How many it hit when it was told, and how many of their sessions."""
    sessions: Mapped[int]
    providers: Mapped[list[str]]
    """SIRETs of those that offer them, the first in their order."""
    starts_on: Mapped[date | None]
    """The first day on which a session that it hits begins, none where all of them run."""
    told_at: Mapped[datetime] = mapped_column(server_default=func.now())
