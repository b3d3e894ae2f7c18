"""Series, versions of observations, periods, what is suppressed, and what is being loaded.

An observation version lives in the releases [rel_from, rel_to) of its dataflow; a deletion is a
version too (`deleted`), so that followers hear of it. The layout and its figures: decision 30.
"""

from datetime import date
from typing import Any, Final

from sqlalchemy import (
    REAL,
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Identity,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from observatory.database import Base

CODES: Final = tuple(f"d{place}" for place in range(1, 9))
"""Columns of the codes of a series, by the place of their dimension in the key."""

MEASURED: Final[dict[str, Any]] = {
    "value": Float,
    "numerator": Float,
    "denominator": Float,
    "ci_low": REAL,
    "ci_high": REAL,
    "se": REAL,
    "status": Text,
    "conf": Text,
}
"""What is stored of an observation, and its type."""


class Period(Base):
    """A period that data are about; its number follows from it (`periods.Period.number`)."""

    __tablename__ = "period"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    text: Mapped[str] = mapped_column(unique=True)
    frequency: Mapped[str]
    first: Mapped[date]
    last: Mapped[date]


series = Table(
    "series",
    Base.metadata,
    Column(
        "series_id",
        Integer,
        primary_key=True,
        server_default=text("nextval('observatory.series_series_id_seq')"),
    ),
    Column("flow", SmallInteger, primary_key=True, autoincrement=False),
    Column("since", Integer, nullable=False, comment="Ordinal of the release that brought it"),
    *(Column(name, Text(collation="C"), nullable=False, server_default="") for name in CODES),
    Index("uq_series_key", "flow", *CODES, unique=True),
    *(
        Index(f"ix_series_{name}", "flow", name, postgresql_where=text(f"{name} <> ''"))
        for name in CODES[1:]
    ),
    postgresql_partition_by="LIST (flow)",
)
"""A series: its codes in the order of the dimensions, empty beyond them."""

series_stat = Table(
    "series_stat",
    Base.metadata,
    Column("series_id", Integer, primary_key=True, autoincrement=False),
    Column("rel_from", Integer, primary_key=True, autoincrement=False),
    Column("rel_to", Integer),
    Column("flow", SmallInteger, primary_key=True, autoincrement=False),
    Column("n_obs", Integer, nullable=False),
    Column("n_versions", Integer, nullable=False, comment="Up to rel_from, deletions too"),
    Column("first_period", Integer),
    Column("last_period", Integer),
    postgresql_partition_by="LIST (flow)",
)
"""How much of a series there is in the releases [rel_from, rel_to)."""

obs = Table(
    "obs",
    Base.metadata,
    *(Column(name, kind) for name, kind in MEASURED.items() if kind is Float),
    Column("series_id", Integer, primary_key=True, autoincrement=False),
    Column("period_id", Integer, primary_key=True, autoincrement=False),
    Column("rel_from", Integer, primary_key=True, autoincrement=False),
    Column("rel_to", Integer),
    *(Column(name, kind) for name, kind in MEASURED.items() if kind is REAL),
    Column("flow", SmallInteger, primary_key=True, autoincrement=False),
    Column("deleted", Boolean, nullable=False, server_default=text("false")),
    *(Column(name, kind) for name, kind in MEASURED.items() if kind is Text),
    Index(
        "uq_obs_live",
        "series_id",
        "period_id",
        "flow",
        unique=True,
        postgresql_where=text("rel_to IS NULL"),
    ),
    Index("ix_obs_rel_from", "rel_from", postgresql_where=text("rel_from > 1")),
    postgresql_partition_by="LIST (flow)",
)
"""A version of an observation; wide columns first, so that none is padded."""

suppression = Table(
    "suppression",
    Base.metadata,
    Column("series_id", Integer, primary_key=True, autoincrement=False),
    Column("period_id", Integer, primary_key=True, autoincrement=False),
    Column("flow", SmallInteger, ForeignKey("observatory.flow.number"), nullable=False),
    Column("conf", Text, nullable=False, comment="Its CONF_STATUS"),
    Column("since", Integer, nullable=False, comment="Ordinal of the release that hid it"),
    Index("ix_suppression_flow", "flow", "since"),
)
"""A cell that is hidden in every vintage, as soon as the release is seen that hid it."""

staged = Table(
    "staged_observation",
    Base.metadata,
    Column("line", BigInteger, Identity(always=True), nullable=False),
    Column("period", Text(collation="C")),
    Column("action", Text),
    *(Column(name, Text(collation="C")) for name in CODES),
    *(Column(name, kind) for name, kind in MEASURED.items()),
    prefixes=["UNLOGGED"],
)
"""The lines of the file that is being loaded; one load at a time, emptied by each."""

staged_series = Table(
    "staged_series",
    Base.metadata,
    Column("series_id", Integer),
    *(Column(name, Text(collation="C")) for name in CODES),
    *(Column(name, Integer) for name in ("n_obs", "first_period", "last_period")),
    prefixes=["UNLOGGED"],
)
"""The series of the first file of a dataflow, and what it has of each; made anew by each."""

staged_change = Table(
    "staged_change",
    Base.metadata,
    Column("series_id", Integer, nullable=False),
    Column("period_id", Integer, nullable=False),
    Column("action", Text, nullable=False, comment="A added, R revised, D deleted"),
    Column("delta", Float, comment="How far the value moved"),
    *(Column(name, kind) for name, kind in MEASURED.items()),
    prefixes=["UNLOGGED"],
)
"""What differs between the file that is being loaded and what is live."""
