"""Share links on the wire."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StrictInt

from diagnostic.names import Name
from diagnostic.questionnaires.grid import Language
from platformkit.wire import Wire

MOST_DAYS = 90


class ShareLinkCreate(Wire):
    """For how long, and in which language: without one, the reader's own."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"days": 30, "note": "Banque, rendez-vous du 3 décembre"}]}
    )

    days: Annotated[StrictInt, Field(ge=1, le=MOST_DAYS)] = 30
    language: Language | None = None
    note: Name | None = None


class ShareLinkRead(BaseModel):
    """A link, its state, and how often a report was handed out by it."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    assessment_id: UUID
    state: Literal["active", "expired", "revoked"]
    language: Language | None
    note: str | None
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    handed_out: int
    last_handed_out_at: datetime | None


class ShareLinkCreated(ShareLinkRead):
    """A new link; `token` is shown this once and stored nowhere."""

    token: str
