"""The table of targets."""

import uuid
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from diagnostic.database import Base, Recorded


class AssessmentTarget(Base):
    """A company's targets, by code of dimension; they outlive the revisions of a diagnostic."""

    __tablename__ = "assessment_target"

    assessment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("assessment.id"), primary_key=True)
    dimensions: Mapped[dict[str, Any]]
    version: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[Recorded]
