"""Sends a read on in the turn of the loop in which it came, and its answer back likewise.

The chain (`proxy.door`) is the one reader of headers: only lines that it let in are known here. Of
the first line only what can be read in one way is read. Whether the request may pass is asked of
those whom the chain asks; in doubt nothing is counted, and the chain decides. Whatever comes of it
but a whole answer, while the client still waits, is the chain's to deal with, too.
"""

import asyncio
import re
import time
from collections.abc import Mapping
from functools import lru_cache
from typing import Final, NamedTuple

from starlette.types import Message, Scope

from gateway.cache import status
from gateway.cache.asking import Asked
from gateway.cache.entries import spelt
from gateway.overviews.views import Read, View
from gateway.proxy import hygiene
from gateway.proxy.call import ADMITTED, Call
from gateway.proxy.door import Door, authorise
from gateway.proxy.identity import presented, recognise
from gateway.proxy.signing import DEADLINE, signed
from gateway.proxy.table import Route
from gateway.proxy.upstream import Request
from gateway.repeats.heads import LONGEST, PASSING, Heads, bare
from gateway.resilience.drain import Drain
from gateway.resilience.load import priority_of
from gateway.straight.assembly import Assembly
from gateway.straight.passage import Passage
from gateway.straight.way import Admission, Desk, Guest, Manner, Way
from gateway.tokens.access import Verified
from platformkit import deadlines, i18n, telemetry
from platformkit.errors import ProblemError
from platformkit.middleware import header
from platformkit.otlp import Exporters

_FIRST_LINE: Final = re.compile(
    rb"GET (/v1/[A-Za-z0-9._~/-]+)(?:\?([A-Za-z0-9._~=&%+,:;@/?!$'()*-]*))? HTTP/1\.1"
)
_OTHERS: Final = frozenset({b"content-length", b"dpop", b"expect", b"origin", b"transfer-encoding"})
"""With one of these a read is no simple one, or means something else each time."""

_MOST_PLACES: Final = 2_048


class Place(NamedTuple):
    """What a first line asks for."""

    path: str
    query: bytes
    route: Route
    target: bytes
    """The same in the words of its service."""

    view: View | None = None
    """What is asked for where several services answer."""


class _Asked(NamedTuple):
    """A request in a known manner."""

    place: Place
    manner: Manner
    lines: bytes
    told: Mapping[bytes, bytes]
    """Of its trace and its time."""


class Straight:
    """What the protocol asks before it reads a request that nothing is kept for."""

    def __init__(
        self, door: Door, exporters: Exporters, drain: Drain, views: Mapping[str, Read]
    ) -> None:
        """Take `views`, by the template of their route, beside what one service answers."""
        self._desk = Desk(door, exporters, drain)
        self._views = views
        self._manners: Heads[Manner] = Heads()
        self._place = lru_cache(maxsize=_MOST_PLACES)(self._find)
        exporters.counter(
            "vigie.door.straight",
            "Reads passed on without being read again",
            lambda: [(self.answered, {})],
        )

    @property
    def answered(self) -> int:
        """How many have been."""
        return self._desk.answered

    def learn(self, head: bytes, scope: Scope) -> None:
        """Remember how a client asks, after its request was let in."""
        if ADMITTED not in scope or scope["method"] != "GET" or len(head) > LONGEST:
            return
        lines, told = bare(head[head.find(b"\r\n") :])
        headers = [pair for pair in scope["headers"] if pair[0] not in PASSING]
        if len(headers) + len(told) != len(scope["headers"]):
            return
        asked = Asked.of(headers, 0)
        if not asked.is_versioned and all(name not in _OTHERS for name, _ in headers):
            onward = spelt(hygiene.inbound(headers))
            language = i18n.negotiate(header(scope, b"accept-language"))
            self._manners.put(lines, Manner(headers, onward, presented(headers), asked, language))

    def knows(self, head: bytes, guest: Guest) -> bool:
        """Tell whether a client asks in these very lines; the guest remembers it."""
        if _is_as_before(head, guest):
            return True
        lines = head[head.find(b"\r\n") :]
        manner = self._manners.get(lines)
        guest.manner = None if manner is None else (lines, manner)
        return manner is not None

    def begin(self, head: bytes, peer: str, guest: Guest) -> Way | None:
        """Send the request on; None has done nothing.

        The guest hears of it from `listen` on.
        """
        asked = self._read(head, guest)
        if asked is None or self._desk.drain.begun:
            return None
        call = self._let_in(asked)
        if call is None:
            guest.manner = None
            return None
        given = deadlines.parse(asked.told.get(DEADLINE, b"").decode())
        view, door = asked.place.view, self._desk.door
        if view is not None:
            admission = self._admit(asked, call, head, peer, guest)
            longest = door.settings.default_deadline_ms
            milliseconds = min(given or longest, longest)
            language = asked.manner.language
            return admission and Assembly(admission, view, language, milliseconds)
        member = door.upstreams[call.service].ready()
        admission = None if member is None else self._admit(asked, call, head, peer, guest)
        if member is None or admission is None:
            return None
        longest = door.settings.longest_ms
        call.until = asyncio.get_running_loop().time() + min(given or longest, longest) / 1000
        trace, caller = admission.trace, admission.caller
        told = signed(door.settings, caller, call.service, call.until, trace.parent)
        call.lines = asked.manner.onward + told
        request = Request("GET", asked.place.target, call.lines, call.until)
        call.begun = door.upstreams[call.service].begin(member, request)
        return Passage(admission, call.begun)

    def _read(self, head: bytes, guest: Guest) -> _Asked | None:
        """Read what is known and has one reading."""
        end = head.find(b"\r\n")
        told, manner = _NOTHING, None
        if _is_as_before(head, guest) and guest.manner is not None:
            lines, manner = guest.manner
        elif len(head) <= LONGEST:
            lines, told = bare(head[end:])
            manner = self._manners.get(lines) if told else None
        place = None if manner is None else self._place(head[:end])
        if manner is None or place is None:
            return None
        if place.view is not None and manner.asked.is_conditional:
            return None
        return _Asked(place, manner, lines, told)

    def _admit(
        self, asked: _Asked, call: Call, head: bytes, peer: str, guest: Guest
    ) -> Admission | None:
        """Count the request and begin its trace; None has done nothing."""
        door, started = self._desk.door, time.perf_counter()
        route, caller = asked.place.route, call.caller or door.anonymous
        limits = door.limits.admit_at_once(peer, asked.manner.headers, caller, route.kind)
        if limits is None:
            return None
        door.load.enter()
        call.counted = True
        trace = telemetry.begin(
            asked.told.get(b"traceparent", b"").decode(),
            self._desk.exporters.tracer,
            ratio=door.settings.trace_ratio,
            joins=asked.manner.presented is not None,
        )
        trace.route = route.template
        trace.cache = None if call.passed is None else status.PASSED
        return Admission(self._desk, guest, head, call, caller, trace, started, limits)

    def _find(self, first: bytes) -> Place | None:
        """Find what is asked for, as the chain does or not at all."""
        found = _FIRST_LINE.fullmatch(first)
        if found is None:
            return None
        try:
            path = hygiene.path_of(found[1])
        except ProblemError:
            return None
        route, query = self._desk.door.table.find("GET", path), found[2] or b""
        if route is None:
            return None
        if route.service in self._desk.door.upstreams:
            target = hygiene.target(path, route.prefix, route.replacement, query)
            return Place(path, query, route, target)
        read = self._views.get(route.template)
        try:
            view = read(path, query) if read else None
        except ProblemError:
            return None
        return None if view is None else Place(path, query, route, b"", view)

    def _let_in(self, asked: _Asked) -> Call | None:
        """Find out whether it may be asked for, likewise."""
        door, manner = self._desk.door, asked.manner
        path, query, route, *_ = asked.place
        try:
            passed = None
            if route.public and asked.place.view is None:
                passed = door.cache.why_passed((path, query), manner.asked)
                if passed is None:
                    return None
            caller = self._caller(manner, asked.lines)
            scope = {"method": "GET", "headers": manner.headers, "query_string": query}
            call = Call(scope, _nothing, path, route=route, caller=caller, passed=passed)
            authorise(door, call)
        except ProblemError:
            return None
        priority = priority_of("GET", known=caller is not door.anonymous)
        return call if door.load.has_room_for(priority) else None

    def _caller(self, manner: Manner, lines: bytes) -> Verified:
        door = self._desk.door
        if manner.presented is None:
            return door.anonymous
        try:
            return recognise(door.verifier, door.ring, manner.presented)
        except ProblemError:
            self._manners.drop(lines)
            raise


_NOTHING: Final[Mapping[bytes, bytes]] = {}


def _is_as_before(head: bytes, guest: Guest) -> bool:
    if guest.manner is None:
        return False
    lines, _ = guest.manner
    return head.endswith(lines) and head.find(b"\r\n") == len(head) - len(lines)


async def _nothing() -> Message:
    raise AssertionError  # the chain has another, and nobody else asks
