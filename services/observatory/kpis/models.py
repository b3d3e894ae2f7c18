"""How far each feed was followed, what it said last of each thing, and what is aimed at."""

import datetime as dt

from sqlalchemy import BigInteger, ForeignKey, Index, false, func, text
from sqlalchemy.orm import Mapped, mapped_column

from observatory.database import Base


class FollowedFeed(Base):
    """A neighbour's feed; the cursor moves in the transaction that keeps what was read."""

    __tablename__ = "followed_feed"

    peer: Mapped[str] = mapped_column(primary_key=True)
    cursor: Mapped[str | None]
    """`next` of the last page that was kept; None before the first."""
    asked_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())
    """When an instance last asked: the others leave it alone meanwhile."""
    current_at: Mapped[dt.datetime | None]
    """When nothing was left to read; None since a beginning."""
    changes: Mapped[int] = mapped_column(BigInteger, server_default="0")
    recounting: Mapped[bool] = mapped_column(server_default=false())
    """Whether the feed is read again, beside what is shown."""
    recount_cursor: Mapped[str | None]
    recount_changes: Mapped[int] = mapped_column(BigInteger, server_default="0")


class _Thing:
    peer: Mapped[str] = mapped_column(primary_key=True)
    entity: Mapped[str] = mapped_column(primary_key=True)
    entity_id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    measure: Mapped[str | None]
    amount: Mapped[int]
    cohort: Mapped[str | None] = mapped_column(comment="Code of what it is, or is in")
    programme: Mapped[str | None]


class FollowedThing(_Thing, Base):
    """What the latest version of a thing adds to which indicators; nothing, once it is gone."""

    __tablename__ = "followed_thing"
    __table_args__ = (
        Index(
            "ix_followed_thing_counted",
            "peer",
            "measure",
            postgresql_include=["amount", "entity", "cohort", "programme"],
            postgresql_where=text("measure IS NOT NULL"),
        ),
    )


class RecountedThing(_Thing, Base):
    """The same of a feed that is read again: nobody is shown it before it is whole."""

    __tablename__ = "recounted_thing"


class KpiTarget(Base):
    """What a programme wants an indicator to be, and by when."""

    __tablename__ = "kpi_target"

    programme: Mapped[str] = mapped_column(ForeignKey("programme.code"), primary_key=True)
    kpi: Mapped[str] = mapped_column(primary_key=True)
    target: Mapped[int] = mapped_column(BigInteger)
    due_on: Mapped[dt.date]
    version: Mapped[int] = mapped_column(server_default="1")
