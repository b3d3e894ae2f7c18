"""What surrounds every request, as plain ASGI: context, last resort, limits, caller.

The order, outermost first, is the one in `app.build_app`.
"""

import asyncio
import contextlib
import logging
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from platformkit import auth, db, deadlines, health, i18n, logs, telemetry
from platformkit.errors import (
    DeadlineExceeded,
    ProblemError,
    TooLarge,
    TooManyFiles,
    Unauthenticated,
    respond,
)
from platformkit.otlp import Exporters

HEADERS = "vigie.headers"
"""Member of a scope: headers that its answer gets, whoever makes it."""

BEGUN = "vigie.begun"
"""Member of a scope whose request was begun before it came here: its trace, and since when."""

_log = logging.getLogger("platformkit.requests")
_OPEN = health.PATHS | {"/openapi.json"}
"""Paths a service answers without the gateway's token."""


def header(headed: Scope | Message, name: bytes) -> str:
    """Return the first header of that lower-case name, or an empty string."""
    for key, value in headed["headers"]:
        if key == name:
            return str(value, "latin-1")
    return ""


@dataclass(frozen=True, slots=True)
class Edge:
    """Where requests from outside come in: the share traced, and who may join a trace of theirs."""

    ratio: float
    knows: Callable[[Scope], bool]


class Context:
    """Sets language and trace, times the request, and turns a bug into a 500 problem.

    A service follows the door's trace. The door has an `edge`: it starts the trace, lets callers
    that the edge knows join theirs, and gives the trace's id back.
    """

    def __init__(self, app: ASGIApp, exporters: Exporters, edge: Edge | None = None) -> None:
        self._app, self._exporters, self._edge = app, exporters, edge

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request inside its context; other kinds of scope pass."""
        if scope["type"] != "http" or scope["path"] in health.PATHS:
            await self._app(scope, receive, send)
            return
        i18n.speak(i18n.negotiate(header(scope, b"accept-language")))
        started = time.perf_counter()
        if BEGUN in scope:
            trace, started = scope[BEGUN]
            telemetry.go_on(trace)
        else:
            trace = self._trace(scope)
        status = 0

        async def observed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                self._complete(scope, trace, message)
            await send(message)

        try:
            await self._app(scope, receive, observed)
        except ClientDisconnect:
            _log.info("caller left in the middle of its body")  # nobody is there to be answered
        except Exception as failure:
            _log.exception("request failed", extra={"http.request.method": scope["method"]})
            if status:
                raise  # the head is out: cutting the connection is the only honest end
            problem = db.DatabaseUnavailable() if db.is_away(failure) else ProblemError()
            await respond(problem)(scope, receive, observed)
        finally:
            seconds = time.perf_counter() - started
            if trace.route is None and "route" in scope:
                trace.route = getattr(scope["route"], "path", None)
            self._exporters.finish(trace, scope["method"], status or 499, seconds)
            logs.request(trace, scope["method"], status or 499, seconds)

    def _trace(self, scope: Scope) -> telemetry.Trace:
        parent, tracer, edge = header(scope, b"traceparent"), self._exporters.tracer, self._edge
        if edge is None:
            return telemetry.follow(parent, tracer)
        joins = bool(parent) and edge.knows(scope)
        return telemetry.start(parent, tracer, ratio=edge.ratio, joins=joins)

    def _complete(self, scope: Scope, trace: telemetry.Trace, head: Message) -> None:
        if HEADERS in scope:
            head["headers"] = [*head["headers"], *scope[HEADERS]]
        link = scope.get("state", {}).get("link")
        if link:  # set by pagination, whatever kind of answer the route makes
            MutableHeaders(scope=head).append("link", link)
        if self._edge is not None:
            head["headers"] = [*head["headers"], *telemetry.told(trace)]


class _Told(Exception):
    """The head is out, and nobody waits for the rest."""


class Head:
    """Answers HEAD as GET without its body (RFC 9110 §9.3.2); FastAPI's routes know GET only.

    What streams is left at its first piece: a head costs no more than that.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, as a GET where it is a HEAD."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return

        async def bodiless(message: Message) -> None:
            if message["type"] != "http.response.body":
                await send(message)
                return
            await send({"type": "http.response.body", "body": b""})
            if message.get("more_body"):
                raise _Told

        asked = {**scope, "method": "GET"}
        with contextlib.suppress(_Told):
            await self._app(asked, receive, bodiless)
        scope["route"] = asked.get("route")


SLOWEST = 64
"""Bytes per millisecond, 512 kbit/s: a body is granted so much time more, one that says its length
at once, a streamed one as it goes."""


class Deadline:
    """Ends the work with a 504 when the time is spent that the caller gave, or that we grant."""

    def __init__(self, app: ASGIApp, default_ms: int) -> None:
        self._app, self._default = app, float(default_ms)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request within its deadline."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = deadlines.parse(header(scope, deadlines.HEADER.encode()))
        granted = self._default + _length(header(scope, b"content-length")) / SLOWEST
        milliseconds = min(given or granted, granted)
        begun = is_streamed = False

        async def noticed(message: Message) -> None:
            nonlocal begun, is_streamed
            more = 0
            if not begun:
                begun = True
                sent = _length(header(message, b"content-length"))
                is_streamed = not sent
                more = sent if sent > SLOWEST * self._default else 0
            elif is_streamed:
                more = len(message.get("body", b""))
            if more and not limit.expired():
                limit.reschedule((limit.when() or 0) + more / SLOWEST / 1000)
            await send(message)

        try:
            with deadlines.within(milliseconds):
                async with asyncio.timeout(milliseconds / 1000) as limit:
                    await self._app(scope, receive, noticed)
        except TimeoutError:
            if begun or not limit.expired():
                raise
            await respond(DeadlineExceeded())(scope, receive, send)


def _length(declared: str) -> int:
    return int(declared) if declared.isascii() and declared.isdigit() else 0


@dataclass(frozen=True, slots=True)
class LargeBody:
    """A route that declares a limit of its own, as those do that take files."""

    method: str
    path: re.Pattern[str]
    limit: int


LARGE_AT_ONCE = 8
"""Large bodies on their way in one process: each may be held whole in memory."""


class BodyLimit:
    """Refuses a body over the limit: at once when its length is declared, else as it passes.

    Only a body over the common limit is worth looking up its route in `larger`; of those, a few
    are let in at the same time.
    """

    def __init__(self, app: ASGIApp, limit: int, larger: Sequence[LargeBody] = ()) -> None:
        self._app, self._limit, self._larger = app, limit, larger
        self._coming = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request whose body is bounded."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        passed = _length(header(scope, b"content-length"))
        refused = self._refusal(scope, passed) if passed > self._limit else None
        if refused is not None:
            await respond(refused())(scope, receive, send)
            return
        is_large = passed > self._limit
        self._coming += is_large
        passed = 0

        async def counted() -> Message:
            nonlocal passed, is_large
            message = await receive()
            passed += len(message.get("body", b""))
            if passed > self._limit:
                refused = self._refusal(scope, passed, is_in=is_large)
                if refused is not None:
                    raise HTTPException(refused.status)  # FastAPI lets this one through
                self._coming += not is_large
                is_large = True
            return message

        try:
            await self._app(scope, counted, send)
        except HTTPException as refusal:  # ours, of whoever reads a body before FastAPI does
            kind = TooLarge if refusal.status_code == TooLarge.status else TooManyFiles
            await respond(kind())(scope, receive, send)
        finally:
            self._coming -= is_large

    def _refusal(
        self, scope: Scope, length: int, *, is_in: bool = False
    ) -> type[ProblemError] | None:
        if length > self._limit_of(scope):
            return TooLarge
        return TooManyFiles if not is_in and self._coming >= LARGE_AT_ONCE else None

    def _limit_of(self, scope: Scope) -> int:
        for one in self._larger:
            if one.method == scope["method"] and one.path.match(scope["path"]):
                return one.limit
        return self._limit


class Caller:
    """Verifies the gateway's token and puts the Principal on `request.state.principal`."""

    def __init__(self, app: ASGIApp, verifier: auth.Verifier) -> None:
        self._app, self._verifier = app, verifier

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request of a verified caller; 401 for all others."""
        if scope["type"] != "http" or scope["path"] in _OPEN:
            await self._app(scope, receive, send)
            return
        scheme, _, token = header(scope, b"authorization").partition(" ")
        try:
            if scheme.lower() != "bearer":
                raise auth.TokenRefused
            principal = self._verifier.verify(token)
        except Unauthenticated as refusal:
            await respond(refusal)(scope, receive, send)
            return
        scope.setdefault("state", {})["principal"] = principal
        auth.become(principal)
        await self._app(scope, receive, send)
