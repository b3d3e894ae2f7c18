"""Cache-Control, read as RFC 9111 §5.2 has it; what is malformed never makes an answer last."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

Headers = Sequence[tuple[bytes, bytes]]
Directives = dict[bytes, bytes | None]

FOREVER: Final = 2**31
"""Seconds; a larger number counts as this one (§1.2.2)."""

_PIECE = re.compile(rb'(?:[^,"]|"(?:[^"\\]|\\.)*")+')
_DIGITS = len(str(FOREVER))


def values(headers: Headers, name: bytes) -> list[bytes]:
    """Return all values of a lower-case name."""
    return [value for key, value in headers if key == name]


def parse(lines: Iterable[bytes]) -> Directives:
    """Read all lines; of two values none counts (§4.2.1), an open quotation forbids storing."""
    found: Directives = {}
    for line in lines:
        if line.count(b'"') % 2:
            found[b"no-store"] = None
        for piece in _PIECE.findall(line):
            name, has_value, value = piece.strip().partition(b"=")
            name = name.lower()
            told = _unquoted(value) if has_value else None
            found[name] = b"" if name in found and found[name] != told else told
    return found


def _unquoted(value: bytes) -> bytes:
    return value[1:-1] if len(value) > 1 and value[:1] == value[-1:] == b'"' else value


def seconds(directives: Directives, name: bytes) -> int | None:
    """Return delta-seconds: None without the directive, 0 where its value is no number."""
    if name not in directives:
        return None
    value = directives[name]
    if value is None or not value.isdigit():
        return 0
    digits = value.lstrip(b"0") or b"0"
    return FOREVER if len(digits) > _DIGITS else min(int(digits), FOREVER)
