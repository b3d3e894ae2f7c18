"""Routes that will go: `Deprecation` (RFC 9745), `Sunset` (RFC 8594) and where to go instead."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from email.utils import format_datetime
from typing import Any, Final

from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.datastructures import MutableHeaders
from starlette.routing import compile_path
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from platformkit import routes

MEMBER: Final = "x-deprecation"
"""Member of an operation (`openapi_extra`) that says since when and until when it is served."""


def deprecation(
    since: date, *, sunset: date | None = None, successor: str | None = None, guide: str
) -> dict[str, Any]:
    """Declare, for a route's `openapi_extra`, that callers should leave it.

    `since` and `sunset` begin at midnight UTC; `successor` is a path of the same service; `guide`
    is the address of what people read. Raises ValueError for a sunset before the deprecation,
    which RFC 9745 §4 forbids.
    """
    if sunset is not None and sunset < since:
        raise ValueError("a sunset cannot come before the deprecation")
    told = {"since": since.isoformat(), "guide": guide}
    if sunset is not None:
        told["sunset"] = sunset.isoformat()
    if successor is not None:
        told["successor"] = successor
    return {"deprecated": True, MEMBER: told}


@dataclass(frozen=True, slots=True)
class Leaving:
    """A deprecated route, and the headers that all its answers carry, refusals too."""

    methods: frozenset[str]
    path: re.Pattern[str]
    headers: tuple[tuple[str, str], ...]


def leaving(app: FastAPI) -> list[Leaving]:
    """Find the routes that declare a deprecation."""
    found = []
    for context in routes.routes(app):
        route = context.original_route
        told = (route.openapi_extra or {}).get(MEMBER) if isinstance(route, APIRoute) else None
        if told:
            pattern, _, _ = compile_path(str(context.path_format))
            methods = frozenset(context.methods or ())
            found.append(Leaving(methods, pattern, tuple(_headers(told))))
    return found


def _headers(told: dict[str, str]) -> list[tuple[str, str]]:
    headers = [
        ("deprecation", f"@{int(_midnight(told['since']).timestamp())}"),
        ("link", f'<{told["guide"]}>; rel="deprecation"; type="text/html"'),
    ]
    if "sunset" in told:
        headers.append(("sunset", format_datetime(_midnight(told["sunset"]), usegmt=True)))
    if "successor" in told:
        headers.append(("link", f'<{told["successor"]}>; rel="successor-version"'))
    return headers


def _midnight(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), time(), UTC)


class Deprecations:
    """Adds the headers; an application without deprecated routes goes without this layer."""

    def __init__(self, app: ASGIApp, leaving: Sequence[Leaving]) -> None:
        self._app, self._leaving = app, leaving

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        found = next((one for one in self._leaving if self._is_for(one, scope)), None)
        if found is None:
            await self._app(scope, receive, send)
            return

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in found.headers:
                    headers.append(name, value)
            await send(message)

        await self._app(scope, receive, told)

    @staticmethod
    def _is_for(one: Leaving, scope: Scope) -> bool:
        if scope["type"] != "http":
            return False
        method = "GET" if scope["method"] == "HEAD" else scope["method"]
        return method in one.methods and one.path.match(scope["path"]) is not None
