"""The tables of campaigns."""

import uuid
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, SmallInteger, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from training.database import Base


class ThesisCampaign(Base):
    """A yearly call of a Région (`tenant`); `committed` is what its selected subjects take."""

    __tablename__ = "thesis_campaign"
    __table_args__ = (
        CheckConstraint("status IN ('draft', 'open', 'closed', 'published')", "status"),
        CheckConstraint("committed BETWEEN 0 AND budget", "committed"),
        Index(None, "tenant", "created_at", "id"),
        Index(None, "created_at", "id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    tenant: Mapped[str]
    status: Mapped[str]
    year: Mapped[int] = mapped_column(SmallInteger)
    title: Mapped[dict[str, str]] = mapped_column(JSONB)
    budget: Mapped[Decimal] = mapped_column(Numeric(14, 2))
    committed: Mapped[Decimal] = mapped_column(Numeric(14, 2))
    opens_on: Mapped[date]
    laboratory_until: Mapped[date]
    unit_until: Mapped[date]
    doctoral_school_until: Mapped[date]
    institution_until: Mapped[date]
    region_until: Mapped[date]
    regional_percent_most: Mapped[Decimal] = mapped_column(Numeric(5, 2))
    months: Mapped[int] = mapped_column(SmallInteger)
    regions: Mapped[list[str]]
    most_per_institution: Mapped[int | None]
    version: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    published_at: Mapped[datetime | None]


class ThesisOrganisation(Base):
    """A research unit, doctoral school or institution of a campaign, and the tenant that acts."""

    __tablename__ = "thesis_organisation"
    __table_args__ = (
        CheckConstraint("kind IN ('unit', 'doctoral_school', 'institution')", "kind"),
        Index(None, "campaign_id", "code", unique=True),
        Index(None, "tenant"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    campaign_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("training.thesis_campaign.id"))
    code: Mapped[str]
    kind: Mapped[str]
    name: Mapped[str]
    tenant: Mapped[str]
