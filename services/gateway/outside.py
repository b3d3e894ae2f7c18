"""Reads of addresses that a partner gave us, which must not lead inside (OWASP API7, SSRF).

Only https on its own port, of a host that has a name; the name is resolved once, every address it
has must be public, and the connection goes to those addresses; no redirect, no proxy, bounded.
"""

import asyncio
import re
import socket
import ssl
from collections.abc import Awaitable, Callable, Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Final
from urllib.parse import urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

_SECONDS: Final = 2.0
_MAX_BYTES: Final = 65_536
_OK: Final = 200
_HTTPS: Final = 443
_HOST: Final = re.compile(
    r"(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]+"
)
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost"})
_TRANSLATED: Final = [
    IPv6Network("64:ff9b::/96"),
    IPv6Network("64:ff9b:1::/48"),
    IPv6Network("2002::/16"),
]
"""IPv6 that stands for an IPv4 address, which may be any."""

Look = Callable[[str], Awaitable[Sequence[str]]]
"""Resolves a host's name."""


class OutsideUnreachable(Exception):
    """It could not be read, or may not be."""


def may_be_read(url: str) -> bool:
    """Tell whether the address is of a form that we follow, whatever it resolves to."""
    if not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        return False
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    return (
        parts.scheme == "https"
        and parts.netloc in {parts.hostname, f"{parts.hostname}:{_HTTPS}"}
        and port in {None, _HTTPS}
        and _HOST.fullmatch(parts.hostname or "") is not None
        and not parts.fragment
    )


def is_configurable(url: str) -> bool:
    """Tell whether an operator may name it: `https` or on this machine, no user, no fragment."""
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return False
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and host in _LOOPBACK)
    return is_safe and bool(host) and "@" not in parts.netloc and "#" not in url


def is_public(text: str) -> bool:
    """Tell whether an address is of the public Internet, read through IPv6's other spellings."""
    try:
        address: IPv4Address | IPv6Address = ip_address(text)
    except ValueError:
        return False
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            address = address.ipv4_mapped
        elif any(address in network for network in _TRANSLATED):
            return False
    return address.is_global and not address.is_multicast


async def _resolve(host: str) -> Sequence[str]:
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, _HTTPS, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]


class _Pinned(AbstractResolver):
    """Gives aiohttp the addresses that were judged, and no others."""

    def __init__(self, addresses: Sequence[str]) -> None:
        self._addresses = addresses

    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: socket.AddressFamily = socket.AF_UNSPEC,  # noqa: ARG002  # aiohttp's
    ) -> list[ResolveResult]:
        """Answer without asking anybody."""
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for address in self._addresses
        ]

    async def close(self) -> None:
        """Hold nothing."""


async def read(
    url: str,
    *,
    resolve: Look = _resolve,
    allowed: Callable[[str], bool] = is_public,
    tls: ssl.SSLContext | bool = True,
) -> bytes:
    """Return the body of a 200 answer; raises OutsideUnreachable for anything else."""
    if not may_be_read(url):
        raise OutsideUnreachable("not an address that is followed")
    try:
        async with asyncio.timeout(_SECONDS):
            addresses = await resolve(urlsplit(url).hostname or "")
            if not addresses or not all(map(allowed, addresses)):
                raise OutsideUnreachable("it leads inside")
            connector = aiohttp.TCPConnector(resolver=_Pinned(addresses), ssl=tls, limit=1)
            async with (
                aiohttp.ClientSession(connector=connector, auto_decompress=False) as session,
                session.get(url, allow_redirects=False) as answer,
            ):
                if answer.status != _OK:
                    raise OutsideUnreachable("no 200")
                return await whole(answer, _MAX_BYTES)
    except (aiohttp.ClientError, OSError, TimeoutError, UnicodeError) as failure:
        raise OutsideUnreachable(type(failure).__name__) from failure


async def whole(answer: aiohttp.ClientResponse, most: int) -> bytes:
    """Read the body; raises OutsideUnreachable for one that is larger."""
    body = await answer.content.read(most + 1)
    while len(body) <= most and (piece := await answer.content.read(most)):
        body += piece
    if len(body) > most:
        raise OutsideUnreachable("too large")
    return body
