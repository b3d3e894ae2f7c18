"""The table of what reviewers and companies say to each other about a diagnostic."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from diagnostic.database import Base, Id, Recorded


class ReviewComment(Base):
    """A remark to resolve, on one question, one dimension or the whole; its text may be erased."""

    __tablename__ = "review_comment"
    __table_args__ = (
        CheckConstraint("question IS NULL OR dimension IS NULL", name="about_one_thing"),
        Index("ix_review_comment_assessment_id_created_at_id", "assessment_id", "created_at", "id"),
        Index(
            "ix_review_comment_open", "assessment_id", postgresql_where=text("resolved_at IS NULL")
        ),
        Index("ix_review_comment_respondent_id", "respondent_id"),
    )

    id: Mapped[Id]
    assessment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("assessment.id"))
    revision: Mapped[int]
    question: Mapped[str | None]
    dimension: Mapped[str | None]
    text: Mapped[str | None]
    """Personal data may sit in it; null once erased."""
    author: Mapped[str]
    respondent_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("respondent.id"))
    created_at: Mapped[Recorded]
    resolved_at: Mapped[datetime | None]
    resolved_by: Mapped[str | None]
