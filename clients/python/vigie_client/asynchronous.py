"""The asynchronous client: `blocking` with `await`."""

from asyncio import sleep
from collections.abc import AsyncIterator, Mapping
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx

from vigie_client import exchange
from vigie_client.exchange import Change, Query, Request

T = TypeVar("T")


class AsyncVigie:
    """The door of a platform; open data need no credentials.

    `into` names the type of the answer, one of `vigie_client.types`; nothing is checked at run
    time. `http` is the client beneath, for files and whatever else.
    """

    def __init__(
        self,
        url: str,
        auth: httpx.Auth | None = None,
        *,
        language: str = "fr",
        seconds: float = 30.0,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self.http = httpx.AsyncClient(
            base_url=url,
            auth=auth,
            headers={"accept-language": language},
            timeout=seconds,
            transport=transport,
        )

    async def __aenter__(self) -> Self:
        """Use as a context: connections are closed at its end."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        failure: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.http.aclose()

    async def send(self, asked: Request) -> httpx.Response:
        """Send, and again after what passes by itself; raises `VigieProblem`."""
        for attempt in range(1, exchange.ATTEMPTS + 1):
            response: httpx.Response | None = None
            try:
                response = await self.http.request(**asked.arguments())
            except httpx.TransportError:
                wait = exchange.pause(asked, attempt, None)
                if wait is None:
                    raise
            else:
                wait = exchange.pause(asked, attempt, response)
                if wait is None:
                    return exchange.checked(response)
            await sleep(wait)
        raise AssertionError  # the last attempt returns or raises

    async def get(
        self,
        path: str,
        into: type[T],
        *,
        at: Mapping[str, object] | None = None,
        query: Mapping[str, Query] | None = None,
    ) -> T:
        """Read `path`, its parameters filled from `at`."""
        asked = exchange.request("GET", path, at=at, query=query)
        return exchange.read(await self.send(asked), into)

    async def write(self, method: str, path: str, body: Any, into: type[T], **how: Any) -> T:
        """Send a body; `how` is what `exchange.request` takes: `at`, `if_match`, `once`, …."""
        return exchange.read(await self.send(exchange.request(method, path, body, **how)), into)

    async def post(self, path: str, body: Any, into: type[T], **how: Any) -> T:
        """POST with an `Idempotency-Key`; see `write`."""
        return await self.write("POST", path, body, into, **how)

    async def items(
        self,
        path: str,
        into: type[T],  # noqa: ARG002  # gives the items their type
        *,
        at: Mapping[str, object] | None = None,
        query: Mapping[str, Query] | None = None,
    ) -> AsyncIterator[T]:
        """Walk a whole list, page by page."""
        asked = dict(query or {})
        while True:
            page: dict[str, Any] = await self.get(path, dict, at=at, query=asked)
            for one in page["items"]:
                yield one
            asked["after"] = page["next"]
            if page["next"] is None:
                return

    def feed(self, service: str, after: str | None = None, **query: Query) -> "AsyncFeed":
        """Follow what changes in a service, from a kept cursor, or from the beginning.

        `updated_since` begins at an instant instead; `limit` is the size of a page.
        """
        return AsyncFeed(self, f"/v1/{service}/changes", after, query)


class AsyncFeed:
    """Iterates the changes until there are none left for now; iterate again for newer ones.

    Keep `cursor` together with what was done: it moves on when a page was worked off, so that
    after a crash a change may come twice, and none is missed.
    """

    def __init__(
        self, door: AsyncVigie, path: str, cursor: str | None, query: Mapping[str, Query]
    ) -> None:
        self._door, self._path, self._query = door, path, dict(query)
        self.cursor = cursor

    async def __aiter__(self) -> AsyncIterator[Change]:
        """Read on from the cursor."""
        more = True
        while more:
            asked = self._query
            if self.cursor is not None:
                asked = {"limit": asked.get("limit"), "after": self.cursor}
            page: dict[str, Any] = await self._door.get(self._path, dict, query=asked)
            for one in page["items"]:
                yield one
            self.cursor, more = page["next"], page["more"]
