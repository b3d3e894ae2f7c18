"""Conditional reads, answered from what is kept (RFC 9110 §13, RFC 9111 §4.3.2)."""

import re
from collections.abc import Mapping
from typing import Final

from gateway.cache.asking import TAGS

_TAG: Final = re.compile(rb'(?:W/)?("[^"]*")')
_WEAK: Final = b"W/"
_LONGEST: Final = 4_096
"""Bytes of If-None-Match that are read."""


def holds(asked: Mapping[bytes, bytes], etag: bytes | None) -> bool:
    """Tell whether the client has it already: by a tag, compared weakly."""
    tags = asked.get(TAGS)
    if tags is None or etag is None:
        return False
    return tags == etag or tags.strip() == b"*" or etag.removeprefix(_WEAK) in _listed(tags)


def is_same(one: bytes, other: bytes) -> bool:
    """Compare two tags weakly (RFC 9110 §8.8.3.2)."""
    return one.removeprefix(_WEAK) == other.removeprefix(_WEAK)


def _listed(tags: bytes) -> list[bytes]:
    return _TAG.findall(tags[:_LONGEST])
