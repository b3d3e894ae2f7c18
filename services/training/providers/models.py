"""The table of the providers: one row per declaration of activity."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from training.database import Base


class Provider(Base):
    """A declared organisation (Code du travail, L. 6351-7-1); one that left the list stays.

    A company has one declaration as a rule, and more when it represents foreign organisations.
    """

    __tablename__ = "provider"
    __table_args__ = (
        CheckConstraint("activity_number ~ '^[0-9AB]{11}$'", "activity_number"),
        CheckConstraint("siret ~ '^[0-9]{14}$'", "siret"),
        CheckConstraint("siren ~ '^[0-9]{9}$'", "siren"),
        CheckConstraint("version >= 1", "version"),
        Index(None, "siret"),
        Index(None, "siren"),
        Index(None, "department"),
        Index(None, "qualiopi", postgresql_using="gin"),
        Index(
            "ix_provider_trigrams",
            "search_text",
            postgresql_using="gin",
            postgresql_ops={"search_text": "public.gin_trgm_ops"},
        ),
    )

    activity_number: Mapped[str] = mapped_column(primary_key=True)
    siret: Mapped[str | None]
    """Of the establishment that declares; the declaration and Qualiopi are the company's."""
    siren: Mapped[str | None]
    name: Mapped[str]
    department: Mapped[str | None]
    qualiopi: Mapped[list[str]]
    document: Mapped[dict[str, Any]] = mapped_column(JSONB)
    search_text: Mapped[str]
    source_name: Mapped[str]
    source_url: Mapped[str]
    source_dated_on: Mapped[date | None]
    source_licence: Mapped[str]
    import_run_id: Mapped[uuid.UUID]
    fingerprint: Mapped[str]
    withdrawn_at: Mapped[datetime | None]
    """Since when the complete list lacks it."""
    version: Mapped[int] = mapped_column(server_default="1")
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())
