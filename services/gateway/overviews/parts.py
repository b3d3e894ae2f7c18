"""One part of an overview: asked of one service, within its own time, present or said missing."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from math import ceil
from typing import Any
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

PART_SECONDS = 2.0
_SHARE_OF_DEADLINE = 0.9
_MAX_BYTES = 2_000_000
_AGAIN_SECONDS = 2
_OK = 200


@dataclass(frozen=True, slots=True)
class Ask:
    """What to read, of whom, and under which name it appears in the overview."""

    part: str
    service: str
    path: str
    query: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A part that came; `content` is its JSON, byte for byte, `value` the same as read."""

    ask: Ask
    content: bytes
    value: Any
    as_of: datetime


@dataclass(frozen=True, slots=True)
class Gap:
    """A part that did not come; `status` is the service's refusal, None when it gave none."""

    ask: Ask
    reason: str
    retry_after: int | None
    status: int | None = None


class Reader:
    """Reads parts for one caller, over the door's own upstream client."""

    def __init__(
        self, upstreams: Mapping[str, Upstream], settings: Settings, caller: Verified
    ) -> None:
        self._upstreams = upstreams
        self._settings = settings
        self._caller = caller

    async def read(self, ask: Ask, seconds: float = PART_SECONDS) -> Part | Gap:
        """Give the part, or say why not; never raises."""
        upstream = self._upstreams.get(ask.service)
        if upstream is None:
            return Gap(ask, "not-configured", None)
        loop = asyncio.get_running_loop()
        until = loop.time() + min(seconds, deadlines.remaining(seconds) * _SHARE_OF_DEADLINE)
        attributes: dict[str, telemetry.Attribute] = {"vigie.peer": ask.service}
        with telemetry.span(f"GET {ask.service}", SpanKind.CLIENT, attributes):
            headers = [
                *signed(self._settings, self._caller, ask.service, until),
                (b"accept", b"application/json"),
                (b"accept-language", language().encode()),
            ]
            query = f"?{urlencode(ask.query)}" if ask.query else ""
            request = Request("GET", (ask.path + query).encode(), headers, until)
            try:
                with await upstream.send(request) as answer:
                    return _part(ask, answer, await answer.read(_MAX_BYTES))
            except UpstreamFailed as failure:
                return Gap(ask, failure.reason, ceil(failure.retry_after) or _AGAIN_SECONDS)

    async def read_all(self, asks: list[Ask], seconds: float = PART_SECONDS) -> list[Part | Gap]:
        """Read all of them at the same time; each has the whole time."""
        return list(await asyncio.gather(*(self.read(ask, seconds) for ask in asks)))


def _part(ask: Ask, answer: Exchange, content: bytes) -> Part | Gap:
    named = dict(answer.headers)
    try:
        value = orjson.loads(content)
    except orjson.JSONDecodeError:
        return Gap(ask, "invalid", _AGAIN_SECONDS)
    if answer.status == _OK:
        return Part(ask, content, value, datetime.now(UTC))
    code = value.get("code") if isinstance(value, dict) else None
    reason = code if isinstance(code, str) else f"status-{answer.status}"
    again = named.get(b"retry-after", b"")
    after = int(again) if again.isdigit() else None
    if after is None and answer.status >= 500:  # noqa: PLR2004  # theirs to mend, so it may pass
        after = _AGAIN_SECONDS
    return Gap(ask, reason, after, answer.status)
