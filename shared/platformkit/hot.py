"""The hottest requests, answered before FastAPI's machinery: half of the CPU of a small answer.

FastAPI's route stays: it serves every other form of the request (query parameters, HEAD, …), makes
the document, declares the scopes, and is the oracle of a test that compares the two byte for byte.
"""

import re
from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple, TypeVar

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from platformkit import auth, telemetry
from platformkit.errors import ProblemError, respond

HotRead = Callable[..., Awaitable[Response | None]]
"""Answers for the request and the path's parameters, each of at most 64 printable characters;
raises ProblemError, or leaves it to the route (None), then having changed nothing."""

_PARAMETER = re.compile(r"{\w+}")

Body = TypeVar("Body", bound=BaseModel)


class Hot(NamedTuple):
    """A hot read or write and the scopes that its route declares; None where it is open data."""

    read: HotRead
    scopes: frozenset[str] | None
    is_asked: bool = False
    """Whether it reads the query, too: others leave every query to their route."""
    method: str = "GET"


class HotRoutes:
    """Serves the requests whose path fits a template."""

    def __init__(self, app: ASGIApp, routes: Sequence[tuple[str, Hot]]) -> None:
        self._app = app
        self._routes: dict[str, list[tuple[re.Pattern[str], str, Hot]]] = {}
        for template, hot in routes:
            self._routes.setdefault(hot.method, []).append((_form(template), template, hot))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, here or in the application."""
        if scope["type"] == "http":
            path: str = scope["path"]
            for form, template, hot in self._routes.get(scope["method"], ()):
                found = form.fullmatch(path)
                if found is None or (scope["query_string"] and not hot.is_asked):
                    continue
                if path.isprintable():
                    request = Request(scope, receive)
                    response = await _answer(hot, template, request, found.groups())
                    if response is not None:
                        await response(scope, receive, send)
                        return
                    if hot.method == "POST":
                        receive = _again(await request.body(), receive)
        await self._app(scope, receive, send)


async def read_json(request: Request, model: type[Body]) -> Body | None:
    """Read the body of a hot write; None where its route has to refuse it or reads it otherwise."""
    if request.headers.get("content-type") != "application/json":
        return None
    try:
        return model.model_validate_json(await request.body())
    except ValueError:
        return None


def _again(body: bytes, receive: Receive) -> Receive:
    """Have the route read the body that was read here."""
    messages: list[Message] = [{"type": "http.request", "body": body}]

    async def again() -> Message:
        return messages.pop() if messages else await receive()

    return again


def _form(template: str) -> re.Pattern[str]:
    """Make a pattern with a group for each parameter."""
    return re.compile("([^/]{1,64})".join(map(re.escape, _PARAMETER.split(template))))


async def _answer(
    hot: Hot, template: str, request: Request, given: tuple[str, ...]
) -> Response | None:
    trace = telemetry.current()
    if trace is not None:
        trace.route = template
    try:
        if hot.scopes is not None:
            auth.check(request.state.principal, hot.scopes)
        return await hot.read(request, *given)
    except ProblemError as problem:
        return respond(problem)
