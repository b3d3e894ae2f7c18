"""The table of companies."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from diagnostic.database import Base, Id, Recorded


class Organisation(Base):
    """A company, known to the tenant that registered it and to nobody else."""

    __tablename__ = "organisation"
    __table_args__ = (
        UniqueConstraint("tenant", "siren"),
        Index("ix_organisation_siren", "siren"),
        Index("ix_organisation_tenant_created_at_id", "tenant", "created_at", "id"),
        Index(
            "ix_organisation_kept", "updated_at", "id", postgresql_where=text("erased_at IS NULL")
        ),
        CheckConstraint("headcount >= 0", name="headcount_not_negative"),
        CheckConstraint(
            "size_band IN ('0', '1-9', '10-49', '50-249', '250+')", name="size_band_known"
        ),
    )

    id: Mapped[Id]
    tenant: Mapped[str]
    pseudonym: Mapped[uuid.UUID] = mapped_column(default=uuid.uuid4, unique=True)
    siren: Mapped[str]
    siret: Mapped[str | None]
    name: Mapped[str]
    naf_code: Mapped[str]
    headcount: Mapped[int | None]
    size_band: Mapped[str | None]
    postcode: Mapped[str]
    region_code: Mapped[str]
    benchmark_consent: Mapped[bool]
    consent_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[Recorded]
    updated_at: Mapped[Recorded]
    erased_at: Mapped[datetime | None]
