"""Opens the upstreams as the settings describe them, and says how patient the door is."""

from gateway.proxy.instance import Instance
from gateway.proxy.upstream import Policy, Upstream
from gateway.resilience.breaker import Rule
from gateway.resilience.crowd import Patience
from gateway.settings import Settings

_LONGEST_REST = 30
_LONGEST_EJECTION = 12


def patience(settings: Settings) -> Patience:
    """Say how patient the door is with its clients."""
    return Patience(
        headers=settings.max_headers,
        header_bytes=settings.max_header_bytes,
        head_seconds=settings.head_ms / 1000,
        body_seconds=settings.body_ms / 1000,
        body_rate=settings.body_rate,
        read_seconds=settings.read_ms / 1000,
        idle_seconds=settings.keep_alive_ms / 1000,
        connections=settings.max_connections,
    )


def upstreams(settings: Settings) -> dict[str, Upstream]:
    """Open nothing yet: connections are made when they are needed."""
    rest, ejection = settings.rest_ms / 1000, settings.eject_ms / 1000
    policy = Policy(
        breaker=Rule(settings.failures_in_a_row, rest, rest * _LONGEST_REST),
        ejection=Rule(settings.failures_in_a_row, ejection, ejection * _LONGEST_EJECTION),
        eject_percent=settings.eject_percent,
        retry_percent=settings.retry_percent,
        slow_seconds=settings.slow_ms / 1000,
    )
    return {
        name: Upstream([_instance(url, settings) for url in (peer.url, *peer.replicas)], policy)
        for name, peer in settings.peers.items()
    }


def _instance(url: str, settings: Settings) -> Instance:
    return Instance(
        url,
        size=settings.upstream_connections,
        queue=settings.upstream_queue,
        connect_within=settings.connect_ms / 1000,
        queue_within=settings.queue_ms / 1000,
        first_byte_within=settings.default_deadline_ms / 1000,
    )
