"""How long the caller still waits: read from the request, decremented, passed on to peers."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

HEADER = "x-request-deadline"
"""Milliseconds left, as the caller counts them."""

_until: ContextVar[float | None] = ContextVar("deadline", default=None)


@contextmanager
def within(milliseconds: float | None) -> Iterator[None]:
    """Set the deadline of the work inside; None lifts it."""
    now = asyncio.get_running_loop().time()
    token = _until.set(None if milliseconds is None else now + milliseconds / 1000)
    try:
        yield
    finally:
        _until.reset(token)


def remaining(default: float) -> float:
    """Return the seconds left, never more than `default` and never less than zero."""
    until = _until.get()
    if until is None:
        return default
    return max(0.0, min(default, until - asyncio.get_running_loop().time()))


def parse(value: str) -> float | None:
    """Read the header's milliseconds; anything but a number from 1 to 3,600,000 is no deadline."""
    if not value.isascii() or not value.isdigit() or len(value) > 7:  # noqa: PLR2004  # an hour
        return None
    milliseconds = int(value)
    return float(milliseconds) if 0 < milliseconds <= 3_600_000 else None  # noqa: PLR2004
