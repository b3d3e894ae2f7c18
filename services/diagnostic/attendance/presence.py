"""What is noted of a company at a session."""

from enum import StrEnum


class Presence(StrEnum):
    """Whether a company was there; excused is absent with word given."""

    PRESENT = "present"
    ABSENT = "absent"
    EXCUSED = "excused"
