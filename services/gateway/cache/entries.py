"""One kept answer, and what may be done with it at an instant (loop time)."""

import asyncio
from dataclasses import dataclass
from typing import Final, Self

from gateway.cache.directives import Directives, Headers, seconds, values
from gateway.cache.freshness import Terms
from gateway.cache.variants import Vary, varies

_RENEWED_NOT: Final = frozenset(
    {b"content-encoding", b"content-length", b"content-range", b"content-type"}
)
"""What a 304 cannot change of an answer whose bytes stay (RFC 9111 §3.2)."""

_OF_BODIES: Final = _RENEWED_NOT | {b"content-disposition"}
"""What a 304 of ours leaves out: it has no body to say it of (RFC 9110 §15.4.5)."""

_BODILESS: Final = frozenset({204, 304})
_OWN: Final = frozenset({b"age", b"cache-status"})
_OVERHEAD: Final = 1_000
"""Bytes of Python's own for an entry, about."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An answer to a GET: what is sent, and until which loop time it may be used in which way."""

    status: int
    headers: list[tuple[bytes, bytes]]
    brief: list[tuple[bytes, bytes]]
    """The headers of a 304."""

    lines: bytes
    brief_lines: bytes
    """Both as they are sent."""

    body: bytes
    epoch: int
    """Of its service's feed when it was asked for: what is announced later may not be in it."""

    born: float
    """When its age was nought."""

    fresh_until: float
    shown_until: float
    kept_until: float
    etag: bytes | None
    modified: bytes | None
    vary: Vary | None

    @classmethod
    def of(cls, status: int, headers: Headers, body: bytes, terms: Terms, epoch: int) -> Self:
        """Make an entry of what came just now; `headers` as a client may see them."""
        born = asyncio.get_running_loop().time() - terms.age
        kept = [pair for pair in headers if pair[0] not in _OWN]
        if status not in _BODILESS and not values(kept, b"content-length"):  # it was in chunks
            kept.append((b"content-length", b"%d" % len(body)))
        brief = [pair for pair in kept if pair[0] not in _OF_BODIES]
        return cls(
            status,
            kept,
            brief,
            spelt(kept),
            spelt(brief),
            body,
            epoch,
            born=born,
            fresh_until=born + terms.fresh,
            shown_until=born + terms.while_revalidated,
            kept_until=born + terms.on_error,
            etag=next(iter(values(kept, b"etag")), None),
            modified=next(iter(values(kept, b"last-modified")), None),
            vary=varies(kept),
        )

    def renewed(self, headers: Headers, terms: Terms, epoch: int) -> Self:
        """Return the entry as a 304 that came just now has renewed it (RFC 9111 §3.2, §4.3.4)."""
        told = {name for name, _ in headers} - _RENEWED_NOT
        kept = [pair for pair in self.headers if pair[0] not in told]
        new = [pair for pair in headers if pair[0] in told]
        return self.of(self.status, [*kept, *new], self.body, terms, epoch)

    @property
    def validators(self) -> list[tuple[bytes, bytes]]:
        """Ask whether it is still right (RFC 9111 §4.3.1); nothing, where that cannot be asked."""
        if self.etag is not None:
            return [(b"if-none-match", self.etag)]
        return [(b"if-modified-since", self.modified)] if self.modified is not None else []

    @property
    def size(self) -> int:
        """Bytes it takes."""
        named = sum(len(name) + len(value) + 100 for name, value in self.headers)
        return len(self.body) + len(self.lines) + len(self.brief_lines) + named + _OVERHEAD

    def suits(self, directives: Directives, now: float) -> bool:
        """Tell whether the caller's own directives let it be used (RFC 9111 §5.2.1)."""
        if b"no-cache" in directives:
            return False
        oldest = seconds(directives, b"max-age")
        if oldest is not None and now - self.born > oldest:
            return False
        return self.fresh_until - now >= (seconds(directives, b"min-fresh") or 0)


def spelt(headers: Headers) -> bytes:
    """Spell headers as lines."""
    return b"".join([b"%b: %b\r\n" % pair for pair in headers])
