"""Pieces of evidence, and the bytes of their files in a table that no list reads."""

import uuid
from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from diagnostic.database import Base, Id, Recorded


class EvidenceFile(Base):
    """The bytes of a file, once per diagnostic however many questions it backs."""

    __tablename__ = "evidence_file"

    assessment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("assessment.id"), primary_key=True)
    sha256: Mapped[str] = mapped_column(primary_key=True)
    content: Mapped[bytes]


class Evidence(Base):
    """A document for one question, one action or the diagnostic; valid through `valid_until`.

    The same file for the same thing is the same evidence.
    """

    __tablename__ = "evidence"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('policy', 'contract', 'certificate', 'training_record', 'screenshot',"
            " 'register', 'other')",
            name="kind_known",
        ),
        CheckConstraint("polarity IN ('positive', 'negative')", name="polarity_known"),
        CheckConstraint("size > 0", name="not_empty"),
        CheckConstraint("(verified_at IS NULL) = (verified_by IS NULL)", name="verified_whole"),
        ForeignKeyConstraint(
            ["assessment_id", "sha256"],
            ["diagnostic.evidence_file.assessment_id", "diagnostic.evidence_file.sha256"],
        ),
        CheckConstraint("question IS NULL OR action_id IS NULL", name="of_one_thing"),
        UniqueConstraint(
            "assessment_id",
            "question",
            "action_id",
            "sha256",
            postgresql_nulls_not_distinct=True,
        ),
        Index("ix_evidence_assessment_id_created_at_id", "assessment_id", "created_at", "id"),
    )

    id: Mapped[Id]
    tenant: Mapped[str]
    assessment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("assessment.id"))
    question: Mapped[str | None]
    action_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("roadmap_action.id"))
    kind: Mapped[str]
    polarity: Mapped[str]
    title: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    valid_until: Mapped[date | None]
    verified_at: Mapped[datetime | None]
    verified_by: Mapped[str | None]
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[Recorded]
