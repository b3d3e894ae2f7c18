"""One part of an answer: asked of one service, within its own time, present or said missing."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import ceil
from typing import Any, Final
from urllib.parse import urlencode

import orjson
from opentelemetry.trace import SpanKind

from gateway.proxy.exchange import Exchange, UpstreamFailed
from gateway.proxy.signing import signed
from gateway.proxy.upstream import Request, Upstream
from gateway.settings import Settings
from gateway.tokens.access import Verified
from platformkit import deadlines, telemetry
from platformkit.i18n import language

PART_SECONDS: Final = 2.0
"""The longest that a part is waited for."""

_SHARE_OF_DEADLINE: Final = 0.9
_SHARE_OF_FIRST: Final = 0.6
"""Of that time, what a part may take that others wait for."""

_MAX_BYTES: Final = 2_000_000
_AGAIN_SECONDS: Final = 2
_OK: Final = 200
_MAX_AGE: Final = re.compile(rb"(?:^|[\s,])max-age=([0-9]{1,9})")


@dataclass(frozen=True, slots=True)
class Ask:
    """What to read, of whom; `regional` where it is about the region and not the subject."""

    service: str
    path: str
    query: Sequence[tuple[str, str]] = ()
    regional: bool = False

    @property
    def target(self) -> str:
        """Path and query, as the service is asked."""
        return f"{self.path}?{urlencode(self.query)}" if self.query else self.path

    @property
    def href(self) -> str:
        """The same at this door."""
        return self.target.replace("/v1/", f"/v1/{self.service}/", 1)


@dataclass(frozen=True, slots=True)
class Part:
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


class Reader:
    """Reads parts for one caller, over the door's own upstream client, until one instant."""

    def __init__(
        self, upstreams: Mapping[str, Upstream], settings: Settings, caller: Verified
    ) -> None:
        self._upstreams = upstreams
        self._settings = settings
        self._caller = caller
        self._loop = asyncio.get_running_loop()
        self._begun = self._loop.time()
        self._seconds = min(
            PART_SECONDS,
            deadlines.remaining(PART_SECONDS / _SHARE_OF_DEADLINE) * _SHARE_OF_DEADLINE,
        )

    def allows(self, scope: str | None) -> bool:
        """Tell whether the caller may ask for what needs this scope."""
        return scope is None or scope in self._caller.principal.scopes

    async def read(self, ask: Ask, *, is_first: bool = False) -> Part | Gap:
        """Give the part, or say why not; never raises. Other parts wait for one `is_first`."""
        upstream = self._upstreams.get(ask.service)
        if upstream is None:
            return Gap(ask.service, "not-configured", None)
        until = self._begun + self._seconds * (_SHARE_OF_FIRST if is_first else 1)
        attributes: dict[str, telemetry.Attribute] = {"vigie.peer": ask.service}
        with telemetry.span(f"GET {ask.service}", SpanKind.CLIENT, attributes):
            headers = [
                *signed(self._settings, self._caller, ask.service, until),
                (b"accept", b"application/json"),
                (b"accept-language", language().encode()),
            ]
            request = Request("GET", ask.target.encode(), headers, until)
            try:
                with await upstream.send(request) as answer:
                    return _part(ask, answer, await answer.read(_MAX_BYTES))
            except UpstreamFailed as failure:
                return Gap(ask.service, failure.reason, ceil(failure.retry_after) or _AGAIN_SECONDS)


def _part(ask: Ask, answer: Exchange, content: bytes) -> Part | Gap:
    named = dict(answer.headers)
    try:
        value = orjson.loads(content)
    except orjson.JSONDecodeError:
        return Gap(ask.service, "invalid", _AGAIN_SECONDS)
    if answer.status == _OK:
        kept = named.get(b"cache-control", b"")
        age = _MAX_AGE.search(kept) if b"public" in kept else None
        return Part(ask, content, value, datetime.now(UTC), int(age[1]) if age else 0)
    code = value.get("code") if isinstance(value, dict) else None
    reason = code if isinstance(code, str) else f"status-{answer.status}"
    again = named.get(b"retry-after", b"")
    after = int(again) if again.isdigit() else None
    if after is None and answer.status >= 500:  # noqa: PLR2004  # theirs to mend, so it may pass
        after = _AGAIN_SECONDS
    return Gap(ask.service, reason, after, answer.status)
