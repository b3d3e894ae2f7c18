"""Logs as one JSON object a line, UTC, with the ids of the trace; never what a caller sent."""

import asyncio
import logging
import sys
import time
import traceback
from collections import deque
from datetime import UTC, datetime
from types import TracebackType
from typing import Final, TextIO

import orjson

from platformkit import telemetry
from platformkit.telemetry import Trace

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {
    "message",
    "asctime",
    "taskName",
    "color_message",
}
_WAIT_SECONDS: Final = 0.1
"""The longest that the line of a request waits for others, to be written with them."""

_MOST_WAITING: Final = 256
_MOST_FORMS: Final = 4_096

_requests = logging.getLogger("platformkit.requests")


class JsonLines(logging.Formatter):
    """One line an event: constant message, values as fields, exceptions without their message.

    An exception's message may quote SQL parameters, hence people: only its type and the places
    it passed through are written.
    """

    def __init__(self, service: str) -> None:
        super().__init__()
        self._service = service

    def format(self, record: logging.LogRecord) -> str:
        """Render the record; what JSON cannot hold is shown as text."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "service": self._service,
            "logger": record.name,
            "message": record.getMessage(),
        }
        trace = telemetry.current()
        if trace is not None:
            line["trace_id"], line["span_id"] = trace.trace_id, trace.span_id
        line |= {key: value for key, value in vars(record).items() if key not in _STANDARD}
        if record.exc_info and record.exc_info[0]:
            line["exception"] = record.exc_info[0].__qualname__
            line["stack"] = _places(record.exc_info[2])
        return orjson.dumps(line, default=str).decode()


def _places(trail: TracebackType | None) -> list[str]:
    frames = traceback.extract_tb(trail)
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]


class Lines(logging.StreamHandler[TextIO]):
    """Writes events as they come, and the lines of requests a few at a time.

    A request's line made the usual way costs as much as half of a kept answer. Its order among
    other events is kept; `kill -9` may lose the last tenth of a second of them.
    """

    def __init__(self, stream: TextIO, service: str) -> None:
        super().__init__(stream)
        self.setFormatter(JsonLines(service))
        self._same = f'","level":"INFO","service":"{service}","logger":"{_requests.name}",'
        self._same += '"message":"request","trace_id":"'
        self._forms: dict[tuple[str, str | None, int, str | None], str] = {}
        self._waiting: deque[str] = deque()
        """Added to by the loop's thread; taken from by whoever holds the handler's lock."""

        self._second, self._spelt = 0, ""

    def request(self, trace: Trace, method: str, status: int, seconds: float) -> None:
        """Write the line of a request soon; it is what `JsonLines` would make of its fields."""
        now = time.time()
        second = int(now)
        if second != self._second:
            self._second = second
            self._spelt = datetime.fromtimestamp(second, UTC).isoformat()[:-6]
        line = (
            f'{{"at":"{self._spelt}.{int((now - second) * 1000):03d}+00:00{self._same}'
            f'{trace.trace_id}","span_id":"{trace.span_id}",'
            f"{self._form(method, trace.route, status, trace.cache)}"
            f'"ms":{seconds * 1000:.2f}}}\n'
        )
        self._waiting.append(line)
        count = len(self._waiting)
        if count == 1:
            asyncio.get_running_loop().call_later(_WAIT_SECONDS, self.flush)
        elif count >= _MOST_WAITING:
            self.flush()

    def _form(self, method: str, route: str | None, status: int, cache: str | None) -> str:
        """Spell the fields that many requests share."""
        key = (method, route, status, cache)
        form = self._forms.get(key)
        if form is None:
            form = orjson.dumps(_fields(*key)).decode()[1:-1] + ","
            if len(self._forms) >= _MOST_FORMS:
                self._forms.clear()
            self._forms[key] = form
        return form

    def emit(self, record: logging.LogRecord) -> None:
        """Write an event at once, after the requests that were before it."""
        self._write()
        super().emit(record)

    def flush(self) -> None:
        """Write the lines that wait."""
        self.acquire()
        self._write()
        self.release()
        super().flush()

    def _write(self) -> None:
        waiting = self._waiting
        self.stream.write("".join([waiting.popleft() for _ in range(len(waiting))]))


def _fields(method: str, route: str | None, status: int, cache: str | None) -> dict[str, object]:
    fields: dict[str, object] = {
        "http.request.method": method,
        "http.route": route,
        "http.response.status_code": status,
    }
    return fields if cache is None else fields | {"vigie.cache": cache}


def request(trace: Trace, method: str, status: int, seconds: float) -> None:
    """Log a request that was answered, under its trace and the template of its path."""
    if not _requests.isEnabledFor(logging.INFO):
        return
    for handler in logging.root.handlers:
        if isinstance(handler, Lines):
            handler.request(trace, method, status, seconds)
            return  # others may hear of all else
    fields = _fields(method, trace.route, status, trace.cache)
    _requests.info("request", extra={**fields, "ms": round(seconds * 1000, 2)})


def flush() -> None:
    """Write what waits: who ends by a signal has no other end."""
    for handler in logging.root.handlers:
        handler.flush()


def setup(service: str, level: str) -> None:
    """Send everything that this process logs to stdout, uvicorn's messages included."""
    logging.basicConfig(level=level, handlers=[Lines(sys.stdout, service)], force=True)
    for name in ("uvicorn", "uvicorn.error"):  # not its access log: paths and queries name people
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
    logging.getLogger("uvicorn.access").disabled = True
    logging.getLogger("opentelemetry").setLevel("ERROR")
