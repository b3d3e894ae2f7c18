"""The audit trail on the wire; PostgreSQL renders it, a test holds it to this model."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

Action = Literal["start_import", "withdraw_certification"]


class AuditEventRead(BaseModel):
    """Who did what to what, when."""

    id: int
    at: datetime
    client: str
    actor: str
    action: Action
    entity: Literal["import", "certification"]
    entity_id: str
    detail: str | None = Field(description="of an import: format, mode and SHA-256 of the file")
