"""Secrets in links: random, shown once, kept as a digest."""

import hashlib
import secrets

TOKEN_BYTES = 32


def drawn() -> str:
    """Draw a token that nobody can guess."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def digest_of(token: str) -> bytes:
    """Give what is stored of a token."""
    return hashlib.sha256(token.encode()).digest()
