"""What the door tells a collector of itself: how full it is, and whose trace a request is."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (
    ExportMetricsServiceRequest,
)
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.metrics.v1.metrics_pb2 import Metric
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from tests.gateway.doors import Opened, door
from tests.gateway.scripted import Scripted, ok, scripted
from tests.gateway.test_instances import slam
from tests.gateway.waiting import until
from tests.harness import environment


@dataclass(frozen=True)
class Told:
    """What has come to the collector so far."""

    collector: Scripted

    def metrics(self) -> Iterator[Metric]:
        for seen in self.collector.received:
            if seen.target == "/v1/metrics":
                for resource in ExportMetricsServiceRequest.FromString(seen.body).resource_metrics:
                    for scope in resource.scope_metrics:
                        yield from scope.metrics

    def last(self, name: str, **labels: str | int) -> float | None:
        """Give the newest value under that name and labels."""
        value: float | None = None
        for metric in self.metrics():
            if metric.name != name:
                continue
            for point in metric.gauge.data_points or metric.sum.data_points:
                told = {
                    each.key: each.value.string_value or each.value.int_value
                    for each in point.attributes
                }
                if told == labels:
                    value = point.as_double or point.as_int
        return value

    def spans(self) -> Iterator[Span]:
        for seen in self.collector.received:
            if seen.target == "/v1/traces":
                for resource in ExportTraceServiceRequest.FromString(seen.body).resource_spans:
                    for scope in resource.scope_spans:
                        yield from scope.spans


@asynccontextmanager
async def told(folder: Path, **settings: object) -> AsyncIterator[tuple[Opened, Scripted, Told]]:
    """Give a door that exports, the service behind it, and what it exported."""
    async with (
        scripted(ok(b"")) as collector,
        scripted(ok()) as training,
        scripted(slam) as diagnostic,
    ):
        with environment(
            OTEL_EXPORTER_OTLP_ENDPOINT=collector.url,
            OTEL_EXPORTER_OTLP_COMPRESSION="none",
            OTEL_METRIC_EXPORT_INTERVAL="100",
            OTEL_BSP_SCHEDULE_DELAY="50",
        ):
            urls = {"training": training.url, "diagnostic": diagnostic.url}
            async with door(folder, urls, **settings) as gate:
                yield gate, training, Told(collector)


async def test_a_collector_learns_how_full_the_door_is_and_what_rests(tmp_path: Path) -> None:
    """O-M8."""
    async with told(tmp_path, failures_in_a_row=3, rest_ms=60_000) as (gate, _, collector):
        writer = gate.bearer("diagnostic:write")
        for _ in range(3):
            await gate.http.post("/v1/diagnostic/things", headers=writer)
        answer = await gate.http.get("/v1/training/echo")
        resting = {"vigie.peer": "diagnostic"}
        await until(lambda: collector.last("vigie.upstream.breaker", **resting) == 2)
        assert collector.last("vigie.upstream.breaker", **{"vigie.peer": "training"}) == 0
        assert collector.last("vigie.upstream.openings", **resting) == 1
        assert collector.last("vigie.door.shed", **{"vigie.priority": "anonymous"}) == 0
        first: dict[str, str | int] = {"vigie.peer": "training", "vigie.instance": 0}
        await until(lambda: collector.last("vigie.upstream.in_use", **first) == 0)
        assert collector.last("vigie.upstream.waiting", **first) == 0
        assert (collector.last("vigie.door.connections") or 0) >= 1
        assert (collector.last("vigie.loop.lag") or 0.0) >= 0
        assert {metric.name for metric in collector.metrics()} == {
            "http.server.request.duration",
            "vigie.door.connections",
            "vigie.door.inside",
            "vigie.door.repeats",
            "vigie.door.straight",
            "vigie.door.shed",
            "vigie.loop.lag",
            "vigie.upstream.breaker",
            "vigie.upstream.ejections",
            "vigie.upstream.in_use",
            "vigie.upstream.instance.breaker",
            "vigie.upstream.openings",
            "vigie.upstream.retries",
            "vigie.upstream.waiting",
        }

        def exemplars() -> set[str]:
            return {
                exemplar.trace_id.hex()
                for metric in collector.metrics()
                for point in metric.histogram.data_points
                for exemplar in point.exemplars
            }

        trace = answer.headers["traceresponse"].split("-")[1]
        await until(lambda: trace in exemplars())


async def test_a_strangers_trace_is_linked_to_and_not_obeyed(tmp_path: Path) -> None:
    """O-S3 and F7: the forged trace says that it is not sampled, and what it carries is dropped."""
    theirs = "4bf92f3577b34da6a3ce929d0e0e4736"
    forged = {
        "traceparent": f"00-{theirs}-00f067aa0ba902b7-00",
        "tracestate": "evil=1",
        "baggage": "tenant=ac-lyon",
    }
    async with told(tmp_path) as (gate, training, collector):
        answer = await gate.http.get("/v1/training/echo", headers=forged)
        _, ours, _, flags = answer.headers["traceresponse"].split("-")
        assert (ours != theirs, flags) == (True, "01")
        assert answer.headers["server-timing"] == (
            f'traceparent;desc="{answer.headers["traceresponse"]}"'
        )
        assert {"traceresponse", "server-timing"} <= set(
            answer.headers["access-control-expose-headers"].split(", ")
        )
        await until(lambda: any(span.trace_id.hex() == ours for span in collector.spans()))
        (span,) = (span for span in collector.spans() if span.trace_id.hex() == ours)
        assert span.parent_span_id == b""
        assert [link.trace_id.hex() for link in span.links] == [theirs]
        assert training.received[-1].header("traceparent")[0].split("-")[1] == ours
        for name in ("baggage", "tracestate"):
            assert training.received[-1].header(name) == []

        partner = await gate.http.get("/v1/training/echo", headers=forged | gate.bearer())
        assert partner.headers["traceresponse"].split("-")[1] == theirs
        await until(lambda: any(span.trace_id.hex() == theirs for span in collector.spans()))
        (span,) = (span for span in collector.spans() if span.trace_id.hex() == theirs)
        assert span.parent_span_id.hex() == "00f067aa0ba902b7"
        assert len(span.links) == 0
        assert training.received[-1].header("baggage") == []


async def test_only_a_share_is_sampled_whatever_callers_say(tmp_path: Path) -> None:
    async with told(tmp_path, trace_ratio=0) as (gate, training, _):
        wish = {"traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}
        for headers in (wish, wish | gate.bearer()):
            answer = await gate.http.get("/v1/training/echo", headers=headers)
            assert answer.headers["traceresponse"].endswith("-00")
            assert training.received[-1].header("traceparent")[0].endswith("-00")
