"""Tables of the rollovers: what was asked, what became of each offer, and the drafts."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from training.database import Base


class Rollover(Base):
    """One copy of a provider's year, or one trial of it; `tenant` is whose the offers are."""

    __tablename__ = "rollover"
    __table_args__ = (
        CheckConstraint("first <= last", "year"),
        Index(None, "tenant", "created_at", "id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(
        primary_key=True, server_default=text("gen_random_uuid()")
    )
    tenant: Mapped[str]
    client: Mapped[str]
    provider_siret: Mapped[str]
    first: Mapped[date]
    last: Mapped[date]
    dry_run: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class RolloverLine(Base):
    """What became of one formation, in the order of the provider's numbers."""

    __tablename__ = "rollover_line"
    __table_args__ = (
        CheckConstraint(
            "outcome IN ('created', 'already_there', 'certification_ended', 'number_too_long')",
            "outcome",
        ),
    )

    rollover_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("training.rollover.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    formation_id: Mapped[uuid.UUID]
    title: Mapped[str]
    former_number: Mapped[str]
    number: Mapped[str]
    outcome: Mapped[str]
    draft_id: Mapped[uuid.UUID | None]
    sessions: Mapped[int]
    sessions_left: Mapped[int]
    certification: Mapped[str | None]
    starts_on: Mapped[date | None]


class RolloverDraft(Base):
    """The formation of the next year, as nobody but its own organisation sees it.

    Its id is the one that the formation will have: made of the business key, so that what was
    copied once cannot be copied twice. Once published it stays, as what says where that came from.
    """

    __tablename__ = "rollover_draft"
    __table_args__ = (
        CheckConstraint("version >= 1", "version"),
        Index(None, "tenant", "provider_siret", "number"),
        Index(None, "rollover_id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    tenant: Mapped[str]
    provider_siret: Mapped[str]
    number: Mapped[str]
    title: Mapped[str]
    formation_id: Mapped[uuid.UUID]
    """Of which it is the copy."""
    rollover_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("training.rollover.id"))
    licence: Mapped[str | None]
    document: Mapped[dict[str, Any]] = mapped_column(JSONB)
    version: Mapped[int] = mapped_column(server_default="1")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())
    published_at: Mapped[datetime | None]
