"""Tables of the offers: the formation with its document, and the parts that people search by.

The document is what the provider said; actions, sessions and places are drawn from it whenever it
changes. Their ids are made of the business keys, so they stay.
"""

import uuid
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, Float, ForeignKey, Index, Numeric, SmallInteger, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from training.database import Base

_FORMATION = "training.formation.id"


class Formation(Base):
    """A programme of one provider; withdrawn ones stay, with the reason."""

    __tablename__ = "formation"
    __table_args__ = (
        CheckConstraint("provider_siret ~ '^[0-9]{14}$'", "provider_siret"),
        CheckConstraint("version >= 1", "version"),
        CheckConstraint("quality BETWEEN 0 AND 100", "quality"),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_reason IS NULL)", "withdrawn"),
        Index(None, "provider_siret", "number", unique=True),
        Index(None, "certifications", postgresql_using="gin"),
        Index(None, "departments", postgresql_using="gin"),
        Index("ix_formation_name", text("left(title, 120)"), "id"),
        Index(
            "ix_formation_title_trigrams",
            "title",
            postgresql_using="gin",
            postgresql_ops={"title": "public.gin_trgm_ops"},
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    provider_siret: Mapped[str]
    number: Mapped[str]
    """The provider's own; a certification's number never names an offer."""
    title: Mapped[str]
    provider_name: Mapped[str]
    certifications: Mapped[list[str]]
    rome: Mapped[list[str]]
    nsf: Mapped[list[str]]
    formacodes: Mapped[list[str]]
    departments: Mapped[list[str]]
    modes: Mapped[list[str]]
    starts_on: Mapped[date | None]
    """Of its first session; none where one has an open start."""
    ends_on: Mapped[date | None]
    quality: Mapped[int | None] = mapped_column(SmallInteger)
    """`quality.of_formation`; none until its file comes again after the score was introduced."""
    document: Mapped[dict[str, Any]] = mapped_column(JSONB)
    source_kind: Mapped[str]
    source_name: Mapped[str]
    source_url: Mapped[str | None]
    source_dated_on: Mapped[date | None]
    source_licence: Mapped[str | None]
    import_run_id: Mapped[uuid.UUID]
    fingerprint: Mapped[str]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_reason: Mapped[str | None]
    version: Mapped[int] = mapped_column(server_default="1")
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Action(Base):
    """A way in which a formation is given: for whom, how, at which price."""

    __tablename__ = "action"
    __table_args__ = (
        CheckConstraint("mode IN ('on_site', 'mixed', 'remote')", "mode"),
        CheckConstraint("price >= 0", "price"),
        Index(None, "formation_id", "number", unique=True),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    formation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(_FORMATION, ondelete="CASCADE"))
    number: Mapped[str]
    position: Mapped[int] = mapped_column(SmallInteger)
    mode: Mapped[str]
    entries: Mapped[str]
    audiences: Mapped[list[str]]
    funders: Mapped[list[str]]
    languages: Mapped[list[str]]
    price: Mapped[Decimal | None] = mapped_column(Numeric(12, 2))
    """In euros, all taxes included; none where the provider gives no amount."""
    hours: Mapped[int | None]
    seats: Mapped[int | None]
    """Places that funders pay for, all together; none where nobody states a number."""


class Session(Base):
    """A period in which an action takes place; an open day is none."""

    __tablename__ = "session"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", "period"),
        CheckConstraint("enrolment_ends_on <= ends_on", "enrolment"),
        Index(None, "action_id", "number", unique=True),
        Index(None, "starts_on"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    action_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("training.action.id", ondelete="CASCADE")
    )
    number: Mapped[str]
    position: Mapped[int] = mapped_column(SmallInteger)
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    enrolment_starts_on: Mapped[date | None]
    enrolment_ends_on: Mapped[date | None]
    recruitment_state: Mapped[str | None]
    blocs: Mapped[list[str]]
    """Competency blocs reached, as `RNCP37873/RNCP37873BC01`: a bloc's code alone names nothing."""


class Place(Base):
    """Where an action takes place."""

    __tablename__ = "place"
    __table_args__ = (Index(None, "department"), Index(None, "latitude", "longitude"))

    action_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("training.action.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    siret: Mapped[str | None]
    name: Mapped[str | None]
    postcode: Mapped[str]
    city: Mapped[str]
    department: Mapped[str]
    commune: Mapped[str | None]
    latitude: Mapped[float | None] = mapped_column(Float(53))
    longitude: Mapped[float | None] = mapped_column(Float(53))
