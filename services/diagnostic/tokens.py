"""Secrets in links: random, shown once, kept as a digest; those of invitations are signed, too."""

import hashlib
import secrets
from typing import Annotated

from fastapi import Depends, Request

from platformkit import pagination

TOKEN_BYTES = 32


def drawn() -> str:
    """Draw a token that nobody can guess."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def digest_of(token: str) -> bytes:
    """Give what is stored of a token."""
    return hashlib.sha256(token.encode()).digest()


class Seal:
    """Signs tokens with the service's key, as cursors are signed."""

    def __init__(self, key: str) -> None:
        self._key = key

    def drawn(self) -> str:
        """Draw a signed token."""
        return pagination.sign(self._key, [drawn()])

    def is_ours(self, token: str) -> bool:
        """Tell whether we signed it: nobody need look for any other."""
        try:
            pagination.unsign(self._key, token)
        except pagination.CursorRefused:
            return False
        return True


async def _invitations(request: Request) -> Seal:
    return Seal(request.app.state.settings.secret_key.get_secret_value() + "invitation")


InvitationSeal = Annotated[Seal, Depends(_invitations)]
"""Signs the links of invitations."""
