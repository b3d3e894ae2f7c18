"""From where a request comes, as far as that can be believed; an address is never kept in clear."""

import hashlib
from collections.abc import Collection
from ipaddress import IPv4Network, IPv6Network
from socket import AF_INET, AF_INET6, inet_pton
from typing import Final

from gateway.limits.headers import Headers

_FORWARDED: Final = b"x-forwarded-for"
_MOST_HOPS: Final = 16
_MAPPED: Final = bytes(10) + b"\xff\xff"
_NOWHERE: Final = b""
Network = IPv4Network | IPv6Network


class Addresses:
    """Knows callers by a keyed hash of their address, of its first 64 bits for IPv6.

    `X-Forwarded-For` counts when it comes from one of our own proxies: its last entry that is not
    one of them is the caller. Anybody else's is not looked at.
    """

    def __init__(self, key: bytes, proxies: Collection[Network] = ()) -> None:
        self._key = key
        self._proxies = [
            (net.network_address.packed, int(net.netmask), int(net.network_address))
            for net in proxies
        ]

    def key(self, peer: str, headers: Headers, kind: bytes) -> bytes:
        """Give the key under which requests of this kind from there are counted."""
        packed = _packed(peer)
        if self._proxies and self._is_ours(packed):
            packed = self._forwarded(packed, headers)
        origin = packed if len(packed) < 16 else packed[:8]  # noqa: PLR2004  # bytes of IPv6
        return hashlib.blake2b(origin + kind, key=self._key, digest_size=12).digest()

    def _forwarded(self, packed: bytes, headers: Headers) -> bytes:
        told = b",".join(value for name, value in headers if name == _FORWARDED)
        for hop in reversed(told.rsplit(b",", _MOST_HOPS)[-_MOST_HOPS:]):
            before = _packed(hop.strip().decode("latin-1"))
            if before == _NOWHERE:
                break
            packed = before
            if not self._is_ours(packed):
                break
        return packed

    def _is_ours(self, packed: bytes) -> bool:
        number = int.from_bytes(packed)
        return any(
            len(packed) == len(base) and number & mask == network
            for base, mask, network in self._proxies
        )


def _packed(address: str) -> bytes:
    """Spell an address in 4 or 16 bytes, one of IPv4 inside IPv6 in 4; none for no address."""
    try:
        if ":" not in address:
            return inet_pton(AF_INET, address)
        packed = inet_pton(AF_INET6, address.partition("%")[0])
    except (OSError, ValueError):
        return _NOWHERE
    return packed[12:] if packed.startswith(_MAPPED) else packed
