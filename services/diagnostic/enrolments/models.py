"""Who has a seat in which cohort."""

import uuid
from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint, FetchedValue, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import DATERANGE, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column

from diagnostic.database import Base, Id, Recorded


class EnrolmentStatus(StrEnum):
    """Where a company stands in a cohort."""

    CONFIRMED = "confirmed"
    WAITLISTED = "waitlisted"
    ATTENDED = "attended"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


PRESENT = frozenset({EnrolmentStatus.CONFIRMED, EnrolmentStatus.ATTENDED})
"""Takes part: its facilitators see what it does within the cohort."""

ENDED = frozenset({EnrolmentStatus.CANCELLED, EnrolmentStatus.EXPIRED})
"""Over for good; the company may ask anew."""


class Reason(StrEnum):
    """Why an enrolment ended, or why a seat was given later than asked."""

    WITHDRAWN = "withdrawn"
    EXCLUDED = "excluded"
    COHORT_CANCELLED = "cohort_cancelled"
    COHORT_STARTED = "cohort_started"
    SEATED_ELSEWHERE = "seated_elsewhere"
    PROMOTED = "promoted"


_SEATED = "status IN ('confirmed', 'attended', 'no_show')"
"""Holds a seat, which is counted in `seats_taken`."""


class Enrolment(Base):
    """A company's seat, or its rank in the waiting list; one active per company and cohort.

    Triggers keep programme and days as those of the cohort.
    """

    __tablename__ = "enrolment"
    __table_args__ = (
        CheckConstraint(
            "status IN ('confirmed', 'waitlisted', 'attended', 'no_show', 'cancelled', 'expired')",
            name="status_known",
        ),
        CheckConstraint(f"({_SEATED}) = (seat_no IS NOT NULL)", name="seat_when_confirmed"),
        CheckConstraint("(status = 'waitlisted') = (rank IS NOT NULL)", name="rank_when_waiting"),
        ExcludeConstraint(
            ("organisation_id", "="),
            ("programme_id", "="),
            ("days", "&&"),
            using="gist",
            where=text(_SEATED),
            name="ex_enrolment_one_place_at_a_time",
        ),
        Index(
            "uq_enrolment_active",
            "cohort_id",
            "organisation_id",
            unique=True,
            postgresql_where=text("status NOT IN ('cancelled', 'expired')"),
        ),
        Index(
            "uq_enrolment_seat",
            "cohort_id",
            "seat_no",
            unique=True,
            postgresql_where=text(_SEATED),
        ),
        Index("ix_enrolment_organisation_id", "organisation_id"),
        Index("ix_enrolment_cohort_id_created_at_id", "cohort_id", "created_at", "id"),
    )

    id: Mapped[Id]
    cohort_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cohort.id"))
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    tenant: Mapped[str]
    status: Mapped[str]
    seat_no: Mapped[int | None]
    rank: Mapped[int | None]
    reason: Mapped[str | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    created_at: Mapped[Recorded]
    updated_at: Mapped[Recorded]
    programme_id: Mapped[uuid.UUID] = mapped_column(server_default=FetchedValue())
    days: Mapped[Range[date]] = mapped_column(DATERANGE, server_default=FetchedValue())
