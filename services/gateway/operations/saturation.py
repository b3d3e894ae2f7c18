"""How full and how late the door is, as metrics: read when they are exported, never per request."""

from collections.abc import Callable, Iterator
from typing import Any, Final

from gateway.proxy.upstream import Upstream
from platformkit.otlp import Exporters, Sample

_STATES: Final = {"closed": 0, "half-open": 1, "open": 2}


def observe(state: Any) -> None:  # noqa: ANN401  # FastAPI's State has any attributes
    """Register the gauges and counters of the door's parts."""
    exporters: Exporters = state.exporters
    gauge, counter = exporters.gauge, exporters.counter
    upstreams: dict[str, Upstream] = state.upstreams

    def per_service(value: Callable[[Upstream], float]) -> Callable[[], Iterator[Sample]]:
        def read() -> Iterator[Sample]:
            for name, upstream in upstreams.items():
                yield value(upstream), {"vigie.peer": name}

        return read

    def per_instance(kind: str) -> Callable[[], Iterator[Sample]]:
        def read() -> Iterator[Sample]:
            for name, upstream in upstreams.items():
                for number, member in enumerate(upstream.members):
                    labels: dict[str, str | int] = {"vigie.peer": name, "vigie.instance": number}
                    values = {
                        "in_use": member.instance.in_use,
                        "waiting": member.instance.waiting,
                        "state": _STATES[member.breaker.state],
                    }
                    yield values[kind], labels

        return read

    def shed() -> Iterator[Sample]:
        for priority, count in state.load.shed.items():
            yield count, {"vigie.priority": priority}

    gauge(
        "vigie.upstream.breaker",
        "0 closed, 1 half open, 2 open: the service rests",
        per_service(lambda upstream: _STATES[upstream.breaker.state]),
    )
    gauge(
        "vigie.upstream.instance.breaker",
        "0 closed, 1 on trial, 2 open: the instance is set aside",
        per_instance("state"),
    )
    gauge("vigie.upstream.in_use", "Requests that an instance has", per_instance("in_use"))
    gauge("vigie.upstream.waiting", "Requests in an instance's queue", per_instance("waiting"))
    counter(
        "vigie.upstream.ejections",
        "Instances set aside",
        per_service(lambda upstream: upstream.ejections),
    )
    counter("vigie.upstream.openings", "Rests begun", per_service(lambda one: one.openings))
    counter("vigie.upstream.retries", "Requests sent again", per_service(lambda one: one.retries))
    gauge("vigie.door.inside", "Requests being served", lambda: [(state.load.inside, {})])
    counter("vigie.door.shed", "Requests refused as overload", shed)
    gauge("vigie.door.connections", "Clients' connections", lambda: [(len(state.crowd.guests), {})])
    gauge("vigie.loop.lag", "Longest delay of the loop", lambda: [(state.lag.worst(), {})], "s")
