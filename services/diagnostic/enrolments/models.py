"""Who has a seat in which cohort."""

import uuid
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from diagnostic.database import Base, Id, Recorded


class EnrolmentStatus(StrEnum):
    """Where a company stands in a cohort."""

    CONFIRMED = "confirmed"
    WAITLISTED = "waitlisted"
    CANCELLED = "cancelled"


class Enrolment(Base):
    """A company's seat, or its rank in the waiting list; one active per company and cohort."""

    __tablename__ = "enrolment"
    __table_args__ = (
        CheckConstraint("status IN ('confirmed', 'waitlisted', 'cancelled')", name="status_known"),
        CheckConstraint(
            "(status = 'confirmed') = (seat_no IS NOT NULL)", name="seat_when_confirmed"
        ),
        CheckConstraint("(status = 'waitlisted') = (rank IS NOT NULL)", name="rank_when_waiting"),
        Index(
            "uq_enrolment_active",
            "cohort_id",
            "organisation_id",
            unique=True,
            postgresql_where=text("status <> 'cancelled'"),
        ),
        Index(
            "uq_enrolment_seat",
            "cohort_id",
            "seat_no",
            unique=True,
            postgresql_where=text("status = 'confirmed'"),
        ),
        Index("ix_enrolment_organisation_id", "organisation_id"),
    )

    id: Mapped[Id]
    cohort_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cohort.id"))
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    tenant: Mapped[str]
    status: Mapped[str]
    seat_no: Mapped[int | None]
    rank: Mapped[int | None]
    created_at: Mapped[Recorded]
