"""Calls to a neighbour: signed, traced, in time, and never at the price of the pool."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web

from platformkit import deadlines, telemetry
from platformkit.clients.base import (
    PeerProblem,
    PeerUnavailable,
    ServiceClient,
    connect,
    together,
)


class Echo(ServiceClient):
    name = "echo"


async def answer(request: web.Request) -> web.StreamResponse:
    match request.match_info["what"]:
        case "headers":
            return web.json_response({key.lower(): value for key, value in request.headers.items()})
        case "slow":
            await asyncio.sleep(5)
        case "refused":
            return web.json_response({"code": "cohort-full", "detail": "…"}, status=409)
        case "page":
            return web.Response(text="<html>", status=404)
        case "broken":
            return web.json_response({}, status=502)
    return web.json_response({})


@pytest.fixture
async def url() -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_route("*", "/v1/{what}", answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


@pytest.fixture
async def echo(url: str) -> AsyncIterator[Echo]:
    async with connect(url, connections=10) as http:
        yield Echo(http, lambda: "the-token", seconds=10.0)


async def test_a_call_carries_token_language_trace_and_what_time_is_left(echo: Echo) -> None:
    trace = telemetry.follow("", None)
    with deadlines.within(4_000):
        sent: dict[str, Any] = await echo.get("/headers")
    assert sent["authorization"] == "Bearer the-token"
    assert sent["accept-language"] == "fr"
    assert 0 < int(sent[deadlines.HEADER]) <= 4_000
    assert sent["traceparent"].split("-")[1] == trace.trace_id


@pytest.mark.parametrize(("path", "reason"), [("/slow", "timeout"), ("/broken", "status 502")])
async def test_a_neighbour_that_fails_is_unavailable_with_its_reason(
    echo: Echo, path: str, reason: str
) -> None:
    with (
        deadlines.within(100 if reason == "timeout" else 5_000),
        pytest.raises(PeerUnavailable) as failure,
    ):
        await echo.get(path)
    assert (failure.value.peer, failure.value.reason) == ("echo", reason)


async def test_a_neighbour_that_is_not_there_is_unavailable() -> None:
    async with connect("http://127.0.0.1:9") as http:
        with pytest.raises(PeerUnavailable, match="unreachable"):
            await Echo(http, lambda: "").get("/headers")
    with pytest.raises(PeerUnavailable, match="not configured"):
        await Echo(None, lambda: "").get("/headers")


async def test_no_call_starts_when_no_time_is_left(echo: Echo) -> None:
    with deadlines.within(1):
        await asyncio.sleep(0.01)
        with pytest.raises(PeerUnavailable, match="deadline"):
            await echo.get("/headers")


async def test_a_refusal_keeps_its_code(echo: Echo) -> None:
    with pytest.raises(PeerProblem) as refusal:
        await echo.send("POST", "/refused", body={})
    assert (refusal.value.status, refusal.value.code) == (409, "cohort-full")
    with pytest.raises(PeerProblem) as page:
        await echo.get("/page")
    assert (page.value.status, page.value.code) == (404, "")


async def test_a_storm_of_cancelled_calls_leaves_the_pool_whole(echo: Echo) -> None:
    """Httpx's own transport fails every later call after this (httpcore #830)."""

    async def hurried() -> None:
        with contextlib.suppress(TimeoutError, PeerUnavailable):
            async with asyncio.timeout(0.02):
                await echo.get("/slow")

    for _ in range(20):
        await asyncio.gather(*(hurried() for _ in range(30)))
    results = await asyncio.gather(*(echo.get("/headers") for _ in range(10)))
    assert len(results) == 10


async def test_together_raises_what_failed_and_cancels_the_other() -> None:
    cancelled = asyncio.Event()

    async def fail() -> None:
        raise PeerUnavailable("echo", "timeout")

    async def wait() -> None:
        try:
            await asyncio.sleep(10)
        except asyncio.CancelledError:
            cancelled.set()
            raise

    with pytest.raises(PeerUnavailable):
        await together(fail(), wait())
    assert cancelled.is_set()

    async def one() -> int:
        return 1

    assert await together(one(), one()) == (1, 1)
