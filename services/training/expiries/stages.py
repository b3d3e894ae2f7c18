"""When the end of a registration is told: days before it, in the time of Paris, and once over."""

from enum import StrEnum
from typing import Final


class Stage(StrEnum):
    """The notice that a day is for; a later one makes the earlier ones needless."""

    DAYS_90 = "days_90"
    DAYS_30 = "days_30"
    DAYS_7 = "days_7"
    ENDED = "ended"


class Hit(StrEnum):
    """What the end of a registration, or of delivery, does to a session."""

    STARTS_AFTER_END = "starts_after_end"
    ENROLMENT_OPEN_AFTER_END = "enrolment_open_after_end"
    ENDS_AFTER_DELIVERY = "ends_after_delivery"


BEFORE: Final = ((7, Stage.DAYS_7), (30, Stage.DAYS_30), (90, Stage.DAYS_90))
"""At most so many days before the last day of the registration."""

LONGEST: Final = BEFORE[-1][0]

MOST_PROVIDERS: Final = 50
"""SIRETs that a notice names."""

MOST_SESSIONS: Final = 20
"""Sessions that an item of a list shows."""
