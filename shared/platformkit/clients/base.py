"""HTTP between our services: typed, signed, traced, within the caller's deadline."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from functools import cache
from typing import Any, ClassVar, TypeVar

import httpx
import orjson
from fastapi import Depends, Request
from httpx_aiohttp import AiohttpTransport
from opentelemetry.trace import SpanKind
from pydantic import BaseModel, ConfigDict

from platformkit import auth, deadlines, telemetry
from platformkit.i18n import language
from platformkit.settings import Peer

A = TypeVar("A")
B = TypeVar("B")

_PEER_SECONDS = 3.0
"""The longest that a service waits for a neighbour; its own caller may grant less."""


class Read(BaseModel):
    """What is read of a neighbour's answer; more may be in it."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class PeerUnavailable(Exception):
    """A neighbour did not answer; `reason` is for the `unavailable` part of our own answer."""

    def __init__(self, peer: str, reason: str) -> None:
        super().__init__(f"{peer}: {reason}")
        self.peer, self.reason = peer, reason


class PeerProblem(Exception):
    """A neighbour understood and refused; `code` is its problem's."""

    def __init__(self, peer: str, status: int, code: str, detail: str | None) -> None:
        super().__init__(f"{peer}: {status} {code} {detail or ''}")
        self.peer, self.status, self.code, self.detail = peer, status, code, detail


class ServiceClient:
    """Calls one service; `credential` gives the bearer token, `prefix` is the door's."""

    name: ClassVar[str]

    def __init__(
        self,
        http: httpx.AsyncClient | None,
        credential: Callable[[], str],
        *,
        prefix: str = "/v1",
        seconds: float = _PEER_SECONDS,
    ) -> None:
        self._http, self._credential, self._prefix = http, credential, prefix
        self._seconds = seconds

    async def get(self, path: str, parameters: Mapping[str, Any] | None = None) -> Any:  # noqa: ANN401  # JSON
        """Read JSON; fails as `send` does."""
        response = await self.send("GET", path, parameters=parameters)
        return orjson.loads(response.content)

    async def send(
        self,
        method: str,
        path: str,
        *,
        parameters: Mapping[str, Any] | None = None,
        body: object = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """Send one request; raises PeerUnavailable or PeerProblem, returns only successes."""
        if self._http is None:
            raise PeerUnavailable(self.name, "not configured")
        seconds = deadlines.remaining(self._seconds)
        if seconds <= 0:
            raise PeerUnavailable(self.name, "deadline")
        attributes: dict[str, telemetry.Attribute] = {
            "http.request.method": method,
            "server.address": self._http.base_url.host,
            "vigie.peer": self.name,
        }
        with telemetry.span(f"{method} {self.name}", SpanKind.CLIENT, attributes) as span:
            outgoing = {
                "authorization": f"Bearer {self._credential()}",
                "accept-language": language(),
                deadlines.HEADER: str(max(1, int(seconds * 1000))),
                **(headers or {}),
            }
            traceparent = telemetry.traceparent()
            if traceparent:
                outgoing["traceparent"] = traceparent
            content = None
            if body is not None:
                outgoing["content-type"] = "application/json"
                content = orjson.dumps(body)
            try:
                response = await self._http.request(
                    method,
                    self._prefix + path,
                    params=dict(parameters) if parameters else None,
                    content=content,
                    headers=outgoing,
                    timeout=seconds,
                )
            except (httpx.ReadTimeout, httpx.WriteTimeout, httpx.PoolTimeout) as error:
                raise PeerUnavailable(self.name, "timeout") from error
            except httpx.HTTPError as error:  # httpx-aiohttp says ConnectTimeout to a refusal too
                raise PeerUnavailable(self.name, "unreachable") from error
            if span is not None:
                span.set_attribute("http.response.status_code", response.status_code)
        if response.is_success:
            return response
        raise _failure(self.name, response)


def _failure(peer: str, response: httpx.Response) -> Exception:
    if response.status_code >= 500:  # noqa: PLR2004
        return PeerUnavailable(peer, f"status {response.status_code}")
    try:
        problem = orjson.loads(response.content)
    except orjson.JSONDecodeError:
        problem = {}
    return PeerProblem(
        peer, response.status_code, str(problem.get("code", "")), problem.get("detail")
    )


def connect(url: str, *, connections: int = 32) -> httpx.AsyncClient:
    """Return an HTTP client on aiohttp's transport.

    httpx's own breaks its pool for ever when calls are cancelled (httpcore #830).
    """
    limits = httpx.Limits(max_connections=connections, max_keepalive_connections=connections)
    transport = AiohttpTransport(verify=_trust(), limits=limits)
    return httpx.AsyncClient(base_url=url, transport=transport)


@cache
def _trust() -> ssl.SSLContext:
    """Read once whom TLS trusts: it takes 40 ms of CPU."""
    return httpx.create_ssl_context()


@asynccontextmanager
async def open_clients(
    service: str, peers: Mapping[str, Peer], kinds: Mapping[str, type[ServiceClient]]
) -> AsyncIterator[dict[str, ServiceClient]]:
    """Open the client of each kind; one whose peer the settings do not name is unavailable."""
    async with AsyncExitStack() as stack:
        opened: dict[str, ServiceClient] = {}
        for name, kind in kinds.items():
            peer = peers.get(name)
            http = None
            if peer is not None:
                http = await stack.enter_async_context(connect(peer.url))
            opened[name] = kind(http, _signer(service, name, peer))
        yield opened


def _signer(service: str, audience: str, peer: Peer | None) -> Callable[[], str]:
    """Speak for the caller of the current request, else for the service, which may follow feeds."""
    own = frozenset({f"{audience}:feed"})
    itself = auth.Principal(service, service, f"service:{service}", "", scopes=own)

    key = peer.key.get_secret_value() if peer else ""

    def sign() -> str:
        return auth.mint(key, service, audience, auth.current_principal() or itself)

    return sign


def client(name: str) -> Any:  # noqa: ANN401  # FastAPI's own marker has no public type
    """Inject the client of a peer: the second part of an `Annotated[TrainingClient, …]`."""

    async def find(request: Request) -> ServiceClient:
        found: ServiceClient = request.app.state.clients[name]
        return found

    return Depends(find)


async def together(first: Coroutine[Any, Any, A], second: Coroutine[Any, Any, B]) -> tuple[A, B]:
    """Run both; cancel the other and raise as soon as one fails, unwrapped from its group."""
    try:
        async with asyncio.TaskGroup() as group:
            a, b = group.create_task(first), group.create_task(second)
    except ExceptionGroup as failures:
        raise failures.exceptions[0] from failures
    return a.result(), b.result()
