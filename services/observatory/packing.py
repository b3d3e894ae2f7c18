"""Packs open data with gzip, as they stream, for whoever takes it.

What is packed has an entity tag of its own, since a strong tag is of bytes (RFC 9110, section
8.8.3.3). Answers to one caller are left alone: packed together with what somebody else chose, they
would tell by their length what is in them (BREACH).
"""

import asyncio
import zlib
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from platformkit.middleware import header
from platformkit.preferences import takes_gzip

_LEAST: Final = 1_024
"""Bytes of an answer of known length that is worth it."""

_LONG: Final = 32_768
"""Bytes that are packed beside the loop."""

_TEXTS: Final = ("text/", "application/json", "application/vnd.sdmx.", "image/svg+xml")
_END: Final = '"'
_ENDING: Final = f"-gzip{_END}"


def plain(tags: str) -> str:
    """Return the tags of the plain bytes of what was read packed: a write names either."""
    return tags.replace(_ENDING, _END)


class Packing:
    """Packs answers that any cache may keep and that are texts, unless they are packed already."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, packed where that is taken."""
        if scope["type"] != "http" or scope["method"] not in {"GET", "HEAD"}:
            await self._app(scope, receive, send)
            return
        packer = _Packer(scope, send)
        await self._app(packer.scope, receive, packer.send)


class _Packer:
    """Packs one answer."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self._send = send
        self._is_taken = takes_gzip(header(scope, b"accept-encoding"))
        self._held = header(scope, b"if-none-match") if self._is_taken else ""
        self._has_body = scope["method"] != "HEAD"
        self._work: zlib._Compress | None = None
        self.scope = scope
        if _ENDING in self._held:  # inside, an answer has the tag of its plain bytes
            both = f"{self._held}, {plain(self._held)}".encode("latin-1")
            others = [pair for pair in scope["headers"] if pair[0] != b"if-none-match"]
            self.scope = {**scope, "headers": [*others, (b"if-none-match", both)]}

    async def send(self, message: Message) -> None:
        """Send a message of the answer, packed."""
        if message["type"] == "http.response.start":
            self._begin(message)
        elif self._work is not None:
            body, more = message.get("body", b""), message.get("more_body", False)
            packed = await _packed(self._work, body)
            if not more:
                packed += self._work.flush()
            elif not packed:
                return
            message = {**message, "body": packed}
        await self._send(message)

    def _begin(self, message: Message) -> None:
        """Decide, and say so in the headers."""
        headers = MutableHeaders(scope=message)
        if not headers.get("cache-control", "").startswith("public"):
            return
        if message["status"] == 304:  # noqa: PLR2004  # Not Modified
            _vary(headers)
            if _tagged(headers.get("etag", "")) in self._held:
                headers["etag"] = _tagged(headers["etag"])
            return
        if (
            message["status"] != 200  # noqa: PLR2004  # OK
            or "content-encoding" in headers
            or not headers.get("content-type", "").startswith(_TEXTS)
        ):
            return
        _vary(headers)
        if self._is_taken and int(headers.get("content-length", _LEAST)) >= _LEAST:
            if self._has_body:
                self._work = zlib.compressobj(1, wbits=31)
            headers["content-encoding"] = "gzip"
            del headers["content-length"]
            if "etag" in headers:
                headers["etag"] = _tagged(headers["etag"])


async def _packed(work: "zlib._Compress", body: bytes) -> bytes:
    if len(body) < _LONG:
        return work.compress(body)
    return await asyncio.to_thread(work.compress, body)


def _vary(headers: MutableHeaders) -> None:
    """Say that the answer depends on what is taken, unless it says so itself."""
    if "Accept-Encoding" not in headers.get("vary", ""):
        headers.add_vary_header("Accept-Encoding")


def _tagged(etag: str) -> str:
    """Return the tag of the packed form of what has this tag."""
    return etag.removesuffix(_END) + _ENDING
