"""Which request headers tell the answers of one address apart (RFC 9111 §4.1).

A request that asks a service for what is to be kept carries these three headers and no others from
outside: what cannot reach the service cannot poison what others are given.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from gateway.cache.directives import Headers, values
from platformkit.i18n import negotiate
from platformkit.preferences import takes_gzip

ACCEPT: Final = b"accept"
KEYED: Final = (ACCEPT, b"accept-encoding", b"accept-language")
Vary = tuple[bytes, ...]


def varies(headers: Headers) -> Vary | None:
    """Return the headers that an answer says it depends on; None where that is more than we key."""
    named = {
        name.strip().lower() for line in values(headers, b"vary") for name in line.split(b",")
    } - {b""}
    return tuple(sorted(named)) if named <= set(KEYED) else None


def variant(asked: Mapping[bytes, bytes], vary: Iterable[bytes]) -> Vary:
    """Return what the request says in those headers, as far as services tell it apart.

    They choose languages and encodings by the two functions used here; §4.1 allows to compare what
    means the same.
    """
    return tuple([_meaning(name, asked.get(name, b"")) for name in vary])


def _meaning(name: bytes, value: bytes) -> bytes:
    if name == ACCEPT:
        return value.strip()
    if name == b"accept-encoding":
        return b"gzip" if takes_gzip(value.decode("latin-1")) else b""
    return negotiate(value.decode("latin-1")).encode()
