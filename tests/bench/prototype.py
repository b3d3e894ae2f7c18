"""The fan-out that `design/performance.md` §4 measured: a plain ASGI application, a small client.

It knows no caller, counts nothing, traces nothing and reads no answer; what it adds to its slowest
part is what the targets of §9 were set by, on another machine.
"""

import asyncio
import random

from starlette.types import Receive, Scope, Send

from gateway.proxy.upstream import Request, Upstream

_SECONDS = 5.0
_MOST_BYTES = 1 << 20
_dice = random.Random()  # noqa: S311  # names requests


class Prototype:
    """Asks so many parts of one service for every request, and joins their bodies."""

    def __init__(self, upstream: Upstream, parts: int) -> None:
        self._upstream, self._parts = upstream, parts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002  # ASGI's
        """Answer any request."""
        trace = b"00-%032x-0000000000000001-00" % _dice.getrandbits(128)
        until = asyncio.get_running_loop().time() + _SECONDS
        request = Request("GET", b"/", b"traceparent: %b\r\n" % trace, until)
        bodies = await asyncio.gather(*(self._part(request) for _ in range(self._parts)))
        body = b"[" + b",".join(bodies) + b"]"
        headers = [
            (b"content-type", b"application/json"),
            (b"content-length", b"%d" % len(body)),
            (b"traceresponse", trace),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _part(self, request: Request) -> bytes:
        with await self._upstream.send(request) as answer:
            return await answer.read(_MOST_BYTES)
