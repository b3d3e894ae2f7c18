"""Grids and their versions; a trigger of the migrations freezes one that left draft."""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, text
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
    """A grid under its stable code; its tenant alone writes versions, which say what is asked."""

    __tablename__ = "questionnaire"

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(unique=True)
    tenant: Mapped[str]
    owner: Mapped[str]
    title: Mapped[dict[str, Any]]
    created_at: Mapped[Recorded]


class QuestionnaireVersion(Base):
    """One wording and scoring of a grid; `written_by` are all who wrote it, the first one first."""

    __tablename__ = "questionnaire_version"
    __table_args__ = (
        UniqueConstraint("questionnaire_id", "version"),
        CheckConstraint(
            "status IN ('draft', 'in_review', 'published', 'superseded', 'retired')",
            name="status_known",
        ),
        CheckConstraint("published_by <> ALL (written_by)", name="four_eyes"),
        CheckConstraint(
            "CASE WHEN status IN ('draft', 'in_review') THEN published_at IS NULL"
            " ELSE status = 'retired' OR published_at IS NOT NULL END",
            name="dated_when_published",
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
    written_by: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    created_at: Mapped[Recorded]
    edited_at: Mapped[datetime | None]
