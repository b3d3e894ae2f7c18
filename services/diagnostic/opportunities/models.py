"""The table of funding opportunities."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from diagnostic.database import Base, Id, Recorded


class Opportunity(Base):
    """A public aid or call as its operator publishes it; `version` grows with its content."""

    __tablename__ = "opportunity"

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(unique=True)
    content: Mapped[dict[str, Any]]
    content_hash: Mapped[str]
    opens_on: Mapped[date | None]
    closes_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[Recorded]
