"""The diagnostic's own schema: nothing outside this service reads it."""

import uuid
from datetime import datetime
from typing import Annotated, Any, ClassVar

from sqlalchemy import DateTime, Text, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, mapped_column

from platformkit.db import metadata_for

Id = Annotated[uuid.UUID, mapped_column(primary_key=True, default=uuid.uuid4)]
"""Drawn by the application, so that the feed and the audit row can name it before the insert."""

Recorded = Annotated[datetime, mapped_column(server_default=func.now())]
"""The instant of the transaction, by the database's clock."""


class Base(DeclarativeBase):
    """Every table of the service; text without length limits, instants with their zone."""

    metadata = metadata_for("diagnostic")
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: Text,
        datetime: DateTime(timezone=True),
        dict[str, Any]: JSONB,
        list[Any]: JSONB,
    }
