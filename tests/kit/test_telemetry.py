"""One request, one trace: followed when sampled, free when not, its id in logs and problems."""

import asyncio
import json
import logging
import sys
from collections.abc import Callable
from contextvars import copy_context

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, Tracer

from platformkit import telemetry
from platformkit.logs import JsonLines
from platformkit.otlp import Exporters

PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


@pytest.fixture
def spans() -> InMemorySpanExporter:
    return InMemorySpanExporter()


@pytest.fixture
def tracer(spans: InMemorySpanExporter) -> Tracer:
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(spans))
    return provider.get_tracer("test")


def test_a_service_continues_the_trace_of_the_door(
    spans: InMemorySpanExporter, tracer: Tracer
) -> None:
    trace = telemetry.follow(PARENT, tracer)
    with telemetry.span("work", SpanKind.CLIENT, {"vigie.peer": "training"}):
        assert telemetry.trace_id() == "4bf92f3577b34da6a3ce929d0e0e4736"
        outgoing = telemetry.traceparent() or ""
    assert trace.span is not None
    trace.span.end()
    work, server = spans.get_finished_spans()
    assert server.parent is not None
    assert f"{server.parent.span_id:016x}" == "00f067aa0ba902b7"
    assert work.parent is not None
    assert work.parent.span_id == server.context.span_id
    assert {work.context.trace_id, server.context.trace_id} == {
        trace.trace_id and int(trace.trace_id, 16)
    }
    assert outgoing == f"00-{trace.trace_id}-{work.context.span_id:016x}-01"


def test_a_span_may_end_in_another_task_than_it_began_in(
    spans: InMemorySpanExporter, tracer: Tracer
) -> None:
    """A stream begins in the route, and is read on by the task that sends it."""
    trace = telemetry.follow(PARENT, tracer)
    work = telemetry.span("work")
    copy_context().run(work.__enter__)
    work.__exit__(None, None, None)
    assert telemetry.current() is trace
    assert [each.name for each in spans.get_finished_spans()] == ["work"]


def test_the_door_starts_its_own_trace_and_only_links_to_a_strangers(
    spans: InMemorySpanExporter, tracer: Tracer
) -> None:
    trace = telemetry.start(PARENT, tracer, ratio=1, joins=False)
    assert trace.trace_id not in PARENT
    assert trace.sampled
    assert trace.span is not None
    trace.span.end()
    (server,) = spans.get_finished_spans()
    assert server.parent is None
    assert f"{server.links[0].context.trace_id:032x}" in PARENT


def test_a_known_caller_joins_its_requests_in_one_trace(
    spans: InMemorySpanExporter, tracer: Tracer
) -> None:
    trace = telemetry.start(PARENT, tracer, ratio=1, joins=True)
    assert trace.trace_id in PARENT
    assert trace.span is not None
    trace.span.end()
    (server,) = spans.get_finished_spans()
    assert server.parent is not None
    assert f"{server.parent.span_id:016x}" in PARENT


@given(st.integers(1, 2**128 - 1), st.floats(0, 1), st.integers(0, 1))
def test_the_door_samples_by_the_trace_id_whatever_the_callers_flag(
    number: int, ratio: float, flag: int
) -> None:
    quiet = TracerProvider(shutdown_on_exit=False).get_tracer("test")
    header = f"00-{number:032x}-00f067aa0ba902b7-0{flag}"
    again = telemetry.start(header, quiet, ratio=ratio, joins=True).sampled
    assert telemetry.start(header, quiet, ratio=ratio, joins=True).sampled == again
    assert again == (number % 2**56 < ratio * 2**56)


def test_what_is_not_sampled_makes_no_span_and_still_has_an_id(
    spans: InMemorySpanExporter, tracer: Tracer
) -> None:
    beginnings: list[Callable[[], telemetry.Trace]] = [
        lambda: telemetry.follow(PARENT[:-1] + "0", tracer),
        lambda: telemetry.start("", tracer, ratio=0, joins=False),
        lambda: telemetry.start("", None, ratio=1, joins=False),
    ]
    for begin in beginnings:
        trace = begin()
        with telemetry.span("work") as span:
            assert span is None
        assert telemetry.trace_id() == trace.trace_id
        assert (telemetry.traceparent() or "").endswith("-00")
    assert spans.get_finished_spans() == ()


@given(st.text(max_size=80))
def test_no_header_breaks_a_request(header: str) -> None:
    trace = telemetry.follow(header, None)
    assert telemetry.TRACEPARENT.fullmatch(telemetry.traceparent() or "")
    assert len(trace.trace_id) == 32


def test_a_failure_marks_its_span(spans: InMemorySpanExporter, tracer: Tracer) -> None:
    telemetry.start("", tracer, ratio=1, joins=False)
    with pytest.raises(LookupError), telemetry.span("work"):
        raise LookupError("personal")
    (span,) = spans.get_finished_spans()
    assert (span.attributes or {})["error.type"] == "LookupError"
    assert "personal" not in span.to_json()


def test_a_log_line_is_one_json_object_with_the_trace(tracer: Tracer) -> None:
    trace = telemetry.follow(PARENT, tracer)
    try:
        int("the secret of a person")
    except ValueError:
        record = logging.getLogger("x").makeRecord(
            "x", logging.ERROR, "f", 1, "a\nb\x1b[31m", (), sys.exc_info(), extra={"count": 3}
        )
    line = JsonLines("probe").format(record)
    assert "\n" not in line
    fields = json.loads(line)
    assert fields["trace_id"] == trace.trace_id
    assert fields["span_id"] == trace.span_id
    assert (fields["service"], fields["count"], fields["exception"]) == ("probe", 3, "ValueError")
    assert "secret" not in line
    assert fields["at"].endswith("+00:00")


async def test_a_collector_that_is_down_delays_neither_work_nor_stop(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL, "opentelemetry")
    for endpoint in ("http://127.0.0.1:9", "http://10.255.255.1:4318"):
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint)
        exporters = Exporters("probe", "dev", "test")
        trace = telemetry.start("", exporters.tracer, ratio=1, joins=False)
        async with asyncio.timeout(20):
            exporters.finish(trace, "GET", 200, 0.01)
            await exporters.close()
