"""Evidence on the wire; its file travels beside it."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from diagnostic.evidence.kinds import EvidenceKind, Polarity
from diagnostic.names import Name
from platformkit.wire import Day, Wire


class EvidenceUpdate(Wire):
    """What to change of a piece of evidence; a field left out stays."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"kind": "certificate", "valid_until": "2027-12-31"}]}
    )

    title: Name = Field(default_factory=str)
    kind: EvidenceKind = EvidenceKind.OTHER
    polarity: Polarity = Polarity.POSITIVE
    valid_until: Day | None = None


class EvidenceRead(BaseModel):
    """A piece of evidence; `counts_as` says what it does for its answer today, in Paris."""

    id: UUID
    assessment_id: UUID
    question: str | None
    action_id: UUID | None
    kind: EvidenceKind
    polarity: Polarity
    title: str
    media_type: str
    size: int
    sha256: Annotated[str, Field(description="Of the file, in hexadecimal.")]
    valid_until: date | None
    is_expired: bool
    counts_as: Literal["nothing", "document", "verified"]
    verified_at: datetime | None
    version: int
    created_at: datetime
