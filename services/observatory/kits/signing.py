"""Signatures of kits and certificates: Ed25519 (RFC 8032) over canonical JSON (RFC 8785). Pure.

A signed document says what it is (`document`) and who signed it (`key_id`), within what is signed:
a certificate can never pass for a manifest, nor one key for another.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

SIGNATURE: Final = "signature"
KEY_ID: Final = "key_id"
_PURPOSE: Final = b"observatory kits"
_KEY_BYTES: Final = 32


class KeyUnreadable(ValueError):
    """It is not 32 bytes in base64url (RFC 4648 §5)."""


class KeyNotPinned(ValueError):
    """The document names a key that the reader does not trust; the argument is its id."""


class SignatureWrong(ValueError):
    """The signature is not that of these bytes under that key."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key to verify with; `x` is what a JWK of it says (RFC 8037), `id` its RFC 7638 thumbprint.

    The same key has the same id everywhere, so ids need no agreement.
    """

    x: str

    @classmethod
    def read(cls, x: str) -> "PublicKey":
        """Read a key; raises KeyUnreadable."""
        return cls(_encoded(_decoded(x)))

    @property
    def id(self) -> str:
        """Its thumbprint."""
        jwk = {"crv": "Ed25519", "kty": "OKP", "x": self.x}
        return _encoded(hashlib.sha256(canonical(jwk)).digest())

    def verify(self, signature: bytes, signed: bytes) -> None:
        """Raise SignatureWrong unless these bytes were signed by the key."""
        try:
            Ed25519PublicKey.from_public_bytes(_decoded(self.x)).verify(signature, signed)
        except (InvalidSignature, ValueError) as wrong:
            raise SignatureWrong from wrong


@dataclass(frozen=True, slots=True, repr=False)
class SigningKey:
    """A private key; what it signs is verified with `public`."""

    _seed: bytes

    @classmethod
    def read(cls, seed: str) -> "SigningKey":
        """Read the 32 bytes of a private key; raises KeyUnreadable."""
        return cls(_decoded(seed))

    @classmethod
    def derived(cls, secret: str) -> "SigningKey":
        """Make the key of an installation that was given none: it lasts as long as its secret."""
        return cls(hmac.digest(secret.encode(), _PURPOSE, "sha256"))

    @property
    def public(self) -> PublicKey:
        """Its public half."""
        return PublicKey(_encoded(self._private().public_key().public_bytes_raw()))

    def sign(self, signed: bytes) -> bytes:
        """Return the 64 bytes of the signature."""
        return self._private().sign(signed)

    def _private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self._seed)


def canonical(document: Any) -> bytes:  # noqa: ANN401  # any JSON value
    """Write a JSON value in the one way of RFC 8785; raises ValueError for what it cannot write."""
    return rfc8785.dumps(document)


def sign(document: Mapping[str, Any], key: SigningKey) -> dict[str, Any]:
    """Return the document with the key's id and the signature over all the rest."""
    told = {**document, KEY_ID: key.public.id}
    return {**told, SIGNATURE: _encoded(key.sign(canonical(told)))}


def verify(document: Mapping[str, Any], trusted: Iterable[PublicKey]) -> PublicKey:
    """Return the trusted key that signed the document.

    What was signed is judged as it was sent: verify first, then read it by its schema. Raises
    KeyNotPinned or SignatureWrong.
    """
    key = pinned(document.get(KEY_ID), trusted)
    told = {name: each for name, each in document.items() if name != SIGNATURE}
    try:
        signature = _bytes(str(document.get(SIGNATURE)))
        key.verify(signature, canonical(told))
    except (KeyUnreadable, rfc8785.CanonicalizationError) as wrong:
        raise SignatureWrong from wrong
    return key


def pinned(key_id: object, trusted: Iterable[PublicKey]) -> PublicKey:
    """Return the trusted key of that id, or raise KeyNotPinned."""
    for key in trusted:
        if key.id == key_id:
            return key
    raise KeyNotPinned(str(key_id)[:60])


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    try:
        found = base64.b64decode(f"{text}{'=' * (-len(text) % 4)}", altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as failure:
        raise KeyUnreadable from failure
    return found


def _decoded(text: str) -> bytes:
    found = _bytes(text)
    if len(found) != _KEY_BYTES:
        raise KeyUnreadable
    return found
