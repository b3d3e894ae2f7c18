"""Recommendations, and the roadmaps made of them."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from diagnostic.database import Base, Id, Recorded


class Recommendation(Base):
    """A recommendation of the catalogue; its content says what triggers it."""

    __tablename__ = "recommendation"
    __table_args__ = (UniqueConstraint("questionnaire_code", "code"),)

    id: Mapped[Id]
    questionnaire_code: Mapped[str]
    code: Mapped[str]
    content: Mapped[dict[str, Any]]
    content_hash: Mapped[str]
    version: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[Recorded]


class Roadmap(Base):
    """The actions proposed after one submission, and the parts that no neighbour could give.

    Once delivered, `cited` has the version of each aid that it names, by code.
    """

    __tablename__ = "roadmap"
    __table_args__ = (
        UniqueConstraint("assessment_id", "assessment_revision"),
        CheckConstraint("(delivered_at IS NULL) = (cited IS NULL)", name="cited_once_delivered"),
    )

    id: Mapped[Id]
    tenant: Mapped[str]
    assessment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("assessment.id"))
    assessment_revision: Mapped[int]
    score: Mapped[dict[str, Any]]
    unavailable: Mapped[list[Any]]
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[Recorded]
    delivered_at: Mapped[datetime | None]
    cited: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))


class RoadmapAction(Base):
    """An action in its place; what the catalogue said that day is copied, so it cannot drift.

    One of the company's own has a `title`, and `own-<n>` for a code, which no recommendation has.
    """

    __tablename__ = "roadmap_action"
    __table_args__ = (
        UniqueConstraint("roadmap_id", "position", deferrable=True, initially="DEFERRED"),
        UniqueConstraint("roadmap_id", "recommendation"),
        CheckConstraint(
            "status IN ('proposed', 'accepted', 'rejected', 'in_progress', 'done', 'on_hold',"
            " 'dropped')",
            name="status_known",
        ),
        CheckConstraint("due_on >= starts_on", name="due_after_start"),
        CheckConstraint("progress BETWEEN 0 AND 100", name="progress_in_range"),
        CheckConstraint("status <> 'done' OR progress = 100", name="done_is_whole"),
        CheckConstraint(
            "(status IN ('rejected', 'on_hold', 'dropped')) = (reason IS NOT NULL)",
            name="reason_known",
        ),
        Index(
            "ix_roadmap_action_running",
            "id",
            postgresql_where=text("status IN ('accepted', 'in_progress')"),
        ),
        Index(
            "ix_roadmap_action_owner_id",
            "owner_id",
            postgresql_where=text("owner_id IS NOT NULL"),
        ),
    )

    id: Mapped[Id]
    roadmap_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("roadmap.id"))
    position: Mapped[int]
    recommendation: Mapped[str]
    title: Mapped[str | None]
    status: Mapped[str] = mapped_column(default="proposed")
    reason: Mapped[str | None]
    """Why it was rejected, put on hold or dropped."""
    owner_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("respondent.id"))
    starts_on: Mapped[date | None]
    due_on: Mapped[date | None]
    """Its last day, in Paris."""
    progress: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    note: Mapped[str | None]
    content: Mapped[dict[str, Any]]
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))
    changed_at: Mapped[Recorded]
    """When somebody last worked on it: making room for another, or an erasure, is no work."""
