"""What is published of a programme, and what the gate must remember between two days."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from diagnostic.database import Base, Id


class ProgrammeStatistics(Base):
    """The figures of a programme from a day on; the service's role may only add and read."""

    __tablename__ = "programme_statistics"
    __table_args__ = (
        UniqueConstraint("programme_id", "as_of_on"),
        CheckConstraint("k >= 5", name="k_has_a_floor"),
    )

    id: Mapped[Id]
    programme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("programme.id"))
    as_of_on: Mapped[date]
    """A day in Paris; with the programme's code, what a citation names."""
    made_at: Mapped[datetime]
    k: Mapped[int]
    body: Mapped[dict[str, Any]]
    """Only what may be shown to anybody; no company, and no id of one."""


class StatisticsContribution(Base):
    """What one company brings to a subject, as it is counted until three change with it.

    Its facts are empty once consent was withdrawn; it goes when no group needs it.
    """

    __tablename__ = "statistics_contribution"
    __table_args__ = (
        Index("ix_statistics_contribution_programme_id", "programme_id"),
        Index("ix_statistics_contribution_organisation_id", "organisation_id"),
    )

    id: Mapped[Id]
    programme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("programme.id"))
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    subject: Mapped[str]
    assessments: Mapped[list[uuid.UUID]] = mapped_column(ARRAY(Uuid))
    facts: Mapped[dict[str, Any]]


class StatisticsGroup(Base):
    """Whom a group was last shown with, by the ids of contributions; they never leave."""

    __tablename__ = "statistics_group"

    programme_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("programme.id"), primary_key=True)
    subject: Mapped[str] = mapped_column(primary_key=True)
    cell: Mapped[str] = mapped_column(primary_key=True)
    k: Mapped[int]
    is_shown: Mapped[bool]
    members: Mapped[list[uuid.UUID]] = mapped_column(ARRAY(Uuid))
