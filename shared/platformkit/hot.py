"""The hottest reads, answered before FastAPI's machinery: half of the CPU of a small answer.

FastAPI's route stays: it serves every other form of the request (query parameters, HEAD, …), makes
the document, declares the scopes, and is the oracle of a test that compares the two byte for byte.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from platformkit import auth, telemetry
from platformkit.errors import ProblemError, respond

HotRead = Callable[[Request, str], Awaitable[Response | None]]
"""Answers for the path's parameter, raises ProblemError, or leaves it to the route (None)."""

_LONGEST = 64


class Hot(NamedTuple):
    """A hot read and the scopes that its route declares; None where it is open data."""

    read: HotRead
    scopes: frozenset[str] | None


class HotReads:
    """Serves GETs without query whose path is a template with one parameter."""

    def __init__(self, app: ASGIApp, reads: Mapping[str, Hot]) -> None:
        self._app = app
        self._reads = [(*_around(template), template, hot) for template, hot in reads.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, here or in the application."""
        if scope["type"] == "http" and scope["method"] == "GET" and not scope["query_string"]:
            path: str = scope["path"]
            for before, after, template, hot in self._reads:
                if not (path.startswith(before) and path.endswith(after)):
                    continue
                given = path[len(before) : len(path) - len(after)]
                if 0 < len(given) <= _LONGEST and "/" not in given and given.isprintable():
                    response = await _answer(hot, template, Request(scope, receive), given)
                    if response is not None:
                        await response(scope, receive, send)
                        return
        await self._app(scope, receive, send)


def _around(template: str) -> tuple[str, str]:
    """Give what stands before and after the parameter of a template."""
    before, _, rest = template.partition("{")
    return before, rest.partition("}")[2]


async def _answer(hot: Hot, template: str, request: Request, given: str) -> Response | None:
    trace = telemetry.current()
    if trace is not None:
        trace.route = template
    try:
        if hot.scopes is not None:
            auth.check(request.state.principal, hot.scopes)
        return await hot.read(request, given)
    except ProblemError as problem:
        return respond(problem)
