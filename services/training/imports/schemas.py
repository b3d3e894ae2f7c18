"""Wire format of the imports; PostgreSQL renders the runs, a test holds them to these models."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

from training.imports.findings import Severity

Mode = Literal["dry_run", "atomic", "partial"]
RunState = Literal["queued", "running", "done", "failed", "halted"]


class RunRead(BaseModel):
    """An import: what was sent, how far the work is, how much was found wrong."""

    id: UUID
    format: str
    mode: Mode
    force: bool
    extract: bool
    dated_on: date | None
    licence: str | None
    filename: str | None
    media_type: str
    size: int = Field(description="bytes, without Content-Encoding")
    sha256: str
    state: RunState = Field(
        description="`failed`: refused, nothing applied; `halted`: far fewer records than the"
        " catalogue holds, nothing applied"
    )
    step: int = Field(
        description="0 unpack, 1 syntax, 2 schema, 3 reference data, 4 business rules"
    )
    records: int = Field(description="read so far")
    errors: int
    warnings: int
    created_at: datetime
    finished_at: datetime | None


class Said(BaseModel):
    """A sentence in both languages."""

    fr: str
    en: str


class AnomalyRead(BaseModel):
    """A rule that a record, or with no record the file, does not meet; lines count from 1."""

    position: int
    step: int
    severity: Severity
    rule: str = Field(description="stable; programs compare this one")
    record: str | None
    line: int | None
    detail: Said


class FilePart(BaseModel):
    """The file that was judged; `parts` are the members that were read."""

    sha256: str
    size: int
    media_type: str
    parts: list[str]
    dated_on: date | None
    licence: str | None = Field(
        description="under which its producer publishes it, else as its sender states it"
    )


class StepVerdict(BaseModel):
    """What one of the five steps of the check has given."""

    step: int
    name: Literal["unpack", "syntax", "schema", "reference_data", "business_rules"]
    verdict: Literal["passed", "failed", "not_reached"]
    errors: int
    warnings: int


class ReferenceRead(BaseModel):
    """A nomenclature that the records were compared with, in the release that was held."""

    name: str
    version: str | None
    dated_on: date | None


class RecordCounts(BaseModel):
    """How many records were read, could be stored, and could not."""

    read: int
    valid: int
    refused: int


class ChangeCount(BaseModel):
    """How many records have this fate, and the first of their codes."""

    count: int
    first: list[str]


class VolumeRead(BaseModel):
    """How many records of a family the catalogue held, and how many came."""

    family: str
    held: int
    found: int


class CertificateRead(BaseModel):
    """The certificate of conformity of a file; its bytes never change."""

    format: str
    format_version: str | None
    mode: Mode
    force: bool
    extract: bool
    file: FilePart
    state: RunState
    applied: bool
    steps: list[StepVerdict]
    references: list[ReferenceRead]
    records: RecordCounts
    changes: dict[str, ChangeCount] | None = Field(
        description="`created`, `modified`, `unchanged`, `restored`, `absent`: what was changed,"
        " or in a dry run what would be; null where the file was refused before"
    )
    volumes: list[VolumeRead]
