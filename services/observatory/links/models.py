"""Questions that have a short address; never changed."""

from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from observatory.database import Base


class Link(Base):
    """A question of an indicator, under the digest of what it asks."""

    __tablename__ = "link"

    id: Mapped[str] = mapped_column(primary_key=True)
    indicator: Mapped[str]
    form: Mapped[str]
    question: Mapped[dict[str, Any]] = mapped_column(
        JSONB, comment="Query parameters by name, sorted"
    )
    release: Mapped[int | None] = mapped_column(comment="Ordinal that it is pinned to")
    client: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
