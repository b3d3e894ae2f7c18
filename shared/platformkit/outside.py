"""Calls to addresses that a partner gave us, which must not lead inside (OWASP API7, SSRF).

Only https, of a host that has a name; the name is resolved once for a connection, every address it
has must be public, and the connection goes to those addresses; no redirect, no proxy, bounded.
"""

import asyncio
import re
import socket
import ssl
from collections.abc import Awaitable, Callable, Container, Sequence
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
_UNICAST: Final = IPv6Network("2000::/3")
"""All that IANA gives out; what is beside it is of a site, of a host, or stands for IPv4."""

_TRANSLATED: Final = IPv6Network("2002::/16")
"""6to4: stands for an IPv4 address, which may be any."""

_EXAMPLES: Final = IPv6Network("3fff::/20")
"""RFC 9637, younger than the list of our Python."""

Look = Callable[[str], Awaitable[Sequence[str]]]
"""Resolves a host's name."""


class OutsideUnreachable(Exception):
    """It could not be read, or may not be."""


_TOLD: Final[dict[type[Exception], str]] = {
    OutsideUnreachable: "unreachable",
    aiohttp.ClientSSLError: "tls",
    TimeoutError: "timeout",
    aiohttp.ClientConnectionError: "unreachable",
    OSError: "unreachable",
    aiohttp.ClientError: "invalid-answer",
    ValueError: "invalid-answer",
}
"""The first that fits. An address that is not followed is told as one where nobody is: else whoever
gives one could ask our resolver which names lead inside (OWASP SSRF prevention, blind SSRF)."""

FAILURES: Final = tuple(_TOLD)
"""What a call to an address may raise."""


def told(failure: Exception) -> str:
    """Return the code by which one of FAILURES is told."""
    return next(code for kind, code in _TOLD.items() if isinstance(failure, kind))


def may_be_read(url: str, ports: Container[int] | None = None) -> bool:
    """Tell whether the address is of a form that we follow, whatever it resolves to.

    Its port must be among these, or that of https.
    """
    if not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        return False
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    return (
        parts.scheme == "https"
        and parts.netloc in {parts.hostname, f"{parts.hostname}:{port}"}
        and (_HTTPS if port is None else port) in (ports or {_HTTPS})
        and _HOST.fullmatch(parts.hostname or "") is not None
        and not parts.fragment
    )


def may_be_called(url: str, ports: Container[int], *, local: bool) -> bool:
    """Tell whether the address is of a form that we follow; `local` is for development.

    It also lets http to this machine, on any port.
    """
    return (local and _is_here(url)) or may_be_read(url, ports)


def _is_here(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme == "http" and parts.hostname in _LOOPBACK and not parts.username


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
        elif address not in _UNICAST or address in _TRANSLATED or address in _EXAMPLES:
            return False
    return address.is_global and not address.is_multicast


def is_public_or_here(text: str) -> bool:
    """Tell whether an address is of the public Internet or of this machine."""
    return is_public(text) or ip_address(text).is_loopback


async def resolve_name(host: str) -> Sequence[str]:
    """Give the addresses that the system's resolver has for a name."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, _HTTPS, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]


class _Judging(AbstractResolver):
    """Gives aiohttp the addresses of a name when all may be followed, for each connection anew."""

    def __init__(self, look: Look, allowed: Callable[[str], bool]) -> None:
        self._look, self._allowed = look, allowed

    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: socket.AddressFamily = socket.AF_UNSPEC,  # noqa: ARG002  # aiohttp's
    ) -> list[ResolveResult]:
        """Look once; the connection goes to what was judged. Raises OutsideUnreachable."""
        addresses = await self._look(host)
        if not addresses or not all(map(self._allowed, addresses)):
            raise OutsideUnreachable("it leads inside")
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for address in addresses
        ]

    async def close(self) -> None:
        """Hold nothing."""


def session(
    *,
    resolve: Look = resolve_name,
    allowed: Callable[[str], bool] = is_public,
    tls: ssl.SSLContext | bool = True,
) -> aiohttp.ClientSession:
    """Open a client whose every connection is judged; the caller judges the form of addresses."""
    connector = aiohttp.TCPConnector(
        resolver=_Judging(resolve, allowed), ssl=tls, limit=0, use_dns_cache=False
    )
    return aiohttp.ClientSession(
        connector=connector, auto_decompress=False, cookie_jar=aiohttp.DummyCookieJar()
    )


async def bounded(answer: aiohttp.ClientResponse, most: int) -> bytes:
    """Read no more than `most` bytes and one, by which a longer body shows."""
    body = b""
    while len(body) <= most and (piece := await answer.content.read(most + 1 - len(body))):
        body += piece
    return body


async def read(
    url: str,
    *,
    resolve: Look = resolve_name,
    allowed: Callable[[str], bool] = is_public,
    tls: ssl.SSLContext | bool = True,
) -> bytes:
    """Return the body of a 200 answer; raises OutsideUnreachable for anything else."""
    if not may_be_read(url):
        raise OutsideUnreachable("not an address that is followed")
    try:
        async with (
            asyncio.timeout(_SECONDS),
            session(resolve=resolve, allowed=allowed, tls=tls) as client,
            client.get(url, allow_redirects=False) as answer,
        ):
            if answer.status != _OK:
                raise OutsideUnreachable("no 200")
            return await whole(answer, _MAX_BYTES)
    except (aiohttp.ClientError, OSError, TimeoutError, UnicodeError) as failure:
        raise OutsideUnreachable(type(failure).__name__) from failure


async def whole(answer: aiohttp.ClientResponse, most: int) -> bytes:
    """Read the body; raises OutsideUnreachable for one that is larger."""
    body = await bounded(answer, most)
    if len(body) > most:
        raise OutsideUnreachable("too large")
    return body
