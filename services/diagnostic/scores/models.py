"""The table of frozen scores; the service's role may only add and read."""

import uuid
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from diagnostic.database import Base, Id, Recorded


class Score(Base):
    """A computed result; inserted once per revision and engine, never changed."""

    __tablename__ = "score"
    __table_args__ = (UniqueConstraint("assessment_id", "assessment_revision", "engine_version"),)

    id: Mapped[Id]
    assessment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("assessment.id"))
    assessment_revision: Mapped[int]
    version_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("questionnaire_version.id"))
    engine_version: Mapped[str]
    input_hash: Mapped[str]
    result: Mapped[dict[str, Any]]
    explanation: Mapped[dict[str, Any]]
    result_hash: Mapped[str]
    backing: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """What backed each answer then, where the profile limits answers by it."""
    computed_at: Mapped[Recorded]
