"""Artefacts with their versions, the codes of code lists, and the numbers of dataflows."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    SmallInteger,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from observatory.database import Base


class Agency(Base):
    """Who maintains artefacts; `own` is the one that this installation publishes under."""

    __tablename__ = "agency"

    id: Mapped[str] = mapped_column(primary_key=True)
    name_fr: Mapped[str]
    name_en: Mapped[str]
    kind: Mapped[str]


class Artefact(Base):
    """One version of a structure; `content` is its wire form, without the codes of a code list."""

    __tablename__ = "artefact"
    __table_args__ = (
        UniqueConstraint("kind", "agency", "id", "version"),
        CheckConstraint(
            "kind IN ('codelist', 'concept_scheme', 'code_map', 'data_structure', 'dataflow', "
            "'indicator', 'reading_key', 'grid', 'sheet')",
            name="kind",
        ),
    )

    number: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    kind: Mapped[str]
    agency: Mapped[str] = mapped_column(ForeignKey("observatory.agency.id"))
    id: Mapped[str]
    version: Mapped[str]
    is_draft: Mapped[bool]
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    sha256: Mapped[str]
    published_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Deprecation(Base):
    """A stable artefact that should no longer be used; never changed."""

    __tablename__ = "deprecation"

    artefact: Mapped[int] = mapped_column(
        ForeignKey("observatory.artefact.number"), primary_key=True, autoincrement=False
    )
    reason: Mapped[dict[str, Any]] = mapped_column(JSONB)
    replacement: Mapped[int | None] = mapped_column(ForeignKey("observatory.artefact.number"))
    deprecated_at: Mapped[datetime] = mapped_column(server_default=func.now())
    client: Mapped[str]
    subject: Mapped[str]


class ArtefactDeed(Base):
    """Who wrote, published or deprecated something by hand; only added to."""

    __tablename__ = "artefact_deed"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    deed: Mapped[str]
    urn: Mapped[str]
    sha256: Mapped[str]
    client: Mapped[str]
    subject: Mapped[str]


class Code(Base):
    """A code of a code list, at its place in the list."""

    __tablename__ = "code"
    __table_args__ = (
        Index(
            "ix_code_searched",
            text("searched(code, name_fr, name_en)"),
            postgresql_using="gin",
        ),
    )

    codelist: Mapped[int] = mapped_column(
        ForeignKey("observatory.artefact.number", ondelete="CASCADE"), primary_key=True
    )
    code: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    parent: Mapped[str | None]
    name_fr: Mapped[str]
    name_en: Mapped[str]


class CodeMapping(Base):
    """A part of a source code that goes to a target code (crosswalk)."""

    __tablename__ = "code_mapping"

    code_map: Mapped[int] = mapped_column(
        ForeignKey("observatory.artefact.number", ondelete="CASCADE"), primary_key=True
    )
    source: Mapped[str] = mapped_column(primary_key=True)
    target: Mapped[str] = mapped_column(primary_key=True)
    weight: Mapped[float]


class Flow(Base):
    """The number under which the data of a dataflow's MAJOR version are stored."""

    __tablename__ = "flow"
    __table_args__ = (UniqueConstraint("agency", "id", "major"),)

    number: Mapped[int] = mapped_column(SmallInteger, Identity(always=True), primary_key=True)
    agency: Mapped[str] = mapped_column(ForeignKey("observatory.agency.id"))
    id: Mapped[str]
    major: Mapped[int]


class CatalogueRevision(Base):
    """One row that counts the changes of all structures, so that copies know when to reload."""

    __tablename__ = "catalogue_revision"

    revision: Mapped[int] = mapped_column(BigInteger, primary_key=True)
