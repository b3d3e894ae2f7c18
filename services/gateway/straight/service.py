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
from gateway.proxy import hygiene
from gateway.proxy.call import FORWARDED, Call
from gateway.proxy.door import Door, authorise
from gateway.proxy.identity import presented, recognise
from gateway.proxy.signing import DEADLINE, signed
from gateway.proxy.table import Route
from gateway.proxy.upstream import Request
from gateway.repeats.heads import LONGEST, PASSING, Heads, bare
from gateway.resilience.drain import Drain
from gateway.resilience.load import priority_of
from gateway.straight.passage import Desk, Guest, Manner, Passage
from gateway.tokens.access import Verified
from platformkit import deadlines, telemetry
from platformkit.errors import ProblemError
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


class Straight:
    """What the protocol asks before it reads a request that nothing is kept for."""

    def __init__(self, door: Door, exporters: Exporters, drain: Drain) -> None:
        self._desk = Desk(door, exporters, drain)
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
        """Remember how a client asks, after its request was passed on."""
        if FORWARDED not in scope or scope["method"] != "GET" or len(head) > LONGEST:
            return
        lines, told = bare(head[head.find(b"\r\n") :])
        headers = [pair for pair in scope["headers"] if pair[0] not in PASSING]
        if len(headers) + len(told) != len(scope["headers"]):
            return
        asked = Asked.of(headers, 0)
        if not asked.is_versioned and all(name not in _OTHERS for name, _ in headers):
            onward = hygiene.inbound(headers)
            self._manners.put(lines, Manner(headers, onward, presented(headers), asked))

    def knows(self, head: bytes, guest: Guest) -> bool:
        """Tell whether a client asks in these very lines; the guest remembers it."""
        if _is_as_before(head, guest):
            return True
        lines = head[head.find(b"\r\n") :]
        manner = self._manners.get(lines)
        guest.manner = None if manner is None else (lines, manner)
        return manner is not None

    def begin(self, head: bytes, peer: str, guest: Guest) -> Passage | None:
        """Send the request on; None has done nothing.

        The guest hears of it from `listen` on.
        """
        end = head.find(b"\r\n")
        told, manner = _NOTHING, None
        if _is_as_before(head, guest) and guest.manner is not None:
            lines, manner = guest.manner
        elif len(head) <= LONGEST:
            lines, told = bare(head[end:])
            manner = self._manners.get(lines) if told else None
        place = None if manner is None else self._place(head[:end])
        if manner is None or place is None or self._desk.drain.begun:
            return None
        call = self._let_in(manner, lines, place)
        if call is None:
            guest.manner = None
        member = None if call is None else self._desk.door.upstreams[call.service].ready()
        if call is None or member is None or call.route is None or call.caller is None:
            return None
        door, started = self._desk.door, time.perf_counter()
        limits = door.limits.admit_at_once(peer, manner.headers, call.caller, call.route.kind)
        if limits is None:
            return None
        door.load.enter()
        call.counted = True
        trace = telemetry.begin(
            told.get(b"traceparent", b"").decode(),
            self._desk.exporters.tracer,
            ratio=door.settings.trace_ratio,
            joins=manner.presented is not None,
        )
        trace.route = call.route.template
        trace.cache = None if call.passed is None else status.PASSED
        longest = door.settings.longest_ms
        given = deadlines.parse(told.get(DEADLINE, b"").decode()) or longest
        call.until = asyncio.get_running_loop().time() + min(given, longest) / 1000
        headers = signed(door.settings, call.caller, call.service, call.until, trace.parent)
        call.headers = [*manner.onward, *headers]
        request = Request("GET", place.target, call.headers, call.until)
        call.begun = door.upstreams[call.service].begin(member, request)
        return Passage(self._desk, guest, head, call, call.begun, (trace, started), limits)

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
        if route is None or route.service not in self._desk.door.upstreams:
            return None
        target = hygiene.target(path, route.prefix, route.replacement, query)
        return Place(path, query, route, target)

    def _let_in(self, manner: Manner, lines: bytes, place: Place) -> Call | None:
        """Find out whether it may be asked for, likewise."""
        door = self._desk.door
        path, query, route, _ = place
        try:
            passed = None
            if route.public:
                passed = door.cache.why_passed((path, query), manner.asked)
                if passed is None:
                    return None
            caller = self._caller(manner, lines)
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
