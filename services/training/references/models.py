"""Tables of the nomenclatures."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from training.database import Base


class Rome(Base):
    """A job of the newest ROME, for joins; the parent is the broader job that it came from."""

    __tablename__ = "rome"
    __table_args__ = (CheckConstraint("code ~ '^[A-N][0-9]{4}$'", "code"),)

    code: Mapped[str] = mapped_column(primary_key=True)
    label: Mapped[str]
    parent_code: Mapped[str | None]
    release: Mapped[str]
    released_on: Mapped[date]


class ReferenceVersion(Base):
    """A release of a nomenclature; `concepts` counts what it holds, withdrawn ones left out."""

    __tablename__ = "reference_version"

    scheme: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[str] = mapped_column(primary_key=True)
    released_on: Mapped[date]
    title: Mapped[str]
    producer: Mapped[str]
    licence: Mapped[str | None]
    concepts: Mapped[int] = mapped_column(server_default="0")
    revision: Mapped[int] = mapped_column(server_default="1")


class ReferenceConcept(Base):
    """A code of a release; `valid_to` is its last day, `withdrawn_at` when its source lost it."""

    __tablename__ = "reference_concept"
    __table_args__ = (
        ForeignKeyConstraint(
            ["scheme", "version"],
            ["training.reference_version.scheme", "training.reference_version.version"],
        ),
        Index(None, "scheme", "version", "broader", "code"),
        Index(None, "scheme", "code"),
        Index(
            "ix_reference_concept_trigrams",
            "search_text",
            postgresql_using="gin",
            postgresql_ops={"search_text": "public.gin_trgm_ops"},
        ),
    )

    scheme: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    label_fr: Mapped[str | None]
    label_en: Mapped[str | None]
    broader: Mapped[str | None]
    replaced_by: Mapped[list[str]]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    uri: Mapped[str | None]
    search_text: Mapped[str]
    fingerprint: Mapped[str]
    revision: Mapped[int] = mapped_column(server_default="1")
    withdrawn_at: Mapped[datetime | None]
