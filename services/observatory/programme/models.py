"""A programme's budget, and the ledger against it, which the service may add to and read only."""

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    func,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from observatory.database import Base

_SPENT = "0 <= paid_cents AND paid_cents <= committed_cents AND committed_cents <= {most}"


class Programme(Base):
    """What is steered: a region's programme between two days, with its budget."""

    __tablename__ = "programme"
    __table_args__ = (
        CheckConstraint("starts_on < ends_on", name="ends_later"),
        CheckConstraint("budget_cents > 0", name="budget_positive"),
    )

    code: Mapped[str] = mapped_column(primary_key=True)
    tenant: Mapped[str]
    title: Mapped[dict[str, Any]] = mapped_column(JSONB)
    region: Mapped[str]
    starts_on: Mapped[dt.date]
    ends_on: Mapped[dt.date]
    budget_cents: Mapped[int] = mapped_column(BigInteger)
    version: Mapped[int] = mapped_column(server_default="1")


class Line(Base):
    """A budget line; its counters are those of the ledger, checked by the database."""

    __tablename__ = "programme_line"
    __table_args__ = (CheckConstraint(_SPENT.format(most="planned_cents"), name="within_plan"),)

    programme: Mapped[str] = mapped_column(ForeignKey("programme.code"), primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[dict[str, Any]] = mapped_column(JSONB)
    planned_cents: Mapped[int] = mapped_column(BigInteger, comment="Sum of the tranches")
    committed_cents: Mapped[int] = mapped_column(BigInteger, server_default="0")
    paid_cents: Mapped[int] = mapped_column(BigInteger, server_default="0")
    version: Mapped[int] = mapped_column(server_default="1")


class Tranche(Base):
    """What a line plans to commit in a quarter."""

    __tablename__ = "programme_tranche"
    __table_args__ = (
        ForeignKeyConstraint(
            ["programme", "line"], ["programme_line.programme", "programme_line.code"]
        ),
        CheckConstraint("planned_cents > 0", name="planned_positive"),
    )

    programme: Mapped[str] = mapped_column(primary_key=True)
    line: Mapped[str] = mapped_column(primary_key=True)
    quarter: Mapped[dt.date] = mapped_column(primary_key=True, comment="Its first day")
    planned_cents: Mapped[int] = mapped_column(BigInteger)


class Funder(Base):
    """Who contributes how much; counters as those of a line."""

    __tablename__ = "programme_funder"
    __table_args__ = (
        CheckConstraint(_SPENT.format(most="contribution_cents"), name="within_contribution"),
    )

    programme: Mapped[str] = mapped_column(ForeignKey("programme.code"), primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    name: Mapped[dict[str, Any]] = mapped_column(JSONB)
    contribution_cents: Mapped[int] = mapped_column(BigInteger)
    committed_cents: Mapped[int] = mapped_column(BigInteger, server_default="0")
    paid_cents: Mapped[int] = mapped_column(BigInteger, server_default="0")
    version: Mapped[int] = mapped_column(server_default="1")


class Allowance(Base):
    """A line that a funder's money may be spent on, up to a ceiling where it is agreed."""

    __tablename__ = "programme_allowance"
    __table_args__ = (
        ForeignKeyConstraint(
            ["programme", "funder"], ["programme_funder.programme", "programme_funder.code"]
        ),
        ForeignKeyConstraint(
            ["programme", "line"], ["programme_line.programme", "programme_line.code"]
        ),
        CheckConstraint(
            "committed_cents >= 0 AND committed_cents <= coalesce(ceiling_cents, committed_cents)",
            name="within_ceiling",
        ),
    )

    programme: Mapped[str] = mapped_column(primary_key=True)
    funder: Mapped[str] = mapped_column(primary_key=True)
    line: Mapped[str] = mapped_column(primary_key=True)
    ceiling_cents: Mapped[int | None] = mapped_column(BigInteger)
    committed_cents: Mapped[int] = mapped_column(BigInteger, server_default="0")


class LedgerEntry(Base):
    """A commitment, a payment of one, or a correction that takes back of either; never changed."""

    __tablename__ = "ledger_entry"
    __table_args__ = (
        ForeignKeyConstraint(
            ["programme", "line"], ["programme_line.programme", "programme_line.code"]
        ),
        ForeignKeyConstraint(
            ["programme", "funder"], ["programme_funder.programme", "programme_funder.code"]
        ),
        CheckConstraint(
            "kind IN ('commitment', 'payment', 'commitment_reversal', 'payment_reversal')",
            name="kind_known",
        ),
        CheckConstraint("amount_cents > 0", name="amount_positive"),
        CheckConstraint("(kind = 'commitment') = (commitment IS NULL)", name="of_a_commitment"),
        CheckConstraint(
            "(kind IN ('commitment_reversal', 'payment_reversal')) = (reverses IS NOT NULL)",
            name="reverses_one",
        ),
        CheckConstraint("(kind = 'commitment') = (payee IS NOT NULL)", name="payee_of_commitment"),
        Index(None, "programme", "seq", unique=True),
        Index(None, "commitment"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    seq: Mapped[int] = mapped_column(BigInteger, Identity(always=True))
    programme: Mapped[str]
    kind: Mapped[str]
    line: Mapped[str]
    funder: Mapped[str]
    amount_cents: Mapped[int] = mapped_column(BigInteger)
    dated_on: Mapped[dt.date]
    payee: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    reason: Mapped[str]
    commitment: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("ledger_entry.id"))
    reverses: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("ledger_entry.id"))
    recorded_at: Mapped[dt.datetime] = mapped_column(server_default=func.now())
    client: Mapped[str]
    subject: Mapped[str]


class Milestone(Base):
    """What is to be reached by a day; the day first promised stays."""

    __tablename__ = "programme_milestone"
    __table_args__ = (Index(None, "programme", "due_on", "code"),)

    programme: Mapped[str] = mapped_column(ForeignKey("programme.code"), primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[dict[str, Any]] = mapped_column(JSONB)
    first_due_on: Mapped[dt.date]
    due_on: Mapped[dt.date]
    reached_on: Mapped[dt.date | None]
    evidence: Mapped[str | None]
    version: Mapped[int] = mapped_column(server_default="1")


class Event(Base):
    """A meeting or a publication of the programme on a day."""

    __tablename__ = "programme_event"
    __table_args__ = (Index(None, "programme", "held_on", "id"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, server_default=func.gen_random_uuid())
    programme: Mapped[str] = mapped_column(ForeignKey("programme.code"))
    kind: Mapped[str]
    title: Mapped[dict[str, Any]] = mapped_column(JSONB)
    held_on: Mapped[dt.date]
    link: Mapped[str | None]
    cancelled_at: Mapped[dt.datetime | None]
    version: Mapped[int] = mapped_column(server_default="1")


class Deed(Base):
    """Who did what to a programme, when; never changed."""

    __tablename__ = "programme_deed"
    __table_args__ = (Index(None, "programme", "id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    programme: Mapped[str] = mapped_column(ForeignKey("programme.code"))
    at: Mapped[dt.datetime] = mapped_column(server_default=func.now())
    client: Mapped[str]
    subject: Mapped[str]
    action: Mapped[str]
    entity: Mapped[str]
    entity_id: Mapped[str]
    detail: Mapped[dict[str, Any]] = mapped_column(JSONB)
