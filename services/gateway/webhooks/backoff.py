"""When a delivery is tried again, and when no more."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from random import Random
from typing import Final

GIVE_UP: Final = timedelta(days=3)
"""A delivery that fails so long after its first attempt is a dead letter."""

DISABLE: Final = timedelta(days=5)
"""A webhook that accepts nothing for so long is disabled."""

_FIRST_SECONDS: Final = 5.0
_FACTOR: Final = 4
_LONGEST_SECONDS: Final = 8 * 3600.0
_LONGEST_ASKED: Final = timedelta(days=1)
_DOUBLINGS: Final = 10


def pause(attempts: int, dice: Random) -> timedelta:
    """Draw the pause after so many attempts: exponential, with full jitter.

    Up to 5 s after the first, then 20 s, 80 s … and at most eight hours: some twenty in three days.
    """
    longest = min(_LONGEST_SECONDS, _FIRST_SECONDS * _FACTOR ** min(attempts - 1, _DOUBLINGS))
    return timedelta(seconds=dice.uniform(0, longest))


def asked(header: str | None, now: datetime) -> timedelta | None:
    """Read a Retry-After (RFC 9110 §10.2.3), seconds or a date; a day at most, None for none."""
    text = (header or "").strip()
    if text.isascii() and text.isdigit():
        wanted = timedelta(seconds=min(int(text[:9]), 10**6))
    else:
        try:
            until = parsedate_to_datetime(text)
        except ValueError:
            return None
        wanted = until.replace(tzinfo=until.tzinfo or UTC) - now
    return max(timedelta(), min(wanted, _LONGEST_ASKED))
