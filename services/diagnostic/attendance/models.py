"""The sheets of attendance."""

import uuid

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from diagnostic.database import Base, Recorded


class Attendance(Base):
    """A company on the sheet of a session; who is not on it was not noted."""

    __tablename__ = "attendance"
    __table_args__ = (
        CheckConstraint("status IN ('present', 'absent', 'excused')", name="status_known"),
        Index("ix_attendance_organisation_id", "organisation_id"),
    )

    session_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cohort_session.id"), primary_key=True)
    organisation_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("organisation.id"), primary_key=True
    )
    status: Mapped[str]
    recorded_at: Mapped[Recorded]
