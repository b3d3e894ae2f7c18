"""The spelling that JOSE, PKCE and DPoP share (RFC 7515 §2)."""

import hashlib
from base64 import urlsafe_b64encode


def sha256(data: bytes) -> str:
    """Digest and spell in base64url without padding."""
    return urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
