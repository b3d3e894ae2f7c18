"""Tables of the certifications; the number in its directory is the business key."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Computed, ForeignKey, Index, SmallInteger, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from training.database import Base

_CERTIFICATION = "training.certification.id"


class Certification(Base):
    """One fiche of the RNCP or the RS, with its source, and our own editorial marks beside it."""

    __tablename__ = "certification"
    __table_args__ = (
        CheckConstraint("directory IN ('RNCP', 'RS', 'REG')", "directory"),
        CheckConstraint("number BETWEEN 1 AND 99999", "number"),
        CheckConstraint("level BETWEEN 1 AND 8", "level"),
        CheckConstraint("delivery_limit >= registration_end", "delivery_after_end"),
        CheckConstraint("version >= 1", "version"),
        CheckConstraint("(withdrawn_on IS NULL) = (withdrawn_reason IS NULL)", "withdrawn"),
        Index(None, "directory", "number", unique=True),
        Index(None, "code", unique=True),
        Index(None, "themes", postgresql_using="gin"),
        Index("ix_certification_name", text("left(title, 120)"), "id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(
        primary_key=True, server_default=text("gen_random_uuid()")
    )
    directory: Mapped[str]
    number: Mapped[int]
    code: Mapped[str] = mapped_column(Computed("directory || number::text", persisted=True))
    title: Mapped[str]
    title_en: Mapped[str | None]
    abbreviation: Mapped[str | None]
    level: Mapped[int | None] = mapped_column(SmallInteger)
    registration_type: Mapped[str | None]
    decided_on: Mapped[date | None]
    effective_on: Mapped[date | None]
    registration_end: Mapped[date | None]
    registration_end_year: Mapped[int | None] = mapped_column(SmallInteger)
    delivery_limit: Mapped[date | None]
    source_state: Mapped[str | None]
    source_active: Mapped[bool | None]
    access_routes: Mapped[list[str] | None]
    registration_years: Mapped[int | None] = mapped_column(SmallInteger)
    published_on: Mapped[date | None]
    objectives: Mapped[str | None]
    activities: Mapped[str | None]
    capacities: Mapped[str | None]
    sectors: Mapped[str | None]
    accessible_jobs: Mapped[str | None]
    prerequisites: Mapped[str | None]
    regulations: Mapped[str | None]
    url: Mapped[str | None]
    statistics: Mapped[list[Any] | None] = mapped_column(JSONB(none_as_null=True))
    unknown: Mapped[list[str]]
    themes: Mapped[list[str]]
    audience: Mapped[list[str]]
    ai_literacy_level: Mapped[str | None]
    source_kind: Mapped[str]
    source_name: Mapped[str]
    source_url: Mapped[str]
    source_dated_on: Mapped[date | None]
    source_licence: Mapped[str | None]
    source_id: Mapped[str | None]
    import_run_id: Mapped[uuid.UUID | None]
    """The run whose file gave the present facts; none for the shipped ones."""
    absent_since: Mapped[datetime | None]
    """Since when the daily file lacks it; nothing is deleted for that."""
    withdrawn_on: Mapped[date | None]
    withdrawn_reason: Mapped[str | None]
    """Why a person took it out; the row stays, so that its address can say so."""
    search_text: Mapped[str]
    fingerprint: Mapped[str]
    version: Mapped[int] = mapped_column(server_default="1")
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Bloc(Base):
    """A competency bloc; its code alone is not unique in the directory ("01" exists twice)."""

    __tablename__ = "bloc"

    certification_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey(_CERTIFICATION, ondelete="CASCADE"), primary_key=True
    )
    code: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    competences: Mapped[str | None]
    assessment: Mapped[str | None]
    position: Mapped[int] = mapped_column(SmallInteger)


class Classification(Base):
    """A code of a nomenclature on a certification, with the label of its vintage.

    ROME, NSF, Formacode, or the collective agreements (IDCC); `version` where the source says it.
    """

    __tablename__ = "classification"
    __table_args__ = (
        CheckConstraint("scheme IN ('rome', 'nsf', 'formacode', 'idcc')", "scheme"),
        Index(None, "scheme", "code"),
    )

    certification_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey(_CERTIFICATION, ondelete="CASCADE"), primary_key=True
    )
    scheme: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    label: Mapped[str]
    version: Mapped[str | None]
    position: Mapped[int] = mapped_column(SmallInteger)


class CertifyingBody(Base):
    """Who delivers a certification; about a third have no SIRET in the source."""

    __tablename__ = "certifying_body"
    __table_args__ = (
        CheckConstraint("siret ~ '^[0-9]{14}$'", "siret"),
        CheckConstraint("state IN ('active', 'inactive')", "state"),
        Index(None, "siret"),
    )

    certification_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey(_CERTIFICATION, ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    name: Mapped[str]
    siret: Mapped[str | None]
    state: Mapped[str] = mapped_column(server_default="active")
    state_since: Mapped[date | None]


class Partner(Base):
    """Who trains for a certification, assesses for it, or both, by the certifying body's leave.

    Habilitation under Code du travail, R. 6113-16: only an active one may offer the certification.
    """

    __tablename__ = "partner"
    __table_args__ = (
        CheckConstraint("siret ~ '^[0-9]{14}$'", "siret"),
        CheckConstraint("role IN ('train', 'assess', 'both')", "role"),
        CheckConstraint("state IN ('active', 'inactive')", "state"),
        Index(None, "siret"),
    )

    certification_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey(_CERTIFICATION, ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    name: Mapped[str]
    siret: Mapped[str | None]
    role: Mapped[str]
    state: Mapped[str]
    state_since: Mapped[date | None]
    active_since: Mapped[date | None]


class Equivalence(Base):
    """A set of blocs that is recognised as a set of blocs of another certification.

    Stated by the source's fiche; an empty set is the whole certification, and the target may not
    be in the catalogue.
    """

    __tablename__ = "equivalence"
    __table_args__ = (Index(None, "source"), Index(None, "target"))

    stated_by: Mapped[uuid.UUID] = mapped_column(
        ForeignKey(_CERTIFICATION, ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    source: Mapped[str]
    source_blocs: Mapped[list[str]]
    target: Mapped[str]
    target_blocs: Mapped[list[str]]


class Succession(Base):
    """What replaces what, as stated by one fiche; the other end may not be in the catalogue."""

    __tablename__ = "succession"
    __table_args__ = (
        CheckConstraint("predecessor <> successor", "distinct"),
        Index(None, "predecessor"),
        Index(None, "successor"),
    )

    stated_by: Mapped[uuid.UUID] = mapped_column(
        ForeignKey(_CERTIFICATION, ondelete="CASCADE"), primary_key=True
    )
    predecessor: Mapped[str] = mapped_column(primary_key=True)
    successor: Mapped[str] = mapped_column(primary_key=True)
