"""The public keys of a client, which it gave us or publishes itself."""

import asyncio
import json
import time
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from gateway import jose
from platformkit import outside

ALGORITHMS: Final[Mapping[str, frozenset[str]]] = {
    "RSA": frozenset({"RS256", "PS256"}),
    "EC": frozenset({"ES256"}),
    "OKP": frozenset({"EdDSA"}),
}
"""What may sign an assertion, by type of key: nothing that a secret could verify."""

_BITS: Final = 2048
_MOST: Final = 20
_PRIVATE: Final = frozenset({"d", "k", "p", "q"})
_IDENTIFYING: Final = ("crv", "e", "kty", "n", "x", "y")
_FRESH_SECONDS: Final = 600.0
_AGAIN_SECONDS: Final = 60.0
_FETCHES: Final = 2
"""Within those seconds, whatever unknown kids come (G8)."""

Fetch = Callable[[str], Awaitable[bytes]]


class KeysRefused(ValueError):
    """The key set cannot be used."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """One key, and what it may be used with."""

    kid: str
    key: Any
    algorithms: frozenset[str]


def read(document: object) -> list[PublicKey]:
    """Read a key set (RFC 7517), leaving out what signs nothing here; raises KeysRefused."""
    keys = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(keys, list) or len(keys) > _MOST:
        raise KeysRefused("not a key set of at most twenty keys")
    read = [_key(key) for key in keys if isinstance(key, dict) and key.get("use", "sig") == "sig"]
    usable = [key for key in read if key is not None]
    if not usable:
        raise KeysRefused("no key for RS256, PS256, ES256 or EdDSA")
    return usable


def _key(member: dict[str, Any]) -> PublicKey | None:
    if _PRIVATE & member.keys():
        raise KeysRefused("a private key was published: withdraw it")
    algorithms = ALGORITHMS.get(str(member.get("kty")), frozenset())
    if "alg" in member:
        algorithms &= {str(member["alg"])}
    if not algorithms:
        return None
    try:
        key = jwt.PyJWK(member, algorithm=min(algorithms)).key
    except (jwt.PyJWTError, ValueError, TypeError, KeyError, AttributeError):
        return None
    if isinstance(key, rsa.RSAPublicKey) and key.key_size < _BITS:
        return None
    return PublicKey(str(member.get("kid", "")), key, algorithms)


def thumbprint(key: PublicKey) -> str:
    """Compute the key's RFC 7638 thumbprint."""
    algorithm: Any = jwt.get_algorithm_by_name(min(key.algorithms))
    members = algorithm.to_jwk(key.key, as_dict=True)
    return thumbprint_of({name: members[name] for name in _IDENTIFYING if name in members})


def thumbprint_of(members: Mapping[str, str]) -> str:
    """Digest the members that identify a key (RFC 7638 §3)."""
    canonical = json.dumps(members, separators=(",", ":"), sort_keys=True).encode()
    return jose.sha256(canonical)


def choose(keys: Sequence[PublicKey], kid: object) -> PublicKey | None:
    """Find the key of that name; an assertion that names none is of the only key there is."""
    if kid is None:
        return keys[0] if len(keys) == 1 else None
    return next((key for key in keys if key.kid == kid), None)


@dataclass(slots=True)
class _Published:
    keys: list[PublicKey] = field(default_factory=list)
    fetched: deque[float] = field(default_factory=lambda: deque(maxlen=_FETCHES))
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    def may_renew(self, now: float) -> bool:
        return len(self.fetched) < _FETCHES or now - self.fetched[0] > _AGAIN_SECONDS

    def is_stale(self, now: float) -> bool:
        return not self.fetched or now - self.fetched[-1] > _FRESH_SECONDS


class KeySets:
    """Published key sets, kept for ten minutes; an unknown kid fetches again, twice a minute.

    While one caller fetches, the others wait for the same answer. A set that cannot be read leaves
    the one before in force.
    """

    def __init__(self, fetch: Fetch = outside.read) -> None:
        self._fetch = fetch
        self._sets: dict[str, _Published] = {}

    async def find(self, url: str, kid: object) -> PublicKey | None:
        """Give the key of that name that the client publishes."""
        published = self._sets.setdefault(url, _Published())
        async with published.turn:
            now = time.monotonic()
            key = choose(published.keys, kid)
            if (key is None or published.is_stale(now)) and published.may_renew(now):
                published.fetched.append(now)
                await self._renew(url, published)
                key = choose(published.keys, kid)
            return key

    async def _renew(self, url: str, published: _Published) -> None:
        try:
            published.keys = read(json.loads(await self._fetch(url)))
        except (outside.OutsideUnreachable, ValueError, RecursionError):
            return
