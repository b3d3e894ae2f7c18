"""The frozen snapshots; the service's role may only add and read."""

import uuid
from datetime import datetime

from sqlalchemy import ARRAY, CheckConstraint, Double, ForeignKey, Index, Integer, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from diagnostic.database import Base, Id


class BenchmarkSnapshot(Base):
    """A group of companies from an instant on; the latest one of a group is in force.

    Without `n` it is hidden, and `members` are those last shown.
    """

    __tablename__ = "benchmark_snapshot"
    __table_args__ = (
        CheckConstraint("n IS NULL OR (n >= k AND n = cardinality(members))", name="enough"),
        CheckConstraint("k >= 5", name="k_has_a_floor"),
        Index(
            "uq_benchmark_snapshot_in_force",
            "scoring_hash",
            "milestone",
            "cell",
            "as_of",
            unique=True,
        ),
    )

    id: Mapped[Id]
    scoring_hash: Mapped[str]
    milestone: Mapped[str]
    cell: Mapped[str]
    as_of: Mapped[datetime]
    k: Mapped[int]
    n: Mapped[int | None]
    members: Mapped[list[uuid.UUID]] = mapped_column(ARRAY(Uuid))
    """Scores, by their ids; they never leave the service."""


class BenchmarkSeries(Base):
    """The global score (code "") or a dimension of a snapshot, ready for any one to be left out."""

    __tablename__ = "benchmark_series"

    snapshot_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("benchmark_snapshot.id"), primary_key=True
    )
    code: Mapped[str] = mapped_column(primary_key=True)
    around: Mapped[list[str]] = mapped_column(ARRAY(Text))
    """For each quartile the three scores that decide it, as exact fractions."""
    levels: Mapped[list[float]] = mapped_column(ARRAY(Double))
    """The different scores, ascending."""
    reached: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    """How many scores lie at or below each level."""
