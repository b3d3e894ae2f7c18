"""One part of an answer: asked of one service, within its own time, present or said missing."""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from math import ceil
from typing import Any, Final
from urllib.parse import urlencode

import orjson
from opentelemetry.trace import SpanKind

from gateway.cache.asking import Asked
from gateway.overviews.told import MOST_BYTES, Answer, Told
from gateway.proxy.call import Call
from gateway.proxy.door import Door
from gateway.proxy.exchange import UpstreamFailed
from gateway.proxy.signing import signed
from gateway.proxy.upstream import Request
from gateway.tokens.access import Verified
from platformkit import deadlines, telemetry
from platformkit.errors import DeadlineExceeded, ProblemError
from platformkit.i18n import language

PART_SECONDS: Final = 2.0
"""The longest that a part is waited for."""

_SHARE_OF_DEADLINE: Final = 0.9
_SHARE_OF_FIRST: Final = 0.6
"""Of that time, what a part may take that others wait for."""

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
        return _spelt(self.path, tuple(self.query))

    @property
    def href(self) -> str:
        """The same at this door."""
        return self.target.replace("/v1/", f"/v1/{self.service}/", 1)


@lru_cache(maxsize=1024)
def _spelt(path: str, query: tuple[tuple[str, str], ...]) -> str:
    return f"{path}?{urlencode(query)}" if query else path


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
    """Reads parts for one caller until one instant: what anybody may read, by the door's cache."""

    def __init__(self, door: Door, caller: Verified) -> None:
        self._door = door
        self._caller = caller
        self._loop = asyncio.get_running_loop()
        self._begun = self._loop.time()
        self._seconds = min(
            PART_SECONDS,
            deadlines.remaining(PART_SECONDS / _SHARE_OF_DEADLINE) * _SHARE_OF_DEADLINE,
        )
        self._headers = [
            (b"accept", b"application/json"),
            (b"accept-language", language().encode()),
        ]
        self._asked = Asked.of(self._headers, 0)

    def allows(self, scope: str | None) -> bool:
        """Tell whether the caller may ask for what needs this scope."""
        return scope is None or scope in self._caller.principal.scopes

    async def read(self, ask: Ask, *, is_open: bool, is_first: bool = False) -> Part | Gap:
        """Give the part, or say why not; never raises. Other parts wait for one `is_first`."""
        if ask.service not in self._door.upstreams:
            return Gap(ask.service, "not-configured", None)
        until = self._begun + self._seconds * (_SHARE_OF_FIRST if is_first else 1)
        attributes: dict[str, telemetry.Attribute] = {"vigie.peer": ask.service}
        with telemetry.span(f"GET {ask.service}", SpanKind.CLIENT, attributes):
            try:
                answer = await self._shared(ask, until) if is_open else None
                return _part(ask, answer or await self._own(ask, until))
            except DeadlineExceeded:
                return Gap(ask.service, "timeout", _AGAIN_SECONDS)
            except (UpstreamFailed, ProblemError) as failure:
                return _missing(ask, failure)

    async def _own(self, ask: Ask, until: float) -> Answer:
        """Ask the service for this caller alone."""
        door = self._door
        headers = [*signed(door.settings, self._caller, ask.service, until), *self._headers]
        request = Request("GET", ask.target.encode(), headers, until)
        with await door.upstreams[ask.service].send(request) as answer:
            return Answer(answer.status, answer.headers, await answer.read(MOST_BYTES))

    async def _shared(self, ask: Ask, until: float) -> Answer | None:
        """Give what is kept, or have it fetched for all who want it; None is not to be shared."""
        path, _, query = ask.href.partition("?")
        address = path, query.encode()
        cache, route = self._door.cache, self._door.table.find("GET", path)
        if route is None or not route.public or cache.passes(address):
            return None
        entry = cache.ready(route.service, address, self._asked)
        if entry is not None:
            age = b"%d" % (self._loop.time() - entry.born)
            return Answer(entry.status, [*entry.headers, (b"age", age)], entry.body)
        told = Told()
        scope = {"method": "GET", "headers": self._headers, "query_string": address[1]}
        call = Call(scope, told.receive, path, route=route, caller=self._caller, until=until)
        with telemetry.apart():
            await cache.serve(self._door, call, told.send)
        return told.answer


def _missing(ask: Ask, failure: Exception) -> Gap:
    """Say why nothing came, in the words of the way to the service where it was that."""
    cause = failure.__cause__ if isinstance(failure, ProblemError) else failure
    if isinstance(cause, UpstreamFailed):
        return Gap(ask.service, cause.reason, ceil(cause.retry_after) or _AGAIN_SECONDS)
    code = failure.code if isinstance(failure, ProblemError) else "invalid"
    return Gap(ask.service, code, _AGAIN_SECONDS)


def _part(ask: Ask, answer: Answer) -> Part | Gap:
    named = dict(answer.headers)
    try:
        value = orjson.loads(answer.content)
    except orjson.JSONDecodeError:
        return Gap(ask.service, "invalid", _AGAIN_SECONDS)
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
        after = _AGAIN_SECONDS
    return Gap(ask.service, reason, after, answer.status)
