"""The version of the interface that a caller may ask for in Accept: there is one so far."""

from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from platformkit.errors import ProblemError, respond
from platformkit.i18n import Text
from platformkit.middleware import header

SUPPORTED: Final = frozenset({"1"})
"""`Accept: application/json; version=1`; the first segment of every path says the same."""


class VersionNotAcceptable(ProblemError):
    """Accept asks for no version that is served."""

    status = 406
    code = "version-not-acceptable"
    title = Text("Version non servie", "Version not served")
    detail = Text("Versions servies : {supported}.", "Versions served: {supported}.")


class Versions:
    """Refuses whoever accepts only versions that we do not have, before anything is done."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; most say nothing of a version."""
        if scope["type"] == "http":
            accept = header(scope, b"accept")
            if "version" in accept.lower() and not _is_served(accept):
                problem = VersionNotAcceptable(supported=", ".join(sorted(SUPPORTED)))
                await respond(problem)(scope, receive, send)
                return
        await self._app(scope, receive, send)


def _is_served(accept: str) -> bool:
    return any(_version(one) in {None, *SUPPORTED} for one in accept.lower().split(","))


def _version(media_range: str) -> str | None:
    """Read the version that a media range asks for; that of a vendor's type is its own."""
    media, *parameters = media_range.split(";")
    if "/vnd." in media:
        return None
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "version":
            return value.strip().strip('"')
    return None
