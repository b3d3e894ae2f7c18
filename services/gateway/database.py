"""The gateway's own schema: who may ask for tokens, and the kit's two tables."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import ARRAY, DateTime, Text
from sqlalchemy.orm import DeclarativeBase

from platformkit.db import metadata_for


class Base(DeclarativeBase):
    """Every table of the gateway; text without length limits, instants with their zone."""

    metadata = metadata_for("gateway")
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: Text,
        datetime: DateTime(timezone=True),
        list[str]: ARRAY(Text),
    }
