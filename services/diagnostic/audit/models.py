"""The table of the audit trail; the service's role may only add and read."""

from sqlalchemy import BigInteger, Identity, Index
from sqlalchemy.orm import Mapped, mapped_column

from diagnostic.database import Base, Recorded


class AuditEvent(Base):
    """Somebody did something to something; hashes are of what it was before and after."""

    __tablename__ = "audit_event"
    __table_args__ = (
        Index("ix_audit_event_tenant_at_id", "tenant", "at", "id"),
        Index("ix_audit_event_tenant_entity_at_id", "tenant", "entity", "at", "id"),
        Index("ix_audit_event_tenant_action_at_id", "tenant", "action", "at", "id"),
        Index("ix_audit_event_tenant_actor_at_id", "tenant", "actor", "at", "id"),
        Index("ix_audit_event_at_id", "at", "id"),
        Index("ix_audit_event_entity_id_at_id", "entity_id", "at", "id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    at: Mapped[Recorded]
    tenant: Mapped[str]
    client: Mapped[str]
    actor: Mapped[str]
    action: Mapped[str]
    entity: Mapped[str]
    entity_id: Mapped[str]
    before_hash: Mapped[str | None]
    after_hash: Mapped[str | None]
