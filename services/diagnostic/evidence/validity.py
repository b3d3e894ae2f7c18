"""Until when a document counts: through its last day, in Paris."""

from datetime import date


def is_expired(valid_until: date | None, day: date) -> bool:
    """Tell whether the document's last day is over."""
    return valid_until is not None and valid_until < day
