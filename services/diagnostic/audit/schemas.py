"""The audit trail on the wire."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict


class AuditEventRead(BaseModel):
    """Who did what to what; the hashes are of its content before and after, where it has one."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    at: datetime
    client: str
    actor: str
    action: str
    entity: str
    entity_id: str
    before_hash: str | None
    after_hash: str | None
