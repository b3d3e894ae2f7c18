"""A request that was let in without a task, until its answer is out or somebody else goes on."""

import time
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from starlette.types import Scope
from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from gateway.cache.asking import Asked
from gateway.cache.entries import spelt
from gateway.limits import headers as limits_headers
from gateway.limits.service import Admitted
from gateway.proxy.call import BEGUN, Call
from gateway.proxy.door import Door
from gateway.proxy.hygiene import Headers
from gateway.proxy.identity import Presented
from gateway.resilience.drain import Drain
from gateway.tokens.access import Verified
from platformkit import logs, middleware, telemetry
from platformkit.i18n import Language
from platformkit.otlp import Exporters

_LEFT = 499


@dataclass(eq=False, slots=True)
class Desk:
    """What all of them share."""

    door: Door
    exporters: Exporters
    drain: Drain
    answered: int = 0


class Manner(NamedTuple):
    """What stands in the lines after the first; it depends on nothing else."""

    headers: Headers
    onward: bytes
    """Those that the service sees."""

    presented: Presented | None
    asked: Asked
    language: Language


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


class Admission(NamedTuple):
    """A request that was let in: whose, since when, and counted how."""

    desk: Desk
    guest: Guest
    head: bytes
    call: Call
    caller: Verified
    trace: telemetry.Trace
    started: float
    limits: Admitted


class Way:
    """What was admitted; it ends in an answer, is taken back, or is given up."""

    __slots__ = ("_admission", "_told")

    def __init__(self, admission: Admission) -> None:
        self._admission = admission
        self._told = b""
        """Lines that tell of limits and trace."""

    @property
    def head(self) -> bytes:
        """What came, for the chain to read."""
        return self._admission.head

    def listen(self) -> None:
        """Begin to hear what comes; the guest hears of it.

        What every answer tells is spelt while the services work.
        """
        *_, trace, _, limits = self._admission
        self._told = limits_headers.lines(*limits) + telemetry.lines(trace)

    def go_on(self, scope: Scope) -> None:
        """Let the chain go on from here, with the request as it has read it."""
        self._deafen()
        scope[BEGUN] = self._admission.call
        scope[middleware.BEGUN] = self._admission.trace, self._admission.started
        lines = limits_headers.lines(*self._admission.limits).split(b"\r\n")
        scope[middleware.HEADERS] = [tuple(line.split(b": ", 1)) for line in lines if line]

    def give_up(self) -> None:
        """End it: the client has left."""
        self._deafen()
        self._finish(_LEFT)

    def _deafen(self) -> None:
        """Hear nothing more."""
        raise NotImplementedError

    def _release(self) -> None:
        """Give back what the services lent."""
        raise NotImplementedError

    def _answer(self, code: int, lines: bytes, body: bytes) -> None:
        """Send the answer, `lines` being those that are not of the server, limits or trace."""
        desk, guest, *_ = self._admission
        self._deafen()
        head = STATUS_LINE[code], spelt(guest.added), lines, self._told
        guest.answer(b"".join((*head, b"\r\n", body)))
        desk.answered += 1
        self._finish(code)

    def _finish(self, code: int) -> None:
        desk, trace = self._admission.desk, self._admission.trace
        self._release()
        desk.door.load.leave()
        seconds = time.perf_counter() - self._admission.started
        desk.exporters.finish(trace, "GET", code, seconds)
        logs.request(trace, "GET", code, seconds)
