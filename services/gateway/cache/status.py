"""How an answer came about, as Cache-Status tells it (RFC 9211), and the door's log in one word."""

from typing import Final

from gateway.cache.entries import Entry
from platformkit import telemetry

HEADER: Final = b"cache-status"
HIT: Final = "hit"
PASSED: Final = "pass"
_NAME: Final = b"vigie; "


def note(word: str) -> None:
    """Tell logs, spans and metrics of this request."""
    trace = telemetry.current()
    if trace is not None:
        trace.cache = word


def hit(entry: Entry, now: float) -> bytes:
    """Say that it was here; `ttl` is below zero for a stale one."""
    return b"vigie; hit; ttl=%d" % int(entry.fresh_until - now)


def forwarded(why: bytes, *more: bytes) -> bytes:
    """Say why it was asked for, and what came of it."""
    return _NAME + b"; ".join((b"fwd=" + why, *more))


def lines(entry: Entry, now: float) -> bytes:
    """Say that it was here, and its age, as lines of an answer."""
    return b"age: %d\r\n%b: %b\r\n" % (now - entry.born, HEADER, hit(entry, now))
