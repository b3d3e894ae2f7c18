"""An entry of the log of changes."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """A change: of what, of which kind, and its place in the log."""

    position: int
    service: str
    entity: str
    entity_id: str
    kind: str
    version: int
    at: datetime
