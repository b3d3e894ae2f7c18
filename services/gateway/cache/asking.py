"""The request as the cache sees it: what it may be answered with, and why it may not."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Self

from gateway.cache.directives import Directives, parse, seconds
from gateway.cache.variants import ACCEPT, KEYED, Vary, variant

CONTROL: Final = b"cache-control"
TAGS: Final = b"if-none-match"
_SINCE: Final = b"if-modified-since"
CONDITIONS: Final = (TAGS, _SINCE)
_OTHERS: Final = frozenset({b"if-match", b"if-range", b"if-unmodified-since", b"prefer", b"range"})
"""Whoever sends one of these is answered by the service alone."""

_READ: Final = frozenset({CONTROL, *KEYED, *CONDITIONS, *_OTHERS})


@dataclass(slots=True)
class Asked:
    """Its headers that matter here, by lower-case name."""

    headers: dict[bytes, bytes]
    is_plain: bool
    """Whether the cache may answer: it has no body, and no header twice or of the others.

    Nor has it a date alone: what was hidden later than its release has the date of the release,
    and whether that is followed the service alone knows.
    """

    directives: Directives
    is_conditional: bool
    """Whether the client has something already."""

    is_versioned: bool
    """Whether Accept names a version, which services refuse when they have it not."""

    _told: tuple[Vary, Vary] = ((), ())

    @classmethod
    def of(cls, headers: Iterable[tuple[bytes, bytes]], length: int | None) -> Self:
        """Read a request, `length` being that of its body."""
        found: dict[bytes, bytes] = {}
        is_plain = length == 0
        for name, value in headers:
            if name in _READ:
                if name in found or name in _OTHERS:
                    is_plain = False
                found[name] = value
        if _SINCE in found and TAGS not in found:
            is_plain = False
        directives = parse([found[CONTROL]]) if CONTROL in found else {}
        return cls(
            found,
            is_plain,
            directives,
            is_conditional=not found.keys().isdisjoint(CONDITIONS),
            is_versioned=b"version" in found.get(ACCEPT, b"").lower(),
        )

    def variant(self, vary: Vary) -> Vary:
        """Tell what it says in these headers; worked out once for whoever asks again."""
        if self._told[0] != vary:
            self._told = vary, variant(self.headers, vary)
        return self._told[1]

    @property
    def conditions(self) -> list[tuple[bytes, bytes]]:
        """Return what the client says it has."""
        return [(name, self.headers[name]) for name in CONDITIONS if name in self.headers]

    @property
    def is_strict(self) -> bool:
        """Tell whether only what is asked for from now on is wanted."""
        return b"no-cache" in self.directives or seconds(self.directives, b"max-age") == 0
