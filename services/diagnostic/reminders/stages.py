"""When an action is spoken of; days are days in Paris."""

from enum import StrEnum


class Stage(StrEnum):
    """What there is to say of an action; at its due day and after it, the later one only."""

    DUE_SOON = "due_soon"
    DUE = "due"
    LATE = "late"
    STALLED = "stalled"


SOON_DAYS = 7
"""Before the due day."""

LATE_DAYS = 7
"""After the due day."""

STALLED_DAYS = 30
"""In progress without a change."""
