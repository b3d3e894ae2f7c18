"""What may be kept, and until which age it may be used (RFC 9111 §3 and §4.2, RFC 5861).

Heuristics (§4.2.2) have no place here: a service says how long its answer is right.
"""

from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Final

from gateway.cache.directives import FOREVER, Directives, Headers, parse, seconds, values
from gateway.cache.variants import varies

KEPT_STATUS: Final = frozenset({200, 204, 301, 302, 307, 308})
"""Errors are never kept: a problem names the trace of one request, and what is absent now may be
there in a moment. Nor are parts (206)."""

_NEVER_STALE: Final = frozenset({b"must-revalidate", b"proxy-revalidate", b"s-maxage"})
_VALIDATORS: Final = frozenset({b"etag", b"last-modified"})


@dataclass(frozen=True, slots=True)
class Terms:
    """Seconds: the age at which an answer came, and up to which it may be used in which way."""

    age: float
    fresh: int
    while_revalidated: int
    """Shown once more while a fresh one is fetched."""

    on_error: int
    """Shown when no fresh one can be had."""


def may_keep(status: int, headers: Headers, until: Terms, asked: Directives) -> bool:
    """Tell whether a shared cache may keep the answer to a GET (§3, §3.5), and has any use for it.

    `public` is asked of all: a service says it of nothing that one caller alone may read.
    """
    told = parse(values(headers, b"cache-control"))
    return (
        status in KEPT_STATUS
        and b"public" in told
        and not told.keys() & {b"no-store", b"private"}
        and b"no-store" not in asked
        and not any(name == b"set-cookie" for name, _ in headers)
        and varies(headers) is not None
        and (until.fresh > until.age or any(name in _VALIDATORS for name, _ in headers))
    )


def terms(headers: Headers, at: float, delay: float) -> Terms:
    """Return the terms of an answer received at `at` (Unix time), `delay` seconds after asking."""
    told = parse(values(headers, b"cache-control"))
    age = _age(headers, at, delay)
    if b"no-cache" in told:  # §5.2.2.4: never without asking, on no occasion
        return Terms(age, 0, 0, 0)
    fresh = _lifetime(told, headers, at)
    if told.keys() & _NEVER_STALE:  # §4.2.4
        return Terms(age, fresh, fresh, fresh)
    return Terms(
        age,
        fresh,
        fresh + (seconds(told, b"stale-while-revalidate") or 0),
        fresh + (seconds(told, b"stale-if-error") or 0),
    )


def _lifetime(told: Directives, headers: Headers, at: float) -> int:
    """§4.2.1: the first of s-maxage, max-age and Expires that is there, even when it is invalid."""
    for name in (b"s-maxage", b"max-age"):
        found = seconds(told, name)
        if found is not None:
            return found
    expires = values(headers, b"expires")
    if len(expires) != 1:
        return 0
    end, date = instant(expires[0]), _date(headers)
    return 0 if end is None else max(0, min(int(end - (at if date is None else date)), FOREVER))


def _age(headers: Headers, at: float, delay: float) -> float:
    """§4.2.3: the larger of what clocks and what caches on the way say."""
    date = _date(headers)
    apparent = 0.0 if date is None else max(0.0, at - date)
    first = (values(headers, b"age") or [b""])[0].partition(b",")[0].strip()
    told = seconds({b"age": first}, b"age") or 0  # §5.1: an invalid one is ignored
    return max(apparent, told + delay)


def _date(headers: Headers) -> float | None:
    found = values(headers, b"date")
    return instant(found[0]) if found else None


def instant(date: bytes) -> float | None:
    """Read an HTTP date (RFC 9110 §5.6.7) as Unix time."""
    try:
        return parsedate_to_datetime(date.decode("latin-1")).timestamp()
    except (ValueError, OverflowError, TypeError):
        return None
