"""The table of the audit trail; the service's role may only add and read."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from gateway.database import Base


class AuditEvent(Base):
    """Somebody did something or was refused it; `id`, `at` and the digests are the trigger's."""

    __tablename__ = "audit_event"
    __table_args__ = (
        CheckConstraint("decision IN ('allowed', 'denied')", name="decision"),
        Index(None, "tenant", "id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor: Mapped[str]
    """A client, `operator:<account>` for a command, empty for somebody unknown."""
    tenant: Mapped[str]
    action: Mapped[str]
    entity: Mapped[str]
    entity_id: Mapped[str]
    decision: Mapped[str]
    trace_id: Mapped[str]
    detail: Mapped[str]
    """More in codes, never in a person's words, never a secret."""
    previous: Mapped[bytes]
    hash: Mapped[bytes]
