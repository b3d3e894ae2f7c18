"""One read on its way through, which no task waits for."""

import re
import time
from dataclasses import dataclass
from typing import Final, NamedTuple, Protocol

from starlette.types import Scope
from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from gateway.cache import status
from gateway.cache.asking import Asked
from gateway.cache.entries import spelt
from gateway.limits import headers as limits_headers
from gateway.limits.service import Admitted
from gateway.proxy.call import BEGUN, Call
from gateway.proxy.door import Door
from gateway.proxy.exchange import BODILESS, Exchange, UpstreamFailed
from gateway.proxy.hygiene import Headers
from gateway.proxy.identity import Presented
from gateway.proxy.upstream import Begun
from gateway.resilience.drain import Drain
from platformkit import logs, middleware, telemetry
from platformkit.otlp import Exporters

_CONTROLS: Final = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_LEFT: Final = 499
_SMALL: Final = 65_536
"""Bytes of a body whose end is waited for."""


@dataclass(eq=False, slots=True)
class Desk:
    """What all passages share."""

    door: Door
    exporters: Exporters
    drain: Drain
    answered: int = 0


class Manner(NamedTuple):
    """What stands in the lines after the first; it depends on nothing else."""

    headers: Headers
    onward: Headers
    """Those that the service sees."""

    presented: Presented | None
    asked: Asked


class Guest(Protocol):
    """The connection that the request came on."""

    manner: tuple[bytes, Manner] | None
    """How it asked last, and in which lines."""

    @property
    def added(self) -> Headers:
        """The server's own headers."""

    def answer(self, data: bytes) -> None:
        """Send the whole answer."""

    def take_back(self) -> None:
        """Have the chain go on with the request."""


class Passage:
    """One read on its way; it ends in an answer, is taken back, or is given up."""

    __slots__ = ("_begun", "_call", "_desk", "_end", "_guest", "_limits", "_since", "head")

    def __init__(
        self,
        desk: Desk,
        guest: Guest,
        head: bytes,
        call: Call,
        begun: Begun,
        since: tuple[telemetry.Trace, float],
        limits: Admitted,
    ) -> None:
        self._desk, self._guest, self.head, self._call = desk, guest, head, call
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
        answer = None if self._desk.drain.begun else self._answer(exchange)
        if answer is None:
            self._guest.take_back()
            return
        exchange.listener = None
        self._guest.answer(answer)
        self._desk.answered += 1
        self._finish(exchange.status)

    def _answer(self, exchange: Exchange) -> bytes | None:
        code = exchange.status
        if not self._begun.is_answered:
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
        desk, (trace, started) = self._desk, self._since
        desk.door.upstreams[self._call.service].settle(self._begun)
        desk.door.load.leave()
        seconds = time.perf_counter() - started
        desk.exporters.finish(trace, "GET", code, seconds)
        logs.request(trace, "GET", code, seconds)


def _length(exchange: Exchange) -> int:
    """Read how long the body says it is, -1 where it does not."""
    for name, value in exchange.headers:
        if name == b"content-length":
            return int(value)
    return -1
