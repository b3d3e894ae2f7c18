"""uvicorn's HTTP protocol, whose one answer of its own becomes a problem document.

`uvicorn --http gateway.server:Protocol`. It overrides a method that uvicorn does not promise to
keep; `tests/gateway/test_probes.py` says when it no longer works.
"""

import logging
from typing import cast

import orjson
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from gateway.proxy import hygiene
from gateway.proxy.problems import MessageMalformed
from platformkit import i18n, telemetry
from platformkit.errors import MEDIA_TYPE

_log = logging.getLogger(__name__)


class Protocol(HttpToolsProtocol):
    """Refuses what is not HTTP in the language asked, as far as that could be read."""

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002  # uvicorn's signature and words
        """Answer and close: what follows on this connection cannot be told apart."""
        headers = cast("hygiene.Headers | None", self.headers) or []  # None before the first byte
        asked = [value for name, value in headers if name == b"accept-language"]
        i18n.speak(i18n.negotiate(asked[0].decode("latin-1") if asked else ""))
        telemetry.start("", None, ratio=0, joins=False)  # an id to quote, as every problem has
        _log.info("request refused", extra={"http.response.status_code": MessageMalformed.status})
        content = orjson.dumps(MessageMalformed().body())
        lines = [
            *self.server_state.default_headers,
            *hygiene.ADDED,
            (b"content-type", MEDIA_TYPE.encode()),
            (b"content-language", i18n.language().encode()),
            (b"content-length", b"%d" % len(content)),
            (b"connection", b"close"),
        ]
        head = b"".join(b"%b: %b\r\n" % line for line in lines)
        self.transport.write(b"HTTP/1.1 400 Bad Request\r\n%b\r\n%b" % (head, content))
        self.transport.close()
