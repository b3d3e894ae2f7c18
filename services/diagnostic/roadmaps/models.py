"""Recommendations, and the roadmaps made of them."""

import uuid
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
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
    """The actions proposed after one submission, and the parts that no neighbour could give."""

    __tablename__ = "roadmap"
    __table_args__ = (UniqueConstraint("assessment_id", "assessment_revision"),)

    id: Mapped[Id]
    tenant: Mapped[str]
    assessment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("assessment.id"))
    assessment_revision: Mapped[int]
    score: Mapped[dict[str, Any]]
    unavailable: Mapped[list[Any]]
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[Recorded]


class RoadmapAction(Base):
    """An action in its place; what the catalogue said that day is copied, so it cannot drift."""

    __tablename__ = "roadmap_action"
    __table_args__ = (
        UniqueConstraint("roadmap_id", "position"),
        UniqueConstraint("roadmap_id", "recommendation"),
        CheckConstraint(
            "status IN ('proposed', 'accepted', 'rejected', 'in_progress', 'done', 'on_hold',"
            " 'dropped')",
            name="status_known",
        ),
    )

    id: Mapped[Id]
    roadmap_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("roadmap.id"))
    position: Mapped[int]
    recommendation: Mapped[str]
    status: Mapped[str] = mapped_column(default="proposed")
    content: Mapped[dict[str, Any]]
