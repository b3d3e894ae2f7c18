"""Grids and their versions; migration 0001 adds the trigger that freezes a published one."""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from diagnostic.database import Base, Id, Recorded


class VersionStatus(StrEnum):
    """States in their only order; nothing returns to draft."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"
    RETIRED = "retired"


class Questionnaire(Base):
    """A grid under its stable code; what is asked lives in its versions."""

    __tablename__ = "questionnaire"

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(unique=True)
    owner: Mapped[str]
    title: Mapped[dict[str, Any]]
    created_at: Mapped[Recorded]


class QuestionnaireVersion(Base):
    """One wording and scoring of a grid; frozen by a trigger from publication on."""

    __tablename__ = "questionnaire_version"
    __table_args__ = (
        UniqueConstraint("questionnaire_id", "version"),
        CheckConstraint(
            "status IN ('draft', 'in_review', 'published', 'superseded', 'retired')",
            name="status_known",
        ),
        Index(
            "uq_questionnaire_version_published",
            "questionnaire_id",
            unique=True,
            postgresql_where=text("status = 'published'"),
        ),
    )

    id: Mapped[Id]
    questionnaire_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("questionnaire.id"))
    version: Mapped[str]
    status: Mapped[str] = mapped_column(default=VersionStatus.DRAFT)
    content: Mapped[dict[str, Any]]
    content_hash: Mapped[str]
    scoring_hash: Mapped[str]
    published_at: Mapped[datetime | None]
    published_by: Mapped[str | None]
    supersedes: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("questionnaire_version.id"))
    created_at: Mapped[Recorded]
