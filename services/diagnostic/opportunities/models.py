"""The tables of funding opportunities."""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from diagnostic.database import Base, Id, Recorded


class Status(StrEnum):
    """Only what is published is public; what is withdrawn keeps the versions that were."""

    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Opportunity(Base):
    """A public aid or call as its operator publishes it; `version` counts all that happens to it.

    The instants follow from the content's days and hours in Paris.
    """

    __tablename__ = "opportunity"
    __table_args__ = (
        CheckConstraint("status IN ('draft', 'published', 'withdrawn')", name="status_known"),
        Index("ix_opportunity_tenant_code", "tenant", "code"),
    )

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(unique=True)
    tenant: Mapped[str]
    status: Mapped[str]
    content: Mapped[dict[str, Any]]
    content_hash: Mapped[str]
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[Recorded]


class OpportunityVersion(Base):
    """What was public from an instant on; the service's role may only add and read."""

    __tablename__ = "opportunity_version"

    opportunity_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("opportunity.id"), primary_key=True
    )
    version: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[dict[str, Any]]
    content_hash: Mapped[str]
    published_at: Mapped[Recorded]
