"""Signatures of Standard Webhooks 1.0: HMAC-SHA-256 of `id.timestamp.body`, one for each secret."""

import base64
import hmac
import secrets
from collections.abc import Sequence
from hashlib import sha256
from typing import Final

PREFIX: Final = "whsec_"
_BYTES: Final = 32


def make() -> str:
    """Make a secret; the specification wants 24 to 64 random bytes."""
    return PREFIX + base64.b64encode(secrets.token_bytes(_BYTES)).decode()


def headers(held: Sequence[str], event: str, at: int, body: bytes) -> dict[str, str]:
    """Sign with every secret held, so that a receiver changes over when it likes."""
    content = f"{event}.{at}.".encode() + body
    return {
        "webhook-id": event,
        "webhook-timestamp": str(at),
        "webhook-signature": " ".join(f"v1,{_signature(secret, content)}" for secret in held),
    }


def _signature(secret: str, content: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    return base64.b64encode(hmac.digest(key, content, sha256)).decode()
