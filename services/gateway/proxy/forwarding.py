"""The way to a service and back: a request as it came, or what our cache asks for."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, nullcontext

from starlette.types import Receive, Send

from gateway.cache.announcements import Announcements
from gateway.cache.behind import Departed
from gateway.proxy.call import SAFE, Call
from gateway.proxy.departure import Departure
from gateway.proxy.exchange import Exchange, UpstreamFailed
from gateway.proxy.problems import UploadTooLarge, problem_of
from gateway.proxy.upstream import Request, Upstream

_REFUSED = 400
_log = logging.getLogger(__name__)


async def forward(
    call: Call, upstream: Upstream, most: int, heard: Announcements, send: Send
) -> None:
    """Stream request (`most` bytes) and answer; once that has begun, a failure can only cut it.

    What was written is in doubt before the writer hears of it (RFC 9111 §4.4).
    """
    departure = Departure(call.receive, most)
    request = Request(
        call.scope["method"],
        call.target,
        call.lines,
        call.until,
        None if call.length == 0 else departure.body(),
        call.length,
    )
    begun = False
    try:
        with await upstream.send(request, call.begun) as answer:
            headers = call.seen(answer.status, answer.headers)
            piece = await answer.chunk()
            begun = True
            if request.method not in SAFE and answer.status < _REFUSED:
                heard.changed(call.service)
            await send({"type": "http.response.start", "status": answer.status, "headers": headers})
            await _relay(answer, piece, departure, send)
    except UpstreamFailed as failure:
        if departure.oversized:
            raise UploadTooLarge(size=most) from failure
        if departure.happened:
            return
        if not begun:
            raise problem_of(failure, call.service) from failure
        _log.warning("answer cut", extra={"upstream": call.service, "reason": failure.reason})
    except asyncio.CancelledError:
        if not departure.happened:
            raise
    finally:
        departure.stop()


async def _relay(answer: Exchange, piece: bytes | None, departure: Departure, send: Send) -> None:
    while piece is not None and not answer.drained:
        await send({"type": "http.response.body", "body": piece, "more_body": True})
        piece = await answer.chunk()
    departure.stop()
    await send({"type": "http.response.body", "body": piece or b"", "more_body": False})


@contextmanager
def attended(receive: Receive) -> Iterator[None]:
    """End the block with Departed when the client leaves meanwhile."""
    departure = Departure(receive, 0)
    try:
        yield
    except asyncio.CancelledError:
        if departure.happened:
            raise Departed from None
        raise
    finally:
        departure.stop()


@asynccontextmanager
async def errand(
    upstream: Upstream, service: str, request: Request, receive: Receive | None
) -> AsyncIterator[Exchange]:
    """Give the answer; raises the door's problem for want of one, Departed when the client left.

    Without `receive` there is no client to leave.
    """
    with nullcontext() if receive is None else attended(receive):
        try:
            with await upstream.send(request) as answer:
                yield answer
        except UpstreamFailed as failure:
            raise problem_of(failure, service) from failure
