"""The tables of saved searches."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from training.database import Base


class SavedSearch(Base):
    """A search that an organisation follows; `version` counts the times that something was new."""

    __tablename__ = "saved_search"
    __table_args__ = (Index(None, "tenant", "created_at", "id"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    tenant: Mapped[str]
    client: Mapped[str]
    label: Mapped[str]
    query: Mapped[str]
    """As it was sent, to be sent again."""
    asked: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """As it was read: `search.filters.Asked`."""
    version: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class SavedSearchMatch(Base):
    """What matches a saved search; `number` is the version it was new in, none if it was there."""

    __tablename__ = "saved_search_match"
    __table_args__ = (
        CheckConstraint("kind IN ('offer', 'certification')", "kind"),
        Index(
            "ix_saved_search_match_number",
            "search_id",
            "number",
            "entry_id",
            postgresql_where=text("number IS NOT NULL"),
        ),
        Index(None, "search_id", "thing_id"),
    )

    search_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("training.saved_search.id", ondelete="CASCADE"), primary_key=True
    )
    entry_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    """That of the search's hit: an action or a certification."""
    kind: Mapped[str]
    thing_id: Mapped[uuid.UUID]
    """The formation or the certification, whose change may end the match."""
    number: Mapped[int | None]
    matched_at: Mapped[datetime] = mapped_column(server_default=func.now())


class AlertCursor(Base):
    """How far of the change feed the saved searches have been asked about."""

    __tablename__ = "alert_cursor"
    __table_args__ = (CheckConstraint("id", "only"),)

    id: Mapped[bool] = mapped_column(primary_key=True)
    xid: Mapped[int] = mapped_column(BigInteger)
    seq: Mapped[int] = mapped_column(BigInteger)
