"""The tables of subjects; no person is in them: a candidate is not kept, before or after."""

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
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from training.database import Base

_ORGANISATION = "training.thesis_organisation.id"


class Thesis(Base):
    """A subject, as its laboratory (`tenant`) proposes it; `reached` is as in `lifecycle`.

    `granted_at` is when its selection became public; it stays when the laboratory withdraws.
    """

    __tablename__ = "thesis"
    __table_args__ = (
        CheckConstraint(
            "status IN ('draft', 'at_unit', 'at_doctoral_school', 'at_institution', 'at_region',"
            " 'selected', 'reserve', 'not_selected', 'declined', 'withdrawn')",
            "status",
        ),
        CheckConstraint("reached BETWEEN 0 AND 4", "reached"),
        Index(None, "tenant", "created_at", "id"),
        Index(None, "unit_id"),
        Index(None, "doctoral_school_id"),
        Index(
            "uq_thesis_institution_id_rank",
            "institution_id",
            "rank",
            unique=True,
            postgresql_where=text("rank IS NOT NULL"),
        ),
        Index(None, "campaign_id", "created_at", "id"),
        Index(
            "ix_thesis_granted_at_id",
            "granted_at",
            "id",
            postgresql_where=text("granted_at IS NOT NULL"),
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    campaign_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("training.thesis_campaign.id"))
    tenant: Mapped[str]
    status: Mapped[str]
    reached: Mapped[int] = mapped_column(SmallInteger)
    title: Mapped[str]
    summary: Mapped[str]
    laboratory_name: Mapped[str]
    laboratory_commune: Mapped[str]
    unit_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(_ORGANISATION))
    doctoral_school_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(_ORGANISATION))
    institution_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(_ORGANISATION))
    cost: Mapped[Decimal] = mapped_column(Numeric(12, 2))
    regional_percent: Mapped[Decimal] = mapped_column(Numeric(5, 2))
    regional_amount: Mapped[Decimal] = mapped_column(Numeric(12, 2))
    cofinanciers: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    rank: Mapped[int | None] = mapped_column(SmallInteger)
    version: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    changed_at: Mapped[datetime] = mapped_column(server_default=func.now())
    granted_at: Mapped[datetime | None]


class ThesisEvent(Base):
    """A step of a subject, who took it and why; the service's role may only add and read."""

    __tablename__ = "thesis_event"
    __table_args__ = (Index(None, "thesis_id", "id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    thesis_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("training.thesis.id"))
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    role: Mapped[str]
    tenant: Mapped[str]
    client: Mapped[str]
    actor: Mapped[str]
    action: Mapped[str]
    was: Mapped[str | None]
    status: Mapped[str]
    rank: Mapped[int | None] = mapped_column(SmallInteger)
    reason: Mapped[str | None]
