"""Tables of the imports: what was sent, how far its work is, what was found wrong.

A run is a row, its file is rows: whoever takes over the work of a killed process finds all of it
in the database, and nothing is applied but by the one transaction that also ends the run.
"""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    SmallInteger,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from training.database import Base

_RUN = "training.import_run.id"


class ImportRun(Base):
    """One file, sent once, and what became of it; `certificate` is written at the end and stays."""

    __tablename__ = "import_run"
    __table_args__ = (
        CheckConstraint("mode IN ('dry_run', 'atomic', 'partial')", "mode"),
        CheckConstraint("state IN ('queued', 'running', 'done', 'failed', 'halted')", "state"),
        CheckConstraint("step BETWEEN 0 AND 4", "step"),
        CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", "sha256"),
        Index(None, "tenant", "created_at", "id"),
        Index(
            "uq_import_run_key",
            "tenant",
            "client",
            "idempotency_key",
            unique=True,
            postgresql_where=text("idempotency_key IS NOT NULL"),
        ),
        Index("ix_import_run_open", "id", postgresql_where=text("state IN ('queued', 'running')")),
    )

    id: Mapped[uuid.UUID] = mapped_column(
        primary_key=True, server_default=text("gen_random_uuid()")
    )
    tenant: Mapped[str]
    """Of whoever sent the file; empty for the operators of the platform."""
    client: Mapped[str]
    idempotency_key: Mapped[str | None]
    format: Mapped[str]
    mode: Mapped[str]
    force: Mapped[bool]
    extract: Mapped[bool]
    dated_on: Mapped[date | None]
    """What the sender said of the file's date; the file itself may say another."""
    licence: Mapped[str | None]
    """Likewise of its licence."""
    filename: Mapped[str | None]
    media_type: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str]
    state: Mapped[str] = mapped_column(server_default="queued")
    step: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    records: Mapped[int] = mapped_column(server_default="0")
    errors: Mapped[int] = mapped_column(server_default="0")
    warnings: Mapped[int] = mapped_column(server_default="0")
    attempts: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    certificate: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    finished_at: Mapped[datetime | None]


class ImportFilePart(Base):
    """A piece of the file of a run that is not over."""

    __tablename__ = "import_file_part"

    run_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(_RUN), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    bytes: Mapped[bytes] = mapped_column(LargeBinary)


class ImportRecord(Base):
    """A record as read, before it is merged; unlogged: after a crash it is read again.

    Its document is a JSON null where the record has errors: it came, and cannot be stored.
    """

    __tablename__ = "import_record"
    __table_args__ = ({"prefixes": ["UNLOGGED"]},)

    run_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    line: Mapped[int]
    fingerprint: Mapped[str]
    document: Mapped[dict[str, Any]] = mapped_column(JSONB)
    derived: Mapped[dict[str, Any]] = mapped_column(JSONB)
    origin: Mapped[dict[str, Any]] = mapped_column(JSONB)
    parts: Mapped[list[Any] | None] = mapped_column(JSONB(none_as_null=True))
    """Kept apart and not compressed, so that what is derived is short and read at once."""


class ImportAnomaly(Base):
    """A rule that a record or the file breaks, in the order of the file."""

    __tablename__ = "import_anomaly"
    __table_args__ = (CheckConstraint("severity IN ('error', 'warning')", "severity"),)

    run_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(_RUN), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    step: Mapped[int] = mapped_column(SmallInteger)
    severity: Mapped[str]
    rule: Mapped[str]
    record: Mapped[str | None]
    line: Mapped[int | None]
    detail_fr: Mapped[str]
    detail_en: Mapped[str]
