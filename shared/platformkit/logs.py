"""Logs as one JSON object a line, UTC, with the ids of the trace; never what a caller sent."""

import logging
import sys
import traceback
from datetime import UTC, datetime
from types import TracebackType

import orjson

from platformkit import telemetry

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {
    "message",
    "asctime",
    "taskName",
    "color_message",
}


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


def setup(service: str, level: str) -> None:
    """Send everything that this process logs to stdout, uvicorn's messages included."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonLines(service))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in ("uvicorn", "uvicorn.error"):  # not its access log: paths and queries name people
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
    logging.getLogger("uvicorn.access").disabled = True
    logging.getLogger("opentelemetry").setLevel("ERROR")
