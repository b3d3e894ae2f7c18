"""Secrets of webhooks at rest: signing needs them whole, and a dump of the table must not."""

import base64
import hashlib
from collections.abc import Sequence

from cryptography.fernet import Fernet, MultiFernet


class Seal:
    """Seals with the first key and opens with any: a new key is put before the others."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._fernet = MultiFernet([Fernet(_key(one)) for one in keys])

    def close(self, secret: str) -> bytes:
        """Give what the table keeps."""
        return self._fernet.encrypt(secret.encode())

    def open(self, kept: bytes) -> str:
        """Give the secret; raises `InvalidToken` for one that was sealed with a key we lack."""
        return self._fernet.decrypt(kept).decode()


def _key(text: str) -> bytes:
    return base64.urlsafe_b64encode(hashlib.sha256(b"vigie webhooks " + text.encode()).digest())
