"""The trace of the request being served: its ids for logs and problems, its spans when sampled.

The door decides once whether a request is traced; everything behind it follows the W3C flag.
An unsampled request creates no span and no attribute. FastAPI's own telemetry is switched off:
deciding before any span exists keeps far more of the throughput (docs/performance.md).
"""

import random
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, replace

from opentelemetry.context import Context
from opentelemetry.trace import (
    Link,
    NonRecordingSpan,
    Span,
    SpanContext,
    SpanKind,
    StatusCode,
    TraceFlags,
    Tracer,
    set_span_in_context,
)

TRACEPARENT = re.compile(r"00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})")

Attribute = str | int | float | bool


@dataclass(slots=True)
class Trace:
    """One request's place in its trace; `tracer` and `span` only where it is sampled."""

    trace_id: str
    span_id: str
    sampled: bool
    tracer: Tracer | None = None
    span: Span | None = None
    route: str | None = None
    """Template of the path, set by whoever routed the request."""

    cache: str | None = None
    """How the door's cache answered: hit, miss, …; None where it has no part."""

    @property
    def parent(self) -> str:
        """Spell the W3C `traceparent` of whatever this is the parent of."""
        return f"00-{self.trace_id}-{self.span_id}-{'01' if self.sampled else '00'}"


_current: ContextVar[Trace | None] = ContextVar("trace", default=None)
_dice = random.Random()  # noqa: S311  # ids need to be unique, not secret


def current() -> Trace | None:
    """Return the trace of the request being served, None outside a request."""
    return _current.get()


def trace_id() -> str | None:
    """Return the 32 hex digits that the logs, problems and spans of this request share."""
    trace = _current.get()
    return trace.trace_id if trace else None


def traceparent() -> str | None:
    """Return the W3C header to send to a peer, so that its spans join this trace."""
    trace = _current.get()
    return trace.parent if trace else None


def told(trace: Trace) -> list[tuple[bytes, bytes]]:
    """Give the headers that tell a caller of its trace: to quote, and for the page's own tools."""
    parent = trace.parent.encode()
    return [
        (b"traceresponse", parent),
        (b"server-timing", b'traceparent;desc="%b"' % parent),
    ]


def lines(trace: Trace) -> bytes:
    """Spell what `told` gives as lines of an answer, in one piece."""
    parent = trace.parent.encode()
    return b'traceresponse: %b\r\nserver-timing: traceparent;desc="%b"\r\n' % (parent, parent)


def follow(header: str, tracer: Tracer | None) -> Trace:
    """Continue the trace of whoever signed the request, sampled or not as they decided."""
    match = TRACEPARENT.fullmatch(header)
    if match is None:
        return start("", tracer, ratio=0, joins=False)
    trace = Trace(match[1], match[2], sampled=bool(int(match[3], 16) & 1))
    if trace.sampled and tracer is not None:
        parent = set_span_in_context(NonRecordingSpan(_remote(trace)))
        _enter(trace, tracer.start_span("request", parent, SpanKind.SERVER), tracer)
    _current.set(trace)
    return trace


def start(header: str, tracer: Tracer | None, *, ratio: float, joins: bool) -> Trace:
    """Begin the trace of a request from outside, which is served in the current context."""
    trace = begin(header, tracer, ratio=ratio, joins=joins)
    _current.set(trace)
    return trace


def go_on(trace: Trace) -> None:
    """Serve the request of this trace, which was begun elsewhere, in the current context."""
    _current.set(trace)


def begin(header: str, tracer: Tracer | None, *, ratio: float, joins: bool) -> Trace:
    """Make the trace of a request from outside, and decide here whether it is sampled.

    A caller that `joins` is known to us: its trace id is kept, so that its requests make one trace.
    Anybody else's is only linked to. Equal trace ids are sampled alike (W3C: the low 56 bits).
    """
    match = TRACEPARENT.fullmatch(header) if header else None
    remote = Trace(match[1], match[2], sampled=True) if match else None
    ids = f"{_dice.getrandbits(192):048x}"
    trace = Trace(ids[:32], ids[32:], False)  # noqa: FBT003  # by position: half the time
    if remote is not None and joins:
        trace.trace_id = remote.trace_id
    trace.sampled = tracer is not None and int(trace.trace_id[-14:], 16) < ratio * 2**56
    if trace.sampled and tracer is not None:
        parent: Context | None = None
        links: tuple[Link, ...] = ()
        if remote is not None and joins:
            parent = set_span_in_context(NonRecordingSpan(_remote(remote)))
        elif remote is not None:
            links = (Link(_remote(remote)),)
        server = tracer.start_span("request", parent, SpanKind.SERVER, links=links)
        _enter(trace, server, tracer)
    return trace


@contextmanager
def span(
    name: str, kind: SpanKind = SpanKind.INTERNAL, attributes: dict[str, Attribute] | None = None
) -> Iterator[Span | None]:
    """Time a piece of work as a child of the current span; does nothing when not sampled."""
    trace = _current.get()
    if trace is None or trace.tracer is None:
        yield None
        return
    inner = Trace(trace.trace_id, trace.span_id, sampled=True)
    child = start_child(trace, name, kind, attributes)
    _enter(inner, child, trace.tracer)
    token = _current.set(inner)
    try:
        yield child
    except BaseException as failure:
        child.set_attribute("error.type", type(failure).__qualname__)
        child.set_status(StatusCode.ERROR)
        raise
    finally:
        with suppress(ValueError):  # a stream ends in another task than it began in
            _current.reset(token)
        child.end()


@contextmanager
def apart() -> Iterator[None]:
    """Let a block, which serves a part of the request, note a route and cache of its own."""
    trace = _current.get()
    token = _current.set(replace(trace) if trace else None)
    try:
        yield
    finally:
        _current.reset(token)


def start_child(
    trace: Trace, name: str, kind: SpanKind, attributes: dict[str, Attribute] | None = None
) -> Span:
    """Start a span under the sampled trace's current one; whoever starts it ends it."""
    if trace.tracer is None or trace.span is None:
        raise ValueError("the trace is not sampled here")
    return trace.tracer.start_span(name, set_span_in_context(trace.span), kind, attributes)


def _enter(trace: Trace, span: Span, tracer: Tracer) -> None:
    context = span.get_span_context()
    trace.trace_id, trace.span_id = f"{context.trace_id:032x}", f"{context.span_id:016x}"
    trace.tracer, trace.span = tracer, span


def _remote(trace: Trace) -> SpanContext:
    return SpanContext(
        int(trace.trace_id, 16),
        int(trace.span_id, 16),
        is_remote=True,
        trace_flags=TraceFlags(TraceFlags.SAMPLED),
    )
