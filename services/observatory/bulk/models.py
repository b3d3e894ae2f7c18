"""Files of releases, and their bytes in pieces that no list reads."""

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, SmallInteger, func
from sqlalchemy.orm import Mapped, mapped_column

from observatory.database import Base


class BulkFile(Base):
    """The Parquet of a release; `state` is what was visible and hidden of it when it was made.

    Its pieces follow it, and its hash and size come last, in one transaction.
    """

    __tablename__ = "bulk_file"
    __table_args__ = (Index("ix_bulk_file_flow", "flow", "ordinal"),)

    number: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    release: Mapped[uuid.UUID] = mapped_column(ForeignKey("observatory.release.id"), unique=True)
    flow: Mapped[int] = mapped_column(SmallInteger)
    ordinal: Mapped[int]
    mask_revision: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(server_default=func.now())
    sha256: Mapped[str | None]
    size: Mapped[int | None] = mapped_column(BigInteger)


class BulkPiece(Base):
    """A piece of a file: `queries.PIECE` bytes, the last one what is left."""

    __tablename__ = "bulk_piece"

    file: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("observatory.bulk_file.number", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content: Mapped[bytes]
