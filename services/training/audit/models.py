"""The table of the audit trail; the service's role may only add and read."""

from datetime import datetime

from sqlalchemy import BigInteger, Identity, Index, func
from sqlalchemy.orm import Mapped, mapped_column

from training.database import Base


class AuditEvent(Base):
    """Somebody did something; `detail` says more in codes, never in a person's words."""

    __tablename__ = "audit_event"
    __table_args__ = (Index(None, "tenant", "id"), Index(None, "at", "id"))

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    tenant: Mapped[str]
    client: Mapped[str]
    actor: Mapped[str]
    action: Mapped[str]
    entity: Mapped[str]
    entity_id: Mapped[str]
    detail: Mapped[str | None]
