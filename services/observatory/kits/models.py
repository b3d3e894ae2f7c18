"""Kits and their bytes, what was yanked, and what became of the kits of others here."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, UniqueConstraint, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from observatory.database import Base


class Kit(Base):
    """A version of a kit, one's own or another's; never changed, which the database enforces."""

    __tablename__ = "kit"
    __table_args__ = (UniqueConstraint("agency", "version"),)

    number: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    agency: Mapped[str]
    version: Mapped[str]
    sha256: Mapped[str] = mapped_column(comment="Of the manifest, and with it of every file")
    size: Mapped[int] = mapped_column(BigInteger)
    manifest: Mapped[dict[str, Any]] = mapped_column(JSONB)
    places: Mapped[dict[str, Any]] = mapped_column(JSONB, comment="Where each file begins, by path")
    added_at: Mapped[datetime] = mapped_column(server_default=func.now())
    client: Mapped[str]
    subject: Mapped[str]


class KitPiece(Base):
    """A piece of an archive: `queries.PIECE` bytes, the last one what is left."""

    __tablename__ = "kit_piece"

    kit: Mapped[int] = mapped_column(
        ForeignKey("observatory.kit.number", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content: Mapped[bytes]


class KitYank(Base):
    """A version that must not be installed any more, as its publisher has said; never taken back.

    It may be of a kit that never came here.
    """

    __tablename__ = "kit_yank"

    agency: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[str] = mapped_column(primary_key=True)
    reason: Mapped[dict[str, Any]] = mapped_column(JSONB)
    yanked_at: Mapped[datetime] = mapped_column(server_default=func.now())


class KitInstallation(Base):
    """What became of another's kit: judged, then installed and certified, or failed."""

    __tablename__ = "kit_installation"
    __table_args__ = (CheckConstraint("state IN ('dry_run', 'certified', 'failed')", name="state"),)

    kit: Mapped[int] = mapped_column(ForeignKey("observatory.kit.number"), primary_key=True)
    state: Mapped[str] = mapped_column(server_default="dry_run")
    difference: Mapped[dict[str, Any]] = mapped_column(JSONB)
    parameters: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    local: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    report: Mapped[dict[str, Any] | None] = mapped_column(
        JSONB(none_as_null=True), comment="As it was signed"
    )
    version: Mapped[int] = mapped_column(server_default="1")
    changed_at: Mapped[datetime] = mapped_column(server_default=func.now())
    client: Mapped[str]
    subject: Mapped[str]
