"""The training service's own schema: nothing outside this service reads it."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import DateTime, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import DeclarativeBase

from platformkit.db import metadata_for


class Base(DeclarativeBase):
    """Every table of the service; text without length limits, instants with their zone."""

    metadata = metadata_for("training")
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: Text,
        datetime: DateTime(timezone=True),
        list[str]: ARRAY(Text),
    }
