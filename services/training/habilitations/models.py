"""The table of what each import finds about the right of a provider to offer what it offers."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, func
from sqlalchemy.orm import Mapped, mapped_column

from training.database import Base


class FormationFlags(Base):
    """The flags of an offer; one that never had any has no row, one that lost them an empty one."""

    __tablename__ = "formation_flags"
    __table_args__ = (
        CheckConstraint("version >= 1", "version"),
        Index(None, "flags", postgresql_using="gin"),
    )

    formation_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("training.formation.id", ondelete="CASCADE"), primary_key=True
    )
    flags: Mapped[list[str]]
    certifications: Mapped[list[str]]
    """Those for which the provider is not habilitated."""
    version: Mapped[int] = mapped_column(server_default="1")
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())
