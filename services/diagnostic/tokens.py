"""Secrets in links: random, shown once, kept as a digest; those of invitations are signed, too."""

import base64
import binascii
import hashlib
import hmac
import secrets
from typing import Annotated

from fastapi import Depends, Request

TOKEN_BYTES = 32
_MAC_BYTES = 16


def drawn() -> str:
    """Draw a token that nobody can guess."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def digest_of(token: str) -> bytes:
    """Give what is stored of a token."""
    return hashlib.sha256(token.encode()).digest()


class Seal:
    """Signs tokens with the service's key (HMAC-SHA-256, 16 bytes, after the 32 drawn)."""

    def __init__(self, key: str, purpose: str) -> None:
        self._key = hashlib.sha256(f"{purpose}\0{key}".encode()).digest()

    def drawn(self) -> str:
        """Draw a signed token."""
        told = secrets.token_bytes(TOKEN_BYTES)
        return base64.urlsafe_b64encode(told + self._mac(told)).decode()

    def is_ours(self, token: str) -> bool:
        """Tell whether we signed it: nobody need look for any other."""
        try:
            told = base64.b64decode(token, altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            return False
        return hmac.compare_digest(told[TOKEN_BYTES:], self._mac(told[:TOKEN_BYTES]))

    def _mac(self, told: bytes) -> bytes:
        return hmac.digest(self._key, told, hashlib.sha256)[:_MAC_BYTES]


async def _invitations(request: Request) -> Seal:
    return Seal(request.app.state.settings.secret_key.get_secret_value(), "invitation")


InvitationSeal = Annotated[Seal, Depends(_invitations)]
"""Signs the links of invitations."""
