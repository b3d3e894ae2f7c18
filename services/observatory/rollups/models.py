"""Roll-ups, how far each area was read, what was read of it, and what was published of that."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import (
    REAL,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Identity,
    Integer,
    Table,
    Text,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from observatory.database import Base


class RollUp(Base):
    """How figures of regions make those of the country; `parts` are the areas, by weight."""

    __tablename__ = "rollup"
    __table_args__ = (CheckConstraint("errors IN ('independent', 'shared')", name="errors"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    tenant: Mapped[str]
    name: Mapped[dict[str, Any]] = mapped_column(JSONB)
    dataflow: Mapped[str] = mapped_column(comment="Ours, that the results are published in")
    source: Mapped[str] = mapped_column(comment="Id of the dataflow of each node")
    dimension: Mapped[str] = mapped_column(comment="Of the areas")
    area: Mapped[str] = mapped_column(comment="Code of the country")
    method: Mapped[str]
    method_version: Mapped[str] = mapped_column(comment="MAJOR.MINOR")
    errors: Mapped[str]
    least_coverage: Mapped[float]
    silent_after_hours: Mapped[int]
    parts: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    version: Mapped[int] = mapped_column(server_default="1")
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class RollUpSource(Base):
    """How far an area was read; a round moves in the transaction that keeps a page of it."""

    __tablename__ = "rollup_source"

    rollup: Mapped[str] = mapped_column(
        ForeignKey("observatory.rollup.id", ondelete="CASCADE"), primary_key=True
    )
    area: Mapped[str] = mapped_column(primary_key=True)
    agency: Mapped[str]
    since: Mapped[str | None] = mapped_column(comment="Vintage of the last whole round, as told")
    as_of: Mapped[str | None] = mapped_column(comment="Vintage of the round that is being read")
    place: Mapped[int] = mapped_column(server_default="0")
    """Lines of the round that were kept."""
    round: Mapped[int] = mapped_column(server_default="0")
    is_whole: Mapped[bool] = mapped_column(server_default=text("false"))
    """Whether the round reads everything, not only what has changed."""
    etag: Mapped[str | None]
    asked_at: Mapped[datetime] = mapped_column(server_default=text("'-infinity'"))
    current_at: Mapped[datetime | None] = mapped_column(comment="When nothing was left to read")
    whole_at: Mapped[datetime | None] = mapped_column(comment="When everything was read last")
    failure: Mapped[str | None]
    is_refused: Mapped[bool] = mapped_column(server_default=text("false"))
    """Whether the failure is one of the figures, which then count no more."""


figure = Table(
    "rollup_figure",
    Base.metadata,
    Column("numerator", Float),
    Column("denominator", Float),
    Column("se", REAL),
    Column("round", Integer, nullable=False),
    Column("hidden", Boolean, nullable=False),
    Column(
        "rollup",
        Text(collation="C"),
        ForeignKey("observatory.rollup.id", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("key", Text(collation="C"), primary_key=True, comment="Codes but that of the area"),
    Column("period", Text(collation="C"), primary_key=True),
    Column("area", Text(collation="C"), primary_key=True),
)
"""What an area brings to a cell; in the order in which cells are added up."""


class RollUpRun(Base):
    """A national release, and what it was made from; never changed."""

    __tablename__ = "rollup_run"

    number: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    rollup: Mapped[str] = mapped_column(ForeignKey("observatory.rollup.id"), index=True)
    release: Mapped[uuid.UUID] = mapped_column(ForeignKey("observatory.release.id"))
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    client: Mapped[str]
    coverage: Mapped[float]
    counts: Mapped[dict[str, Any]] = mapped_column(JSONB, comment="Cells by outcome")
    definition: Mapped[dict[str, Any]] = mapped_column(JSONB)
    sources: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
