"""Request heads that were let in before, and what was read in them."""

from collections import OrderedDict
from typing import Final, NamedTuple

from gateway.cache.asking import Asked
from gateway.cache.store import Address
from gateway.proxy.hygiene import Headers
from gateway.proxy.table import Route

_MOST_BYTES: Final = 8_388_608
LONGEST: Final = 4_096
"""Bytes of a head that is remembered."""

_COPIES: Final = 3
"""Of a head's bytes: itself, its headers, what the cache reads of them."""

_OVERHEAD: Final = 2_500
"""Bytes of Python's own for a head, about."""


class Known(NamedTuple):
    """What stands in a head; nothing of it depends on when it comes, nor from whom."""

    method: str
    headers: Headers
    origin: str
    route: Route
    asked: Asked
    address: Address


class Heads:
    """Within a number of bytes: the head used longest ago is forgotten first."""

    def __init__(self, most: int = _MOST_BYTES) -> None:
        self._most = most
        self._size = 0
        self._known: OrderedDict[bytes, Known] = OrderedDict()

    def __len__(self) -> int:
        return len(self._known)

    def get(self, head: bytes) -> Known | None:
        """Return what stands in these very bytes."""
        known = self._known.get(head)
        if known is not None:
            self._known.move_to_end(head)
        return known

    def put(self, head: bytes, known: Known) -> None:
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
