"""Request heads that were let in before, and what was read in them."""

import re
from collections import OrderedDict
from collections.abc import Mapping
from typing import Final, Generic, NamedTuple, TypeVar

from gateway.cache.asking import Asked
from gateway.cache.store import Address
from gateway.proxy.hygiene import Headers
from gateway.proxy.identity import Presented
from gateway.proxy.table import Route

_MOST_BYTES: Final = 8_388_608
LONGEST: Final = 4_096
"""Bytes of a head that is remembered."""

_COPIES: Final = 3
"""Of a head's bytes: itself, its headers, what the cache reads of them."""

_OVERHEAD: Final = 2_500
"""Bytes of Python's own for a head, about."""


PASSING: Final = frozenset(
    {b"traceparent", b"tracestate", b"baggage", b"x-request-id", b"x-request-deadline"}
)
"""Headers that name a trace or a time: other bytes each time, and no other answer from here."""

_NOTHING: Final[Mapping[bytes, bytes]] = {}
_LINE: Final = re.compile(rb"\r\n([tTbBxX][a-zA-Z-]+): ([!-~]+)(?=\r\n)")


class Bare(NamedTuple):
    """A head without the lines of `PASSING`, and what those say, by lower-case name."""

    head: bytes
    told: Mapping[bytes, bytes]

    @property
    def parent(self) -> str:
        """The trace that one names."""
        return self.told.get(b"traceparent", b"").decode()


def bare(head: bytes) -> Bare:
    """Cut out whole lines of the plain form; a name that is there twice stays, as all do.

    A line more of that form changes nothing in how the other lines are read.
    """
    pieces: list[bytes] = []
    told: dict[bytes, bytes] = {}
    kept_from = 0
    for line in _LINE.finditer(head):
        name = line[1].lower()
        if name in PASSING:
            if name in told:
                return Bare(head, _NOTHING)
            told[name] = line[2]
            pieces.append(head[kept_from : line.start()])
            kept_from = line.end()
    if not told:
        return Bare(head, _NOTHING)
    pieces.append(head[kept_from:])
    return Bare(b"".join(pieces), told)


class Known(NamedTuple):
    """What stands in a bare head; nothing of it depends on when it comes, nor from whom."""

    method: str
    headers: Headers
    presented: Presented | None
    origin: str
    route: Route
    asked: Asked
    address: Address


K = TypeVar("K")


class Heads(Generic[K]):
    """Within a number of bytes: the head used longest ago is forgotten first."""

    def __init__(self, most: int = _MOST_BYTES) -> None:
        self._most = most
        self._size = 0
        self._known: OrderedDict[bytes, K] = OrderedDict()

    def __len__(self) -> int:
        return len(self._known)

    def get(self, head: bytes) -> K | None:
        """Return what stands in these very bytes."""
        known = self._known.get(head)
        if known is not None:
            self._known.move_to_end(head)
        return known

    def put(self, head: bytes, known: K) -> None:
        """Remember it."""
        if head not in self._known:
            self._size += _weight(head)
        self._known[head] = known
        while self._size > self._most:
            gone, _ = self._known.popitem(last=False)
            self._size -= _weight(gone)

    def drop(self, head: bytes) -> None:
        """Forget it."""
        if self._known.pop(head, None) is not None:
            self._size -= _weight(head)


def _weight(head: bytes) -> int:
    return _COPIES * len(head) + _OVERHEAD
