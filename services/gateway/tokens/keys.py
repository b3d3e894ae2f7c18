"""RSA keys that sign access tokens: read from PEM files, all published; a settled one signs."""

import asyncio
import base64
import logging
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

from gateway.clients import jwks

ALGORITHM = "RS256"
_BITS = 2048
SETTLING_SECONDS = 600.0
"""A new file's key is published so long before it signs: whoever verifies has read it by then."""
_LOOK_SECONDS = 30.0
_PEM = re.compile(r"-----BEGIN [^-]+-----.+?-----END [^-]+-----", re.DOTALL)
_log = logging.getLogger(__name__)


class KeysError(Exception):
    """The folder of signing keys cannot be used; the gateway does not start without one."""


@dataclass(frozen=True, slots=True)
class Key:
    """One key pair; `kid` is its RFC 7638 thumbprint."""

    kid: str
    private: rsa.RSAPrivateKey
    public: rsa.RSAPublicKey
    jwk: dict[str, str]


@dataclass(frozen=True, slots=True)
class Keys:
    """Keys in force, the signing one first."""

    signing: Key
    by_kid: dict[str, Key]

    def jwks(self) -> dict[str, Any]:
        """Return the public halves as RFC 7517 wants them."""
        return {"keys": [key.jwk for key in self.by_kid.values()]}


def load(pem: str | None, folder: Path | None) -> Keys:
    """Read the keys in the text, else in the folder; without either make one for this run."""
    if pem is None and folder is None:
        _log.warning("no signing keys configured: tokens will not outlive this process")
        return of([rsa.generate_private_key(public_exponent=65537, key_size=_BITS)])
    try:
        texts = _PEM.findall(pem) if pem is not None else _files(folder)
        privates = [_read(text) for text in texts]
    except (OSError, ValueError, TypeError) as error:
        raise KeysError(f"the signing keys cannot be read: {error}") from error
    rsas = [key for key in privates if isinstance(key, rsa.RSAPrivateKey) and key.key_size >= _BITS]
    if not rsas or len(rsas) < len(privates):
        raise KeysError(f"signing keys must be RSA, of {_BITS} bits or more, and at least one")
    return of(rsas)


@lru_cache(maxsize=8)
def _read(text: str) -> PrivateKeyTypes:
    """Read a key once: to test that it is sound takes a tenth of a second of CPU."""
    return serialization.load_pem_private_key(text.encode(), None)


def _files(folder: Path | None) -> list[str]:
    """Read the files, the newest settled one first; without any, the oldest."""
    dated = [(file.stat().st_mtime, file) for file in (folder.glob("*.pem") if folder else [])]
    settled = time.time() - SETTLING_SECONDS
    old = sorted((pair for pair in dated if pair[0] <= settled), reverse=True)
    young = sorted(pair for pair in dated if pair[0] > settled)
    return [file.read_text() for _, file in old + young]


async def follow(folder: Path, told: Callable[[Keys], None]) -> None:
    """Tell of the folder's keys whenever others sign or are published, until cancelled.

    A folder that cannot be read, a half-written file say, changes nothing.
    """
    known: list[str] = []
    while True:
        try:
            keys = await asyncio.to_thread(load, None, folder)
        except KeysError:
            _log.warning("signing keys cannot be read: kept as they were")
        else:
            if known != list(keys.by_kid):
                known = list(keys.by_kid)
                told(keys)
        await asyncio.sleep(_LOOK_SECONDS)


def of(privates: list[rsa.RSAPrivateKey]) -> Keys:
    """Give each key its thumbprint; the first signs."""
    keys = [_key(private) for private in privates]
    return Keys(signing=keys[0], by_kid={key.kid: key for key in keys})


def _key(private: rsa.RSAPrivateKey) -> Key:
    public = private.public_key()
    numbers = public.public_numbers()
    bare = {"e": _base64(numbers.e), "kty": "RSA", "n": _base64(numbers.n)}
    kid = jwks.thumbprint_of(bare)
    jwk = {**bare, "kid": kid, "use": "sig", "alg": ALGORITHM}
    return Key(kid=kid, private=private, public=public, jwk=jwk)


def _base64(number: int) -> str:
    data = number.to_bytes((number.bit_length() + 7) // 8, "big")
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
