"""Answers reads whose very bytes were let in before, where the cache has the answer.

The chain (`proxy.door`) is the one reader of requests: only a head that it let in, and that was
answered by what was kept, is known here. What may have changed since is asked again each time of
those who know: whether the caller is still who it says, whether it has asked too much, whether the
answer is still right. In doubt there is no answer here, nothing is counted, and the chain decides.
"""

import asyncio
import time
from typing import Final

from starlette.types import Scope
from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from gateway.cache import status
from gateway.cache.entries import Entry, spelt
from gateway.cache.visits import HIT, NOT_MODIFIED, is_known
from gateway.limits import headers as limits_headers
from gateway.proxy.door import Door
from gateway.proxy.hygiene import Headers
from gateway.proxy.identity import presented, recognise
from gateway.repeats.heads import LONGEST, PASSING, Heads, Known, bare
from gateway.resilience.drain import Drain
from gateway.tokens.access import Verified
from platformkit import logs, telemetry
from platformkit.errors import ProblemError
from platformkit.middleware import header
from platformkit.otlp import Exporters

_PROOF: Final = b"dpop"
"""Each is good once."""


class Repeats:
    """What the protocol asks before it reads a request, and tells after it was answered."""

    def __init__(self, door: Door, exporters: Exporters, drain: Drain) -> None:
        self._door, self._exporters, self._drain = door, exporters, drain
        self._heads: Heads[Known] = Heads()
        self.answered = 0
        exporters.counter(
            "vigie.door.repeats",
            "Reads answered from the cache without being read again",
            lambda: [(self.answered, {})],
        )
        self._added: Headers = []
        self._added_lines = b""

    def learn(self, head: bytes, scope: Scope) -> None:
        """Remember a head, after its request was answered."""
        if HIT not in scope or len(head) > LONGEST:
            return
        without, told = bare(head)
        headers = [pair for pair in scope["headers"] if pair[0] not in PASSING]
        if len(headers) + len(told) != len(scope["headers"]) or header(scope, _PROOF):
            return
        asked, address = scope[HIT]
        path, _ = address
        route = self._door.table.find(scope["method"], path)
        origin = header(scope, b"origin")
        if route is not None and origin not in self._door.settings.origins:
            shown = presented(headers)
            known = Known(scope["method"], headers, shown, origin, route, asked, address)
            self._heads.put(without, known)

    def answer(self, head: bytes, peer: str, added: Headers, *, is_bare: bool) -> bytes | None:
        """Give the bytes of the answer, with the server's own headers; None leaves it to the chain.

        What was given has been counted, traced and logged. One that `is_bare` need not be cut.
        """
        known = self._heads.get(head)
        parent = ""
        if known is None and not is_bare and len(head) <= LONGEST:
            cut = bare(head)
            head, parent = cut.head, cut.parent
            known = self._heads.get(head) if cut.told else None
        door = self._door
        if known is None or self._drain.begun or not door.load.has_room:
            return None
        began = time.perf_counter()
        entry = door.cache.ready(known.route.service, known.address, known.asked)
        caller = self._caller(head, known) if entry is not None else None
        if entry is None or caller is None:
            return None
        limits = door.limits.admit_at_once(peer, known.headers, caller, known.route.kind)
        if limits is None:
            return None
        standing, policies = limits
        exporters = self._exporters
        joins = known.presented is not None
        ratio, tracer = door.settings.trace_ratio, exporters.tracer
        trace = telemetry.begin(parent, tracer, ratio=ratio, joins=joins)
        trace.route, trace.cache = known.route.template, status.HIT
        code, lines_of_it, body = _content(entry, known)
        now = asyncio.get_running_loop().time()
        answer = b"".join(
            (
                STATUS_LINE[code],
                self._spelt(added),
                lines_of_it,
                status.lines(entry, now),
                limits_headers.lines(standing, policies),
                telemetry.lines(trace),
                b"\r\n",
                body,
            )
        )
        self.answered += 1
        seconds = time.perf_counter() - began
        exporters.finish(trace, known.method, code, seconds)
        logs.request(trace, known.method, code, seconds)
        return answer

    def _caller(self, head: bytes, known: Known) -> Verified | None:
        """Find out who calls, as the chain does; pages of a key have headers of their own."""
        door = self._door
        if known.origin and known.origin in door.ring.pages:
            return None
        if known.presented is None:
            return door.anonymous
        try:
            return recognise(door.verifier, door.ring, known.presented)
        except ProblemError:
            self._heads.drop(head)
            return None

    def _spelt(self, added: Headers) -> bytes:
        """Spell what the server makes anew each second."""
        if added is not self._added:
            self._added, self._added_lines = added, spelt(added)
        return self._added_lines


def _content(entry: Entry, known: Known) -> tuple[int, bytes, bytes]:
    if is_known(entry, known.asked):
        return NOT_MODIFIED, entry.brief_lines, b""
    return entry.status, entry.lines, b"" if known.method == "HEAD" else entry.body
