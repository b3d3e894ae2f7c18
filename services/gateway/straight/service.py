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
from typing import Final, NamedTuple, Protocol

from starlette.types import Message, Scope
from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from gateway.cache import status
from gateway.cache.asking import Asked
from gateway.cache.entries import spelt
from gateway.limits import headers as limits_headers
from gateway.limits.service import Admitted
from gateway.proxy import hygiene
from gateway.proxy.call import BEGUN, FORWARDED, Call
from gateway.proxy.door import Door, authorise
from gateway.proxy.exchange import BODILESS, Exchange, UpstreamFailed
from gateway.proxy.hygiene import Headers
from gateway.proxy.identity import Presented, presented, recognise
from gateway.proxy.signing import DEADLINE, signed
from gateway.proxy.upstream import Begun, Request
from gateway.repeats.heads import LONGEST, PASSING, Heads, bare
from gateway.resilience.drain import Drain
from gateway.resilience.load import priority_of
from gateway.tokens.access import Verified
from platformkit import deadlines, logs, middleware, telemetry
from platformkit.errors import ProblemError
from platformkit.otlp import Exporters

_FIRST_LINE: Final = re.compile(
    rb"GET (/v1/[A-Za-z0-9._~/-]+)(?:\?([A-Za-z0-9._~=&%+,:;@/?!$'()*-]*))? HTTP/1\.1\r\n"
)
_OTHERS: Final = frozenset({b"content-length", b"dpop", b"expect", b"origin", b"transfer-encoding"})
"""With one of these a read is no simple one, or means something else each time."""

_CONTROLS: Final = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_ASK_AGAIN: Final = 503
_LEFT: Final = 499
_SMALL: Final = 65_536
"""Bytes of a body whose end is waited for."""


class Manner(NamedTuple):
    """What stands in the lines after the first; it depends on nothing else."""

    headers: Headers
    onward: Headers
    """Those that the service sees."""

    presented: Presented | None
    asked: Asked


class Guest(Protocol):
    """The connection that the request came on."""

    @property
    def added(self) -> Headers:
        """The server's own headers."""

    def answer(self, data: bytes) -> None:
        """Send the whole answer."""

    def take_back(self) -> None:
        """Have the chain go on with the request."""


class Straight:
    """What the protocol asks before it reads a request that nothing is kept for."""

    def __init__(self, door: Door, exporters: Exporters, drain: Drain) -> None:
        self.door, self.exporters, self.drain = door, exporters, drain
        self._manners: Heads[Manner] = Heads()
        self.answered = 0
        exporters.counter(
            "vigie.door.straight",
            "Reads passed on without being read again",
            lambda: [(self.answered, {})],
        )

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

    def knows(self, head: bytes) -> bool:
        """Tell whether the client asks in these very lines."""
        return self._manners.get(head[head.find(b"\r\n") :]) is not None

    def begin(self, head: bytes, peer: str, guest: Guest) -> "Passage | None":
        """Send the request on; None has done nothing.

        The guest hears of it from `listen` on.
        """
        end = head.find(b"\r\n")
        lines, told = head[end:], _NOTHING
        manner = self._manners.get(lines)
        if manner is None and len(head) <= LONGEST:
            lines, told = bare(lines)
            manner = self._manners.get(lines) if told else None
        first = None if manner is None else _FIRST_LINE.match(head)
        if manner is None or first is None or self.drain.begun:
            return None
        call = self._let_in(manner, lines, first)
        member = None if call is None else self.door.upstreams[call.service].ready()
        if call is None or member is None or call.route is None or call.caller is None:
            return None
        door, started = self.door, time.perf_counter()
        limits = door.limits.admit_at_once(peer, manner.headers, call.caller, call.route.kind)
        if limits is None:
            return None
        door.load.enter()
        call.counted = True
        trace = telemetry.begin(
            told.get(b"traceparent", b"").decode(),
            self.exporters.tracer,
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
        request = Request("GET", call.target, call.headers, call.until)
        call.begun = door.upstreams[call.service].begin(member, request)
        return Passage(self, guest, head, call, call.begun, (trace, started), limits)

    def _let_in(self, manner: Manner, lines: bytes, first: re.Match[bytes]) -> Call | None:
        """Find what is asked for, and whether it may be: as the chain does, or not at all."""
        door = self.door
        try:
            path = hygiene.path_of(first[1])
            route = door.table.find("GET", path)
            if route is None or route.service not in door.upstreams:
                return None
            query = first[2] or b""
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
        door = self.door
        if manner.presented is None:
            return door.anonymous
        try:
            return recognise(door.verifier, door.ring, manner.presented)
        except ProblemError:
            self._manners.drop(lines)
            raise


_NOTHING: Final[Mapping[bytes, bytes]] = {}


async def _nothing() -> Message:
    raise AssertionError  # the chain has another, and nobody else asks


class Passage:
    """One read on its way; it ends in an answer, is taken back, or is given up."""

    __slots__ = ("_begun", "_call", "_end", "_guest", "_limits", "_over", "_since", "head")

    def __init__(
        self,
        over: Straight,
        guest: Guest,
        head: bytes,
        call: Call,
        begun: Begun,
        since: tuple[telemetry.Trace, float],
        limits: Admitted,
    ) -> None:
        self._over, self._guest, self.head, self._call = over, guest, head, call
        self._begun, self._since = begun, since
        self._limits = limits_headers.lines(*limits)
        told = b""
        if call.passed is not None:
            told = b"%b: %b\r\n" % (status.HEADER, status.forwarded(call.passed))
        trace, _ = since
        self._end = told + self._limits + telemetry.lines(trace) + b"\r\n"

    def listen(self) -> None:
        """Begin to hear what comes; the guest hears of it."""
        self._begun.exchange.listener = self._hear
        if self._begun.exchange.failure is not None:
            self._hear()

    def _hear(self) -> None:
        """Answer when all is there; what is late, large or wrong is not for us."""
        exchange = self._begun.exchange
        if exchange.failure is None and not exchange.complete:
            if not exchange.head_done:
                return
            if 0 <= _length(exchange) <= _SMALL:
                exchange.expire_at(self._call.until)
                return
        answer = None if self._over.drain.begun else self._answer(exchange)
        if answer is None:
            self._guest.take_back()
            return
        exchange.listener = None
        self._guest.answer(answer)
        self._over.answered += 1
        self._finish(exchange.status)

    def _answer(self, exchange: Exchange) -> bytes | None:
        code = exchange.status
        if exchange.failure is not None or not exchange.complete or code == _ASK_AGAIN:
            return None
        if code not in BODILESS and _length(exchange) < 0:
            return None
        try:
            lines = spelt(self._call.seen(code, exchange.headers))
        except UpstreamFailed:
            return None
        if _CONTROLS.search(lines):
            return None
        added = spelt(self._guest.added)
        return b"".join((STATUS_LINE[code], added, lines, self._end, exchange.taken()))

    def go_on(self, scope: Scope) -> None:
        """Let the chain go on from here, with the request as it has read it."""
        self._begun.exchange.listener = None
        scope[BEGUN] = self._call
        scope[middleware.BEGUN] = self._since
        lines = self._limits.split(b"\r\n")
        scope[middleware.HEADERS] = [tuple(line.split(b": ", 1)) for line in lines if line]

    def give_up(self) -> None:
        """End it: the client has left."""
        self._begun.exchange.listener = None
        self._finish(_LEFT)

    def _finish(self, code: int) -> None:
        over, (trace, started) = self._over, self._since
        over.door.upstreams[self._call.service].settle(self._begun)
        over.door.load.leave()
        seconds = time.perf_counter() - started
        over.exporters.finish(trace, "GET", code, seconds)
        logs.request(trace, "GET", code, seconds)


def _length(exchange: Exchange) -> int:
    """Read how long the body says it is, -1 where it does not."""
    for name, value in exchange.headers:
        if name == b"content-length":
            return int(value)
    return -1
