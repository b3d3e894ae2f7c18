"""Runs of disclosure control, whose counts may be told, and what they saw, which may not."""

import uuid
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    Numeric,
    SmallInteger,
    Text,
    func,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from observatory.database import Base


class DisclosureRun(Base):
    """One judgement of a release, with counts and no confidential figure; never changed."""

    __tablename__ = "disclosure_run"
    __table_args__ = (
        CheckConstraint("state IN ('passed', 'failed')", name="state"),
        Index("ix_disclosure_run_flow", "flow", "since"),
    )

    number: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    release: Mapped[uuid.UUID] = mapped_column(ForeignKey("observatory.release.id"), index=True)
    flow: Mapped[int] = mapped_column(SmallInteger, ForeignKey("observatory.flow.number"))
    since: Mapped[int] = mapped_column(
        comment="Ordinal of the release, from which on its mask holds"
    )
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    state: Mapped[str]
    policy: Mapped[str] = mapped_column(comment="Version of the policy file")
    source: Mapped[str] = mapped_column(comment="Whose rules of it")
    newly_hidden: Mapped[int] = mapped_column(comment="Cells that no earlier release had hidden")
    counts: Mapped[dict[str, Any]] = mapped_column(JSONB)


class BroughtContribution(Base):
    """What a unit brings to a cell of a release, at the finest level that is known."""

    __tablename__ = "contribution"
    __table_args__ = ({"schema": "confidential"},)

    release: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(primary_key=True)
    codes: Mapped[list[str]] = mapped_column(ARRAY(Text), primary_key=True)
    unit: Mapped[str] = mapped_column(primary_key=True)
    amount: Mapped[Decimal] = mapped_column(Numeric)
    weight: Mapped[Decimal] = mapped_column(Numeric)


class DisclosureDecision(Base):
    """Why a cell is hidden, and what the rule saw of it."""

    __tablename__ = "disclosure_decision"
    __table_args__ = ({"schema": "confidential"},)

    run: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    period: Mapped[str] = mapped_column(primary_key=True)
    codes: Mapped[list[str]] = mapped_column(ARRAY(Text), primary_key=True)
    reason: Mapped[str]
    units: Mapped[Decimal | None] = mapped_column(Numeric, comment="Weighted number of units")
    max_share: Mapped[Decimal | None] = mapped_column(Numeric, comment="Of the largest unit")
    need: Mapped[Decimal] = mapped_column(Numeric, comment="How uncertain it must stay, either way")
