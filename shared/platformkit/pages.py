"""What a page of ours may load where it is opened."""

import base64
import hashlib


def digest_policy(style: str) -> str:
    """Allow one style, known by its digest, and nothing else (Content Security Policy 3)."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
