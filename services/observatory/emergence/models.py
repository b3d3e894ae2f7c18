"""Terms, how often they are asked for, and every step of their lives."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Float,
    ForeignKey,
    Identity,
    Index,
    SmallInteger,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from observatory.database import Base

_HIDDEN = "How many more there are at most, which the source hides"
_STATES = "('candidate', 'watch', 'confirmed', 'mapped', 'faded', 'rejected')"


class Term(Base):
    """A skill or a job as a source names it."""

    __tablename__ = "emergence_term"
    __table_args__ = (
        UniqueConstraint("source", "kind", "code"),
        CheckConstraint("kind IN ('skill', 'job')", name="kind_known"),
        CheckConstraint(f"state IN {_STATES}", name="state_known"),
        CheckConstraint("(state = 'mapped') = (mapped_to IS NOT NULL)", name="mapped_somewhere"),
        Index(
            "ix_emergence_term_updated_at_id",
            "updated_at",
            "id",
            postgresql_where=text("state IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    source: Mapped[str]
    kind: Mapped[str]
    code: Mapped[str]
    label_fr: Mapped[str]
    label_en: Mapped[str | None]
    state: Mapped[str | None]
    since: Mapped[int | None] = mapped_column(SmallInteger, comment="Quarter of the last step")
    mapped_to: Mapped[str | None]
    nearest: Mapped[dict[str, Any] | None] = mapped_column(
        JSONB, comment="The known label that it resembles most"
    )
    version: Mapped[int] = mapped_column(server_default="1")
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Count(Base):
    """Ads of a quarter that ask for a term; quarters are years × 4 + 0 to 3."""

    __tablename__ = "emergence_count"
    __table_args__ = (
        CheckConstraint(
            "count > 0 AND employers BETWEEN 1 AND count AND largest > 0"
            " OR count = 0 AND hidden > 0 AND employers = 0 AND largest = 0",
            name="count_possible",
        ),
        CheckConstraint("largest <= 1 AND hidden >= 0", name="largest_is_a_share"),
    )

    term: Mapped[int] = mapped_column(ForeignKey("observatory.emergence_term.id"), primary_key=True)
    quarter: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    count: Mapped[int]
    employers: Mapped[int]
    largest: Mapped[float] = mapped_column(Float)
    hidden: Mapped[int] = mapped_column(server_default="0", comment=_HIDDEN)


class Total(Base):
    """All ads of a quarter in a source; a quarter without it is silent."""

    __tablename__ = "emergence_total"

    source: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    quarter: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    count: Mapped[int]
    hidden: Mapped[int] = mapped_column(server_default="0", comment=_HIDDEN)


class Step(Base):
    """One step of a term's life: who, why, on what evidence; never changed."""

    __tablename__ = "emergence_step"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    term: Mapped[int] = mapped_column(ForeignKey("observatory.emergence_term.id"), index=True)
    origin: Mapped[str | None]
    target: Mapped[str]
    quarter: Mapped[int | None] = mapped_column(SmallInteger)
    tenant: Mapped[str]
    client: Mapped[str]
    subject: Mapped[str]
    reason: Mapped[str]
    evidence: Mapped[dict[str, Any]] = mapped_column(JSONB)
    at: Mapped[datetime] = mapped_column(server_default=func.now())


class Backtest(Base):
    """How the alerts fared, as of each quarter that was loaded (B7)."""

    __tablename__ = "emergence_backtest"

    source: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    quarter: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    rule: Mapped[str] = mapped_column(
        primary_key=True, server_default="1.0.0", comment="Version of the thresholds"
    )
    alerts: Mapped[int]
    decided: Mapped[int]
    lasting: Mapped[int]
    leads: Mapped[list[int]] = mapped_column(ARRAY(SmallInteger))
    emerged: Mapped[int] = mapped_column(server_default="0")
    recalled: Mapped[int] = mapped_column(server_default="0")
    at: Mapped[datetime] = mapped_column(server_default=func.now())


class _Need:
    entity_id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    quarter: Mapped[int] = mapped_column(SmallInteger, comment="In which it was first heard of")
    programme: Mapped[str | None] = mapped_column(comment="NULL once it is withdrawn")
    questionnaire: Mapped[str | None]
    dimensions: Mapped[list[str]] = mapped_column(ARRAY(Text))
    needs: Mapped[list[str]] = mapped_column(ARRAY(Text), comment="Those at the lowest level")


class FollowedNeed(_Need, Base):
    """What a diagnostic that contributes finds wanting, under its own pseudonym; never told."""

    __tablename__ = "followed_need"
    __table_args__ = (
        Index(
            "ix_followed_need_programme",
            "programme",
            "questionnaire",
            "quarter",
            postgresql_where=text("programme IS NOT NULL"),
        ),
    )


class RecountedNeed(_Need, Base):
    """The same of a feed that is read again: nobody is shown it before it is whole."""

    __tablename__ = "recounted_need"
