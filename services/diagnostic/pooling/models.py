"""The table of who lets itself be matched."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from diagnostic.database import Base


class PoolingConsent(Base):
    """A company's word in one cohort; withdrawn, it keeps when it was given and taken back.

    `offers` and `asks` are codes of dimensions of the version; null leaves them to its scores.
    """

    __tablename__ = "pooling_consent"
    __table_args__ = (
        CheckConstraint("most_helped BETWEEN 0 AND 10", name="most_helped_in_range"),
        Index("ix_pooling_consent_organisation_id", "organisation_id"),
    )

    cohort_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cohort.id"), primary_key=True)
    organisation_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("organisation.id"), primary_key=True
    )
    tenant: Mapped[str]
    version_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("questionnaire_version.id"))
    terms: Mapped[str]
    offers: Mapped[list[Any] | None] = mapped_column(JSONB(none_as_null=True))
    asks: Mapped[list[Any] | None] = mapped_column(JSONB(none_as_null=True))
    most_helped: Mapped[int]
    consented_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    version: Mapped[int]
