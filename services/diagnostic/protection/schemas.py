"""Data protection on the wire."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel


class ExportedPart(BaseModel):
    """How many records, and the SHA-256 of the RFC 8785 canonical JSON of their array."""

    records: int
    sha256: str


class OrganisationExport(BaseModel):
    """Everything kept of one company; the guide `data-protection.md` explains every part."""

    format: Literal["vigie.organisation-export/1"]
    organisation_id: UUID
    exported_at: datetime
    parts: dict[str, list[dict[str, Any]]]
    manifest: dict[str, ExportedPart]


class OrganisationErased(BaseModel):
    """What was erased; the company is unknown from now on, at every address."""

    id: UUID
    erased_at: datetime
    assessments: int
    respondents: int
