"""An OTLP receiver in memory: what a collector would have been sent."""

import gzip
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from tests.ports import free_ports


@dataclass(frozen=True)
class SeenSpan:
    """One span, its ids as hexadecimal text."""

    trace_id: str
    span_id: str
    parent_id: str
    service: str
    name: str
    kind: int
    attributes: dict[str, Any] = field(hash=False)


class Sink:
    """Listens on a port of its own until it is closed; `reopen` takes the same port again."""

    def __init__(self) -> None:
        self.spans: list[SeenSpan] = []
        self.requests = 0
        (self.port,) = free_ports(1)
        self._server = self._serve(self.port)

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def reopen(self) -> None:
        self._server = self._serve(self.port)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def trace(self, trace_id: str, *, services: set[str], seconds: float = 30) -> list[SeenSpan]:
        """Wait until the trace has spans of all these services and no parent is on its way."""
        end = time.monotonic() + seconds
        while True:
            found = [span for span in self.spans if span.trace_id == trace_id]
            known = {span.span_id for span in found}
            whole = all(span.parent_id in known for span in found if span.parent_id)
            if (whole and services <= {span.service for span in found}) or time.monotonic() > end:
                return found
            time.sleep(0.05)

    def _serve(self, port: int) -> ThreadingHTTPServer:
        sink = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                if self.headers.get("content-encoding") == "gzip":
                    body = gzip.decompress(body)
                sink.requests += 1
                if self.path == "/v1/traces":
                    sink.spans.extend(_read(body))
                self.send_response(200)
                self.send_header("content-type", "application/x-protobuf")
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # its name
                pass

        server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        return server


def _read(body: bytes) -> list[SeenSpan]:
    request = ExportTraceServiceRequest.FromString(body)
    return [
        SeenSpan(
            trace_id=span.trace_id.hex(),
            span_id=span.span_id.hex(),
            parent_id=span.parent_span_id.hex(),
            service=_values(batch.resource.attributes)["service.name"],
            name=span.name,
            kind=span.kind,
            attributes=_values(span.attributes),
        )
        for batch in request.resource_spans
        for scope in batch.scope_spans
        for span in scope.spans
    ]


def _values(attributes: Any) -> dict[str, Any]:
    return {
        pair.key: getattr(pair.value, pair.value.WhichOneof("value") or "string_value")
        for pair in attributes
    }
