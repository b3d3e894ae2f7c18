"""uvicorn's HTTP protocol with what it lacks: an end to patience, and problems for its own answers.

It overrides methods that uvicorn does not promise to keep; `tests/gateway/test_probes.py` and
`test_slow_clients.py` say when it no longer works.
"""

import asyncio
from contextvars import copy_context
from typing import cast

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from gateway import refusing
from gateway.proxy import hygiene
from gateway.proxy.problems import (
    HeadersTooLarge,
    MessageMalformed,
    RequestTooSlow,
    TooManyConnections,
)
from gateway.resilience.crowd import Crowd, Patience
from platformkit import health
from platformkit.errors import ProblemError
from platformkit.joined import join

_HEADS = 2
"""Bytes of an unfinished head, in those that its headers may have: names the address besides."""
_HEALTH = frozenset(path.encode() for path in health.PATHS)
_LINGER_SECONDS = 2.0
"""For which a refused client may still send, so that it can read why."""
_FRAMING = 16
"""Bytes on the wire that one byte of a body may cost, beside one head's worth, in its chunks."""


class Connection(HttpToolsProtocol):
    """One connection of a client; its app's crowd says how patient to be.

    `_awaited` is when the client began what it has not ended: a head, a body; None while the next
    move is ours, or nobody's.
    """

    idle_since: float | None = None
    _awaited: float | None = None
    _in_body = False
    _pending = 0
    """Bytes of the unfinished head, or of the unfinished body with its framing."""
    _body = 0
    _stalled: float | None = None
    _is_refused = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's
        """Take the connection in, or turn it away where there are too many."""
        self._crowd: Crowd = getattr(self.app, "crowd", None) or Crowd(Patience())
        self._patience = self._crowd.patience
        self.timeout_keep_alive = cast("int", self._patience.idle_seconds)
        self.ws_protocol_class = None  # no service speaks it
        super().connection_made(transport)
        self._awaited = self.loop.time()
        self._is_inside = self._crowd.admit(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """Leave the crowd."""
        self._crowd.leave(self)
        super().connection_lost(exc)

    def _read(self, data: bytes) -> None:
        """Parse; a head without end, or a body that is nearly all framing, ends the connection."""
        patience = self._patience
        if self._pending > _HEADS * patience.header_bytes + _FRAMING * self._body:
            self._refuse(
                MessageMalformed()
                if self._in_body
                else HeadersTooLarge(count=patience.headers, size=patience.header_bytes)
            )
            return
        self._pending += len(data)
        self._parse(data)
        if self._awaited is None:
            self._pending = 0

    def _parse(self, data: bytes) -> None:
        """Read on, as uvicorn does; what is no HTTP is refused without a warning to us."""
        self._unset_keepalive_if_required()
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            pass  # it was answered as if it had not asked, and is closed
        except httptools.HttpParserError:
            if not self._is_refused:
                self._refuse(MessageMalformed())  # what follows cannot be told apart

    def on_message_begin(self) -> None:
        """Start waiting for the head."""
        super().on_message_begin()
        self.idle_since = None
        self._awaited = self.loop.time()

    def on_headers_complete(self) -> None:
        """Start waiting for the body; trailers go to a list that nobody reads."""
        if len(self.pipeline) >= self._patience.pipelined or not self._has_one_reading():
            raise ValueError(self.url)  # httptools makes a parser error of it
        if not self._is_inside and self.url.partition(b"?")[0] not in _HEALTH:
            self._crowd.refuse(self)
            raise ValueError(self.url)
        super().on_headers_complete()
        join(self)
        if self.parser.should_upgrade() or not self._is_inside:
            self.cycle.keep_alive = False  # nothing is upgraded, and what follows is not HTTP/1.1
        self.headers = []
        self._in_body = True
        self._pending = self._body = 0

    def _has_one_reading(self) -> bool:
        """Check what llhttp lets pass: versions, a target that names another host, a fragment."""
        version = self.parser.get_http_version()
        if version != "1.1" and (
            version != "1.0" or any(name == b"transfer-encoding" for name, _ in self.headers)
        ):
            return False  # RFC 9112 §6.1: chunked is not of HTTP/1.0
        if self.url.startswith(b"/") or self.url == b"*":
            return b"#" not in self.url
        named = self.url.partition(b"://")[2].partition(b"/")[0]
        return all(value == named for name, value in self.headers if name == b"host")

    def on_body(self, body: bytes) -> None:
        """Count what came."""
        self._body += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Wait for nothing more; the answer may have been faster than the rest of the body."""
        self._in_body = False
        self._awaited = None
        super().on_message_complete()
        self._rest()

    def on_response_complete(self) -> None:
        """Be idle, unless the next request is here, or the rest of this one."""
        super().on_response_complete()
        self._rest()

    def _rest(self) -> None:
        if self._awaited is None and self.cycle.response_complete:
            self.idle_since = self.loop.time()

    def pause_writing(self) -> None:
        """Note since when the client does not read."""
        self._stalled = self.loop.time()
        super().pause_writing()

    def resume_writing(self) -> None:
        """Note that it does."""
        self._stalled = None
        super().resume_writing()

    # What its crowd asks

    def look(self, now: float) -> None:
        """End what is too slow: a head, a body, a reader, a client with nothing more to ask."""
        patience = self._patience
        if self._stalled is not None and now - self._stalled > patience.read_seconds:
            self.transport.abort()
        elif self._awaited is None:
            if self.idle_since is not None and now - self.idle_since > patience.idle_seconds:
                self.dismiss()
        elif self._in_body:
            self._look_at_body(now, now - self._awaited)
        elif now - self._awaited > patience.head_seconds:
            if self._pending:
                self._refuse(RequestTooSlow())
            else:
                self.dismiss()  # it never said a word

    def _look_at_body(self, now: float, waited: float) -> None:
        late = waited - self._patience.body_seconds
        if self.cycle.response_complete:
            if late > 0:  # it goes on sending what was refused
                self.dismiss()
        elif self.flow.read_paused or self.cycle.waiting_for_100_continue:
            self._awaited = now  # it waits for us
        elif late > 0 and self._body < late * self._patience.body_rate:
            self._refuse(RequestTooSlow())

    def dismiss(self) -> None:
        """Close; what was written is still sent, unless nobody has taken it by the next look."""
        if self.transport.is_closing():
            self.transport.abort()
        else:
            self.transport.close()

    def turn_away(self) -> None:
        """Tell that there is no room, once."""
        if not self._is_refused:
            self._refuse(TooManyConnections())

    # What it answers itself

    @property
    def added(self) -> hygiene.Headers:
        """The server's own headers of every answer."""
        return self.server_state.default_headers

    def _refuse(self, problem: ProblemError) -> None:
        """Answer and close; its trace and language are of this answer alone.

        uvloop runs the callbacks of all connections in one context, the crowd looks in its own.
        """
        copy_context().run(self._say, problem)

    def _say(self, problem: ProblemError) -> None:
        cycle = self.cycle
        if cycle is not None and not cycle.response_complete:
            if cycle.response_started:
                self.transport.abort()  # a second answer would be read as part of this one
                return
            cycle.disconnected = True
            cycle.message_event.set()
        headers: hygiene.Headers = self.scope["headers"] if self.scope else []  # type: ignore[assignment]
        self.transport.write(refusing.spelt(problem, headers, self.added))
        self._is_refused = True
        self._awaited = None
        if not self.transport.is_closing():
            self.transport.write_eof()  # closed with bytes unread, it would be reset at once
            self.loop.call_later(_LINGER_SECONDS, self.transport.abort)
