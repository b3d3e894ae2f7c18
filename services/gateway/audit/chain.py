"""The chain of the audit trail: each event's digest covers its fields and the digest before it.

A trigger of the table links what is added; here the same is computed again, to verify.
"""

import hashlib
from collections.abc import AsyncIterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

GENESIS: Final = bytes(32)
"""What stands before the first event."""

FIELDS: Final = (
    "id", "at", "actor", "tenant", "action", "entity", "entity_id", "decision", "trace_id",
    "detail",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the chain; written down elsewhere, it proves later that nothing was cut off."""

    id: int = 0
    hash: bytes = GENESIS

    def __str__(self) -> str:
        """Spell it so that a person can keep it."""
        return f"{self.id}:{self.hash.hex()}"


class ChainBroken(Exception):
    """An event was changed, removed or slipped in; `at` is the first that does not fit."""

    def __init__(self, at: int, reason: str) -> None:
        super().__init__(f"event {at}: {reason}")


def link(previous: bytes, event: Mapping[str, Any]) -> bytes:
    """Give the digest of an event: SHA-256 of the one before and of each field after its length.

    The lengths (`5:abcde`, as in netstrings) keep two events from spelling the same.
    """
    spelled = b"".join(b"%d:%b" % (len(part), part) for part in map(_bytes, _values(event)))
    return hashlib.sha256(previous + spelled).digest()


def _values(event: Mapping[str, Any]) -> list[object]:
    return [event[name] for name in FIELDS]


def _bytes(value: object) -> bytes:
    if isinstance(value, datetime):
        value = f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}Z"
    return str(value).encode()


async def verify(events: AsyncIterable[Mapping[str, Any]], kept: Head | None = None) -> Head:
    """Return the end of a sound chain; raises ChainBroken, also when `kept` is not on it."""
    head = Head()
    if kept == head:
        kept = None
    async for event in events:
        if event["id"] != head.id + 1:
            raise ChainBroken(head.id + 1, "missing")
        if event["previous"] != head.hash or event["hash"] != link(head.hash, event):
            raise ChainBroken(event["id"], "altered")
        head = Head(event["id"], event["hash"])
        if kept is not None and kept.id == head.id:
            if kept != head:
                raise ChainBroken(head.id, "not what was written down")
            kept = None
    if kept is not None:
        raise ChainBroken(head.id + 1, "missing")
    return head
