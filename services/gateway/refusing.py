"""What the server answers itself, where no request can be read, or none may be."""

import logging
from http import HTTPStatus

import orjson

from gateway.proxy.hygiene import ADDED, Headers
from platformkit import i18n, telemetry
from platformkit.errors import MEDIA_TYPE, ProblemError, Unavailable

_log = logging.getLogger(__name__)


def spelt(problem: ProblemError, headers: Headers, added: Headers) -> bytes:
    """Give the last answer of a connection, in the language asked as far as that could be read.

    It has a trace of its own, in the current context. `added` are the server's own headers.
    """
    asked = [value for name, value in headers if name == b"accept-language"]
    i18n.speak(i18n.negotiate(asked[0].decode("latin-1") if asked else ""))
    telemetry.start("", None, ratio=0, joins=False)  # an id to quote, as every problem has
    _log.info("request refused", extra={"http.response.status_code": problem.status})
    content = orjson.dumps(problem.body())
    if problem.status == Unavailable.status:
        problem.headers.setdefault("retry-after", "2")
    lines = [
        *added,
        *ADDED,
        *((name.encode(), value.encode()) for name, value in problem.headers.items()),
        (b"content-type", MEDIA_TYPE.encode()),
        (b"content-language", i18n.language().encode()),
        (b"content-length", b"%d" % len(content)),
        (b"traceresponse", (telemetry.traceparent() or "").encode()),
        (b"connection", b"close"),
    ]
    head = b"".join(b"%b: %b\r\n" % line for line in lines)
    status = HTTPStatus(problem.status)
    first = b"HTTP/1.1 %d %b\r\n" % (status, status.phrase.encode())
    return b"%b%b\r\n%b" % (first, head, content)
