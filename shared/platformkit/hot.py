"""The hottest open reads, answered before FastAPI's machinery: half of the CPU of a small answer.

FastAPI's route stays: it serves every other form of the request (query parameters, HEAD, …), makes
the document, and is the oracle of a test that compares the two byte for byte.
"""

from collections.abc import Awaitable, Callable, Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from platformkit import telemetry
from platformkit.errors import ProblemError, respond

HotRead = Callable[[Request, str], Awaitable[Response]]
"""Answers for the last segment of the path; may raise ProblemError."""

_LONGEST = 64


class HotReads:
    """Serves GETs without query whose path is a template with one parameter, at its end."""

    def __init__(self, app: ASGIApp, reads: Mapping[str, HotRead]) -> None:
        self._app = app
        self._reads = {
            template.rpartition("/")[0]: (template, read) for template, read in reads.items()
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, here or in the application."""
        if scope["type"] == "http" and scope["method"] == "GET" and not scope["query_string"]:
            before, _, last = scope["path"].rpartition("/")
            found = self._reads.get(before)
            if found is not None and 0 < len(last) <= _LONGEST and last.isprintable():
                template, read = found
                trace = telemetry.current()
                if trace is not None:
                    trace.route = template
                try:
                    response = await read(Request(scope, receive), last)
                except ProblemError as problem:
                    response = respond(problem)
                await response(scope, receive, send)
                return
        await self._app(scope, receive, send)
