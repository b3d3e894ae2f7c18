"""Reads parts for one caller, each of one service and within its time."""

import asyncio
from functools import cache
from typing import Final

from opentelemetry.trace import SpanKind

from gateway.cache.asking import Asked
from gateway.cache.entries import spelt
from gateway.cache.store import Address
from gateway.overviews import parts
from gateway.overviews.coming import Coming, whole
from gateway.overviews.parts import AGAIN_SECONDS, Ask, Gap, Part
from gateway.overviews.told import Answer, Told
from gateway.proxy.call import Call
from gateway.proxy.door import Door
from gateway.proxy.exchange import UpstreamFailed
from gateway.proxy.signing import signed
from gateway.proxy.upstream import Request
from gateway.tokens.access import Verified
from platformkit import deadlines, telemetry
from platformkit.errors import DeadlineExceeded, ProblemError
from platformkit.i18n import Language, language

READER: Final = "vigie.reader"
"""Member of a scope: the reader that began before the request came here."""

PART_SECONDS: Final = 2.0
"""The longest that a part is waited for."""

_SHARE_OF_DEADLINE: Final = 0.9
_SHARE_OF_FIRST: Final = 0.6
"""Of that time, what a part may take that others wait for."""


@cache
def _spoken(chosen: Language) -> tuple[bytes, Asked]:
    headers = [(b"accept", b"application/json"), (b"accept-language", chosen.encode())]
    return spelt(headers), Asked.of(headers, 0)


class Reader:
    """Reads parts for one caller until one instant: what anybody may read, by the door's cache."""

    def __init__(self, door: Door, caller: Verified, seconds: float | None = None) -> None:
        """Begin; the caller waits `seconds`, by default what is left of the request's time."""
        self._door = door
        self._caller = caller
        self._loop = asyncio.get_running_loop()
        self._begun = self._loop.time()
        if seconds is None:
            seconds = deadlines.remaining(PART_SECONDS / _SHARE_OF_DEADLINE)
        self._seconds = min(PART_SECONDS, seconds * _SHARE_OF_DEADLINE)
        self._lines, self._asked = _spoken(language())
        self.begun: dict[str, Part | Gap | Coming] = {}
        """Parts that were asked for, by name, and that nobody has taken yet."""

        self._unheard: list[Coming] = []
        self._signed: dict[str, bytes] = {}
        """What told each service who asks in this turn of the loop."""

    def allows(self, scope: str | None) -> bool:
        """Tell whether the caller may ask for what needs this scope."""
        return scope is None or scope in self._caller.principal.scopes

    def begin(self, ask: Ask, *, is_open: bool) -> Part | Gap | Coming | None:
        """Give what is kept, or ask for it at once; None is for `read`.

        What is shared may have to be waited for with others; a sampled part has a span of its own.
        After the last of them comes `hear`.
        """
        upstream, trace = self._door.upstreams.get(ask.service), telemetry.current()
        if upstream is None or (trace is not None and trace.tracer is not None):
            return None
        address = self._address(ask) if is_open else None
        if address is not None:
            kept = self._kept(ask, address)
            return None if kept is None else parts.read(ask, kept)
        member = upstream.ready()
        if member is None:
            return None
        until = self._begun + self._seconds
        lines = self._signed.get(ask.service)
        if lines is None:
            lines = self._signed[ask.service] = self._told(ask.service, until)
        request = Request("GET", ask.target, lines, until)
        coming = Coming(ask, upstream, member, request)
        self._unheard.append(coming)
        return coming

    def hear(self) -> None:
        """Hear of all that `begin` asked for, in the same turn of the loop."""
        for coming in self._unheard:
            coming.hear()
        self._unheard.clear()
        self._signed.clear()

    async def read(self, ask: Ask, *, is_open: bool, is_first: bool = False) -> Part | Gap:
        """Give the part, or say why not; never raises. Other parts wait for one `is_first`."""
        if ask.service not in self._door.upstreams:
            return Gap(ask.service, "not-configured", None)
        until = self._begun + self._seconds * (_SHARE_OF_FIRST if is_first else 1)
        attributes: dict[str, telemetry.Attribute] = {"vigie.peer": ask.service}
        with telemetry.span(f"GET {ask.service}", SpanKind.CLIENT, attributes):
            try:
                answer = await self._shared(ask, until) if is_open else None
                return parts.read(ask, answer or await self._own(ask, until))
            except DeadlineExceeded:
                return Gap(ask.service, "timeout", AGAIN_SECONDS)
            except (UpstreamFailed, ProblemError) as failure:
                return parts.missing(ask, failure)

    async def _own(self, ask: Ask, until: float) -> Answer:
        """Ask the service for this caller alone."""
        request = Request("GET", ask.target, self._told(ask.service, until), until)
        return await whole(self._door.upstreams[ask.service], request)

    def _told(self, service: str, until: float) -> bytes:
        """Tell a service who asks, until when, and how."""
        return signed(self._door.settings, self._caller, service, until) + self._lines

    def _address(self, ask: Ask) -> Address | None:
        """Give where the cache has it, or would; None where it is not to be shared."""
        address = ask.address
        if self._door.cache.passes(address):
            return None
        route = self._door.table.find("GET", address[0])
        return address if route is not None and route.public else None

    def _kept(self, ask: Ask, address: Address) -> Answer | None:
        entry = self._door.cache.ready(ask.service, address, self._asked)
        if entry is None:
            return None
        age = b"%d" % (self._loop.time() - entry.born)
        return Answer(entry.status, [*entry.headers, (b"age", age)], entry.body)

    async def _shared(self, ask: Ask, until: float) -> Answer | None:
        """Give what is kept, or have it fetched for all who want it; None is not to be shared."""
        address = self._address(ask)
        if address is None:
            return None
        kept = self._kept(ask, address)
        if kept is not None:
            return kept
        path, query = address
        told = Told()
        headers = [*self._asked.headers.items()]
        scope = {"method": "GET", "headers": headers, "query_string": query}
        route = self._door.table.find("GET", path)
        call = Call(scope, told.receive, path, route=route, caller=self._caller, until=until)
        with telemetry.apart():
            await self._door.cache.serve(self._door, call, told.send)
        return told.answer
