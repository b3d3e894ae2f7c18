"""What was told of actions."""

import uuid
from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from diagnostic.database import Base, Id, Recorded


class Reminder(Base):
    """One thing told of an action, once for the day it is about.

    That is the due day, or for a stalled one the day of its last change. Nobody but the tenant
    can tell whose it is: the feed has its id and stage.
    """

    __tablename__ = "reminder"
    __table_args__ = (
        UniqueConstraint("action_id", "stage", "about_on"),
        CheckConstraint("stage IN ('due_soon', 'due', 'late', 'stalled')", name="stage_known"),
        Index("ix_reminder_tenant_at_id", "tenant", "at", "id"),
    )

    id: Mapped[Id]
    tenant: Mapped[str]
    action_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("roadmap_action.id"))
    stage: Mapped[str]
    about_on: Mapped[date]
    at: Mapped[Recorded]
