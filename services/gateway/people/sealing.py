"""What leaves this process and comes back unread and unchanged, and the names that people have."""

import hashlib
import hmac
import json
from base64 import urlsafe_b64encode
from typing import Any, Final

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_PERSON: Final = "person:"


class SealBroken(Exception):
    """It was not sealed here for this purpose, or too long ago."""


class Seal:
    """Encrypts for one purpose; every gateway of the installation reads what another sealed."""

    def __init__(self, pepper: str, purpose: str) -> None:
        derived = HKDF(SHA256(), 32, salt=None, info=purpose.encode()).derive(pepper.encode())
        self._fernet = Fernet(urlsafe_b64encode(derived))

    def seal(self, content: object) -> str:
        """Encrypt what JSON can say."""
        return self._fernet.encrypt(json.dumps(content).encode()).decode()

    def open(self, sealed: str, seconds: int) -> Any:  # noqa: ANN401  # what was sealed
        """Decrypt what is no older; raises SealBroken."""
        try:
            return json.loads(self._fernet.decrypt(sealed, ttl=seconds))
        except (InvalidToken, ValueError):
            raise SealBroken from None


def pseudonym(pepper: str, issuer: str, subject: str) -> str:
    """Name a person: the same one each time, which leads nobody back without the pepper."""
    told = f"{issuer}\x00{subject}".encode()
    digest = hmac.digest(b"person " + pepper.encode(), told, hashlib.sha256)
    return _PERSON + urlsafe_b64encode(digest[:18]).decode()
