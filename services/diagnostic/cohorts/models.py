"""Programmes and their cohorts."""

import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index
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
