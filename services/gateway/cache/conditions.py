"""Conditional reads, answered from what is kept (RFC 9110 §13, RFC 9111 §4.3.2)."""

import re
from collections.abc import Mapping
from typing import Final

from gateway.cache.freshness import instant

_TAG: Final = re.compile(rb'(?:W/)?("[^"]*")')
_WEAK: Final = b"W/"
_LONGEST: Final = 4_096
"""Bytes of If-None-Match that are read."""


def holds(asked: Mapping[bytes, bytes], etag: bytes | None, modified: bytes | None) -> bool:
    """Tell whether the client has it already: by a tag, compared weakly, else by its date."""
    tags = asked.get(b"if-none-match")
    if tags is not None:
        if etag is None:
            return False
        return tags == etag or tags.strip() == b"*" or etag.removeprefix(_WEAK) in _listed(tags)
    since = asked.get(b"if-modified-since")
    if since is None or modified is None:
        return False
    if since == modified:
        return True
    then, changed = instant(since), instant(modified)
    return then is not None and changed is not None and changed <= then


def is_same(one: bytes, other: bytes) -> bool:
    """Compare two tags weakly (RFC 9110 §8.8.3.2)."""
    return one.removeprefix(_WEAK) == other.removeprefix(_WEAK)


def _listed(tags: bytes) -> list[bytes]:
    return _TAG.findall(tags[:_LONGEST])
