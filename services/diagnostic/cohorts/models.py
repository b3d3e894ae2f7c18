"""Programmes, their cohorts, and the sessions of these."""

import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from diagnostic.cohorts.timetable import SessionKind
from diagnostic.database import Base, Id, Recorded


class CohortStatus(StrEnum):
    """Life of a cohort; only an open one takes enrolments, until its closing instant."""

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
        CheckConstraint(
            "waitlisted = 0 OR seats_taken = capacity", name="nobody_waits_for_a_free_seat"
        ),
        CheckConstraint("waitlisted >= 0", name="waiting_counted"),
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
    co_facilitators: Mapped[list[str]] = mapped_column(
        ARRAY(Text), default=list, server_default="{}"
    )
    """Tenants that facilitate as well, until the one that opened it takes them off."""
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


class SessionStatus(StrEnum):
    """A session takes place, or was called off; it is never deleted, so that diaries follow."""

    PLANNED = "planned"
    CANCELLED = "cancelled"


class CohortSession(Base):
    """One meeting of a cohort; `version` counts its changes, `sheet_version` those of its sheet."""

    __tablename__ = "cohort_session"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('kickoff', 'diagnostic', 'feedback', 'roadmap', 'closing', 'other')",
            name="kind_known",
        ),
        CheckConstraint("status IN ('planned', 'cancelled')", name="status_known"),
        CheckConstraint("starts_at < ends_at", name="ends_later"),
        Index("ix_cohort_session_cohort_id_starts_at_id", "cohort_id", "starts_at", "id"),
    )

    id: Mapped[Id]
    cohort_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cohort.id"))
    kind: Mapped[str] = mapped_column(default=SessionKind.OTHER)
    title: Mapped[str | None]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    place: Mapped[str | None]
    online_url: Mapped[str | None]
    status: Mapped[str] = mapped_column(default=SessionStatus.PLANNED)
    version: Mapped[int] = mapped_column(default=1)
    sheet_version: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    created_at: Mapped[Recorded]
    changed_at: Mapped[Recorded]
