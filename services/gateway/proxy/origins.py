"""What pages of other origins may read and send (CORS, Fetch standard §3.2).

Open data are readable everywhere: their answers, refusals too, always carry `*`, which the door
itself adds, so that no cache has to vary. Whatever needs a token is for the pages of the origins
that the installation lists; those of a publishable key may read with it. No answer allows
credentials: tokens come in `Authorization`.
"""

from collections.abc import Collection
from typing import Final

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.api_keys.ring import Ring
from gateway.proxy.door import Door
from gateway.proxy.hygiene import EXPOSED
from platformkit.errors import ProblemError, respond
from platformkit.middleware import header

_READING: Final = (
    *("cache-control", "if-modified-since", "if-none-match", "if-range", "range"),
    *("traceparent", "tracestate", "x-request-deadline"),
)
_IDENTIFYING: Final = ("authorization", "dpop", "x-api-key")
_WRITING: Final = ("idempotency-key", "if-match", "if-unmodified-since", "prefer")
_DAY: Final = 86_400


class _OfKeys(CORSMiddleware):
    """Lets the pages of live publishable keys read, as the ring has them now."""

    def __init__(self, app: ASGIApp, ring: Ring) -> None:
        super().__init__(
            app,
            allow_methods=["GET", "HEAD"],
            allow_headers=(*_READING, *_IDENTIFYING),
            expose_headers=EXPOSED,
            max_age=_DAY,
        )
        self._ring = ring

    def is_allowed_origin(self, origin: str) -> bool:
        """Tell whether a key is for this page; which one, the door looks at."""
        return origin in self._ring.pages


class Origins:
    """Answers preflights, which count as their address's reads, and lets listed origins read."""

    def __init__(self, door: Door, listed: Collection[str], ring: Ring) -> None:
        self._app, self._table, self._listed, self._ring = door, door.table, listed, ring
        self._of_keys = _OfKeys(door, ring)
        self._anywhere = CORSMiddleware(
            door,
            allow_origins=["*"],
            allow_methods=["GET", "HEAD"],
            allow_headers=_READING,
            max_age=_DAY,
        )
        self._known = CORSMiddleware(
            door,
            allow_origins=listed,
            allow_methods=["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
            allow_headers=(*_READING, *_IDENTIFYING, *_WRITING),
            expose_headers=EXPOSED,
            max_age=_DAY,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; without an `Origin`, or with a foreign one, as if we were not here."""
        origin = header(scope, b"origin")
        app: ASGIApp = self._app
        if origin in self._listed:
            app = self._known
        elif origin in self._ring.pages:
            app = self._of_keys
        elif origin and scope["method"] == "OPTIONS" and self._is_open(scope["path"]):
            app = self._anywhere
        asks = scope["method"] == "OPTIONS" and header(scope, b"access-control-request-method")
        if asks and app is not self._app:
            try:
                await self._app.count(scope)
            except ProblemError as refusal:
                app = respond(self._app.limits.refused(scope, refusal))
        await app(scope, receive, send)

    def _is_open(self, path: str) -> bool:
        route = self._table.find("GET", path)
        return route is not None and route.public
