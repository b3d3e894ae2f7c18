"""The table of capacities."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from training.database import Base


class SessionCapacity(Base):
    """The places of a session; its id is made of business keys, so that it outlives an import."""

    __tablename__ = "session_capacity"
    __table_args__ = (
        CheckConstraint("remaining BETWEEN 0 AND capacity", "remaining"),
        CheckConstraint("version >= 1", "version"),
    )

    session_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    capacity: Mapped[int]
    remaining: Mapped[int]
    version: Mapped[int] = mapped_column(server_default="1")
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())
