"""One read on its way to its service and back, which no task waits for."""

import re
from typing import Final

from gateway.cache import status
from gateway.cache.entries import spelt
from gateway.proxy.exchange import BODILESS, Exchange, UpstreamFailed
from gateway.proxy.upstream import Begun
from gateway.straight.way import Admission, Way

_CONTROLS: Final = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SMALL: Final = 65_536
"""Bytes of a body whose end is waited for."""


class Passage(Way):
    """A read that one service answers."""

    __slots__ = ("_begun",)

    def __init__(self, admission: Admission, begun: Begun) -> None:
        super().__init__(admission)
        self._begun = begun

    def listen(self) -> None:
        """Begin to hear what comes."""
        super().listen()
        self._begun.exchange.listener = self._hear
        if self._begun.exchange.failure is not None:
            self._hear()

    def _hear(self) -> None:
        """Answer when all is there; what is late, large or wrong is not for us."""
        exchange, admission = self._begun.exchange, self._admission
        if exchange.failure is None and not exchange.complete:
            if not exchange.head_done:
                return
            if 0 <= _length(exchange) <= _SMALL:
                exchange.expire_at(admission.call.until)
                return
        lines = None if admission.desk.drain.begun else self._lines(exchange)
        if lines is None:
            admission.guest.take_back()
        else:
            self._answer(exchange.status, lines, exchange.taken())

    def _lines(self, exchange: Exchange) -> bytes | None:
        code, call = exchange.status, self._admission.call
        if not self._begun.is_answered:
            return None
        if code not in BODILESS and _length(exchange) < 0:
            return None
        try:
            lines = spelt(call.seen(code, exchange.headers))
        except UpstreamFailed:
            return None
        if _CONTROLS.search(lines):
            return None
        if call.passed is not None:
            lines += b"%b: %b\r\n" % (status.HEADER, status.forwarded(call.passed))
        return lines

    def _deafen(self) -> None:
        self._begun.exchange.listener = None

    def _release(self) -> None:
        desk, call = self._admission.desk, self._admission.call
        desk.door.upstreams[call.service].settle(self._begun)


def _length(exchange: Exchange) -> int:
    """Read how long the body says it is, -1 where it does not."""
    for name, value in exchange.headers:
        if name == b"content-length":
            return int(value)
    return -1
