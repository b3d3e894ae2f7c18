"""Addresses that a browser is sent to."""

from collections.abc import Mapping
from urllib.parse import urlencode


def extended(url: str, told: Mapping[str, str]) -> str:
    """Add to the query that the address may have (RFC 6749 §3.1)."""
    if not told:
        return url
    return f"{url}{'&' if '?' in url else '?'}{urlencode(told)}"
