"""Programmes, cohorts and the seats in them."""

import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from diagnostic.database import Base, Id, Recorded


class CohortStatus(StrEnum):
    """Life of a cohort; only an open one takes enrolments."""

    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"
    RUNNING = "running"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class EnrolmentStatus(StrEnum):
    """Where a company stands in a cohort."""

    CONFIRMED = "confirmed"
    WAITLISTED = "waitlisted"
    CANCELLED = "cancelled"


class Programme(Base):
    """A regional programme, under which cohorts run and diagnostics are counted once."""

    __tablename__ = "programme"

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(unique=True)
    title: Mapped[dict[str, Any]]
    created_at: Mapped[Recorded]


class Cohort(Base):
    """Companies that spend one week together; dates are days in `timezone`."""

    __tablename__ = "cohort"
    __table_args__ = (
        CheckConstraint("0 <= seats_taken AND seats_taken <= capacity", name="seats_in_capacity"),
        CheckConstraint("starts_on < ends_on AND ends_on - starts_on < 7", name="one_week"),
        CheckConstraint(
            "status IN ('planned', 'open', 'closed', 'running', 'completed', 'cancelled')",
            name="status_known",
        ),
        Index("ix_cohort_starts_on_id", "starts_on", "id"),
    )

    id: Mapped[Id]
    programme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("programme.id"))
    code: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    tenant: Mapped[str]
    facilitator: Mapped[str]
    capacity: Mapped[int]
    seats_taken: Mapped[int] = mapped_column(default=0)
    waitlisted: Mapped[int] = mapped_column(default=0)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    enrol_closes_at: Mapped[datetime]
    timezone: Mapped[str]
    status: Mapped[str] = mapped_column(default=CohortStatus.OPEN)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[Recorded]


class Enrolment(Base):
    """A company's seat, or its rank in the waiting list; one active per company and cohort."""

    __tablename__ = "enrolment"
    __table_args__ = (
        CheckConstraint(
            "status IN ('confirmed', 'waitlisted', 'cancelled')", name="status_known"
        ),
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
