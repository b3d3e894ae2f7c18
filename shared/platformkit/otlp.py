"""Where one service sends its spans and request metrics; without an OTLP endpoint, nowhere."""

import asyncio
import os
from collections.abc import Callable, Iterable, Mapping
from threading import Thread
from typing import TYPE_CHECKING

from opentelemetry.metrics import CallbackOptions, Histogram, Meter, Observation
from opentelemetry.trace import StatusCode, Tracer, set_span_in_context

from platformkit.telemetry import Trace

if TYPE_CHECKING:
    from opentelemetry.sdk.metrics import MeterProvider
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider

_FLUSH_SECONDS = 1.5
Sample = tuple[float, Mapping[str, str | int]]
"""A value and the labels that it goes under."""

Reading = Callable[[], Iterable[Sample]]
"""Called by the exporter's thread at each export: it reads numbers, and waits for nothing."""

_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]


class Exporters:
    """The tracer and the duration histogram of one service, set up by the standard variables."""

    def __init__(self, service: str, release: str, environment: str) -> None:
        self.tracer: Tracer | None = None
        self._duration: Histogram | None = None
        self._meter: Meter | None = None
        self._labels: dict[tuple[str, str | None, int, str | None], dict[str, str | int]] = {}
        self._providers: list[TracerProvider | MeterProvider] = []
        if _endpoint("TRACES"):
            tracing = _tracing(_resource(service, release, environment))
            self.tracer = tracing.get_tracer("platformkit")
            self._providers.append(tracing)
        if _endpoint("METRICS"):
            metering = _metering(_resource(service, release, environment))
            self._meter = metering.get_meter("platformkit")
            self._duration = self._meter.create_histogram(
                "http.server.request.duration",
                "s",
                "From the first byte in to the last byte out",
                explicit_bucket_boundaries_advisory=_BUCKETS,
            )
            self._providers.append(metering)

    def finish(self, trace: Trace, method: str, status: int, seconds: float) -> None:
        """Close the server span and count the request, both under the template of its path."""
        if trace.span is not None:
            trace.span.update_name(f"{method} {trace.route}" if trace.route else method)
            trace.span.set_attribute("http.request.method", method)
            trace.span.set_attribute("url.scheme", "http")
            trace.span.set_attribute("http.response.status_code", status)
            if trace.route:
                trace.span.set_attribute("http.route", trace.route)
            if trace.cache:
                trace.span.set_attribute("vigie.cache", trace.cache)
            if status >= 500:  # noqa: PLR2004
                trace.span.set_attribute("error.type", str(status))
                trace.span.set_status(StatusCode.ERROR)
            trace.span.end()
        if self._duration is not None:
            key = (method, trace.route, status, trace.cache)
            labels = self._labels.get(key)
            if labels is None:
                labels = {"http.request.method": method, "http.response.status_code": status}
                if trace.route:
                    labels["http.route"] = trace.route
                if trace.cache:
                    labels["vigie.cache"] = trace.cache
                self._labels[key] = labels
            known = None if trace.span is None else set_span_in_context(trace.span)
            self._duration.record(seconds, labels, known)  # its exemplar is this trace

    def gauge(self, name: str, description: str, read: Reading, unit: str = "") -> None:
        """Export what `read` gives at each export, as it is then.

        A gauge of the unit `1` would be called a ratio by Prometheus.
        """
        if self._meter is not None:
            self._meter.create_observable_gauge(name, [_callback(read)], unit, description)

    def counter(self, name: str, description: str, read: Reading) -> None:
        """Export a count that only grows."""
        if self._meter is not None:
            self._meter.create_observable_counter(name, [_callback(read)], "1", description)

    async def close(self) -> None:
        """Send what is left, for at most 1.5 s: a collector that is down must not delay a stop."""
        stops = [Thread(target=provider.shutdown, daemon=True) for provider in self._providers]
        for stop in stops:
            stop.start()
        for stop in stops:
            await asyncio.to_thread(stop.join, _FLUSH_SECONDS)


def _callback(read: Reading) -> Callable[[CallbackOptions], Iterable[Observation]]:
    def observed(_: CallbackOptions) -> Iterable[Observation]:
        return [Observation(value, labels) for value, labels in read()]

    return observed


def _endpoint(signal: str) -> bool:
    """Tell whether the standard variables name an OTLP endpoint for this signal."""
    names = ("OTEL_EXPORTER_OTLP_ENDPOINT", f"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT")
    return any(os.environ.get(name) for name in names)


# The SDK is loaded by those who export: half of the modules that a service would start with.


def _resource(service: str, release: str, environment: str) -> "Resource":
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415

    return Resource.create(
        {
            "service.name": service,
            "service.namespace": "vigie",
            "service.version": release,
            "deployment.environment.name": environment,
        }
    )


def _tracing(resource: "Resource") -> "TracerProvider":
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # noqa: PLC0415
        OTLPSpanExporter,
    )
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415
    from opentelemetry.sdk.trace.sampling import ALWAYS_ON  # noqa: PLC0415

    provider = TracerProvider(ALWAYS_ON, resource, shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(timeout=1)))
    return provider


def _metering(resource: "Resource") -> "MeterProvider":
    from opentelemetry.exporter.otlp.proto.http.metric_exporter import (  # noqa: PLC0415
        OTLPMetricExporter,
    )
    from opentelemetry.sdk.metrics import MeterProvider  # noqa: PLC0415
    from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader  # noqa: PLC0415

    reader = PeriodicExportingMetricReader(OTLPMetricExporter(timeout=1))
    return MeterProvider([reader], resource, shutdown_on_exit=False)
