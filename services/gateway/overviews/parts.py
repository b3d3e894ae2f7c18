"""One part of an answer: asked of one service, within its own time, present or said missing."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from math import ceil
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode

import orjson

from gateway.cache.store import Address
from gateway.overviews.told import Answer
from gateway.proxy.exchange import UpstreamFailed
from platformkit.errors import ProblemError

AGAIN_SECONDS: Final = 2
_OK: Final = 200
_MAX_AGE: Final = re.compile(rb"(?:^|[\s,])max-age=([0-9]{1,9})")


@dataclass(frozen=True, slots=True)
class Ask:
    """What to read, of whom; `regional` where it is about the region and not the subject."""

    service: str
    path: str
    query: Sequence[tuple[str, str]] = ()
    regional: bool = False
    target: bytes = field(init=False)
    """Path and query, as the service is asked."""

    href: str = field(init=False)
    """The same at this door."""

    address: Address = field(init=False)
    """And as the door's cache has it."""

    def __post_init__(self) -> None:
        target = _spelt(self.path, tuple(self.query))
        href = target.replace("/v1/", f"/v1/{self.service}/", 1)
        path, _, query = href.partition("?")
        object.__setattr__(self, "target", target.encode())
        object.__setattr__(self, "href", href)
        object.__setattr__(self, "address", (path, query.encode()))


@lru_cache(maxsize=1024)
def _spelt(path: str, query: tuple[tuple[str, str], ...]) -> str:
    return f"{path}?{urlencode(query)}" if query else path


class Part(NamedTuple):
    """A part that came; `content` is its JSON, byte for byte, `value` the same as read."""

    ask: Ask
    content: bytes
    value: Any
    as_of: datetime
    seconds: int
    """How long its service lets anybody keep it."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A part that did not come; `status` is the service's refusal, None when it gave none."""

    service: str
    reason: str
    retry_after: int | None
    status: int | None = None


def missing(ask: Ask, failure: Exception) -> Gap:
    """Say why nothing came, in the words of the way to the service where it was that."""
    cause = failure.__cause__ if isinstance(failure, ProblemError) else failure
    if isinstance(cause, UpstreamFailed):
        return Gap(ask.service, cause.reason, ceil(cause.retry_after) or AGAIN_SECONDS)
    code = failure.code if isinstance(failure, ProblemError) else "invalid"
    return Gap(ask.service, code, AGAIN_SECONDS)


def read(ask: Ask, answer: Answer) -> Part | Gap:
    """Read what came."""
    named = dict(answer.headers)
    try:
        value = orjson.loads(answer.content)
    except orjson.JSONDecodeError:
        return Gap(ask.service, "invalid", AGAIN_SECONDS)
    if answer.status == _OK:
        told = named.get(b"age", b"")
        age = int(told) if told.isdigit() else 0
        control = named.get(b"cache-control", b"")
        kept = _MAX_AGE.search(control) if b"public" in control else None
        seconds = max(0, int(kept[1]) - age) if kept else 0
        return Part(ask, answer.content, value, datetime.now(UTC) - timedelta(seconds=age), seconds)
    code = value.get("code") if isinstance(value, dict) else None
    reason = code if isinstance(code, str) else f"status-{answer.status}"
    again = named.get(b"retry-after", b"")
    after = int(again) if again.isdigit() else None
    if after is None and answer.status >= 500:  # noqa: PLR2004  # theirs to mend, so it may pass
        after = AGAIN_SECONDS
    return Gap(ask.service, reason, after, answer.status)
