"""The client of one address on real sockets, with aiohttp as the oracle."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from gateway.proxy.exchange import UpstreamFailed
from gateway.proxy.instance import Instance, Request
from tests.gateway.scripted import Received, listening, ok, scripted
from tests.gateway.test_exchange import SOUND
from tests.gateway.waiting import until


def request(method: str = "GET", target: bytes = b"/", within: float = 5.0) -> Request:
    return Request(method, target, b"x-a: 1\r\n", asyncio.get_running_loop().time() + within)


async def fetch(upstream: Instance, asked: Request) -> tuple[int, bytes]:
    with await upstream.send(asked) as answer:
        return answer.status, await answer.read(10_000_000)


@pytest.mark.parametrize(("method", "raw", "status", "body", "kept"), SOUND)
async def test_an_answer_means_to_us_what_it_means_to_aiohttp(
    method: str,
    raw: bytes,
    status: int,
    body: bytes,
    kept: bool,  # noqa: FBT001  # a table's column
) -> None:
    async def give(_: Received, writer: asyncio.StreamWriter) -> None:
        writer.write(raw)
        if not kept:
            await writer.drain()
            writer.close()

    async with scripted(give) as server, aiohttp.ClientSession() as session:
        async with session.request(method, server.url) as theirs:
            oracle = theirs.status, await theirs.read()
        ours = await fetch(Instance(server.url), request(method))
        assert ours == oracle == (status, body)


async def test_what_we_send_is_what_was_asked() -> None:
    async with scripted(ok()) as server:
        upstream = Instance(server.url)
        await fetch(upstream, request("GET", b"/a%20b?c=d"))
        seen = server.received[0]
        assert (seen.method, seen.target) == ("GET", "/a%20b?c=d")
        assert seen.headers == [("host", server.url.removeprefix("http://")), ("x-a", "1")]
        await fetch(upstream, request("POST"))
        assert server.received[1].header("content-length") == ["0"]
        upstream.close()


async def test_a_unix_socket_serves_as_well(tmp_path: Path) -> None:
    async with scripted(ok(b"unix"), unix=tmp_path / "s") as server:
        assert await fetch(Instance(server.url), request()) == (200, b"unix")
        assert server.received[0].header("host") == ["localhost"]


@pytest.mark.parametrize("length", [None, 300_000])
async def test_a_body_streams_with_its_framing(length: int | None) -> None:
    async def body() -> AsyncIterator[bytes]:
        for _ in range(3):
            yield b"x" * 100_000
            yield b""

    async with scripted(ok()) as server:
        asked = request("POST")
        sent = Request("POST", asked.target, b"", asked.deadline, body(), length)
        assert await fetch(Instance(server.url), sent) == (200, b"hello")
        assert server.received[0].body == b"x" * 300_000


async def test_connections_are_reused_and_the_freshest_first() -> None:
    async with scripted(ok()) as server:
        upstream = Instance(server.url)
        for _ in range(3):
            await fetch(upstream, request())
        assert server.connections == 1
        assert upstream.opened == 1
        upstream.close()
        assert upstream.opened == 0


async def test_a_pool_never_opens_more_than_its_size_and_serves_in_order() -> None:
    async with scripted(ok()) as server:
        upstream = Instance(server.url, size=3)
        order: list[int] = []

        async def one(number: int) -> None:
            await fetch(upstream, request(target=b"/%d" % number))
            order.append(number)

        await asyncio.gather(*(one(number) for number in range(60)))
        assert server.connections == 3
        assert [seen.target for seen in server.received] == [f"/{number}" for number in range(60)]


async def test_a_full_queue_and_a_long_wait_are_busy() -> None:
    async def never(_: Received, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(30)

    async with scripted(never) as server:
        upstream = Instance(server.url, size=1, queue=1)
        slow = asyncio.create_task(fetch(upstream, request(within=1.0)))
        await until(lambda: len(server.received) == 1)
        waiting = asyncio.create_task(fetch(upstream, request(within=0.1)))
        await asyncio.sleep(0)
        with pytest.raises(UpstreamFailed, match="busy"):
            await fetch(upstream, request())
        with pytest.raises(UpstreamFailed, match="busy"):
            await waiting
        with pytest.raises(UpstreamFailed, match="timeout"):
            await slow
        assert upstream.opened == 0


async def test_a_stale_connection_is_replaced_for_a_read() -> None:
    async def serve_then_leave(_: Received, writer: asyncio.StreamWriter) -> None:
        writer.write(ok())

    async def slam(_: Received, writer: asyncio.StreamWriter) -> None:
        writer.transport.abort()

    async with scripted(serve_then_leave, slam, ok(b"again")) as server:
        upstream = Instance(server.url)
        await fetch(upstream, request())
        assert await fetch(upstream, request()) == (200, b"again")
        assert server.connections == 2


async def test_a_write_is_never_sent_twice() -> None:
    async def slam(_: Received, writer: asyncio.StreamWriter) -> None:
        writer.transport.abort()

    async with scripted(ok(), slam, ok()) as server:
        upstream = Instance(server.url)
        await fetch(upstream, request())
        with pytest.raises(UpstreamFailed, match="truncated"):
            await fetch(upstream, request("POST"))
        assert len(server.received) == 2


async def test_a_read_is_retried_once_only() -> None:
    async def slam(_: Received, writer: asyncio.StreamWriter) -> None:
        writer.transport.abort()

    async with scripted(ok(), slam) as server:
        upstream = Instance(server.url)
        await fetch(upstream, request())
        with pytest.raises(UpstreamFailed, match="truncated"):
            await fetch(upstream, request())
        assert len(server.received) == 3


async def test_a_connection_idle_too_long_is_not_used() -> None:
    async with scripted(ok()) as server:
        upstream = Instance(server.url, idle_for=0.0)
        await fetch(upstream, request())
        await fetch(upstream, request("POST"))
        assert server.connections == 2


async def test_nobody_listening_is_unreachable(tmp_path: Path) -> None:
    for url in ("http://127.0.0.1:9", f"unix://{tmp_path}/none"):
        upstream = Instance(url)
        with pytest.raises(UpstreamFailed, match="unreachable"):
            await fetch(upstream, request())
        assert upstream.opened == 0


async def test_a_silent_upstream_times_out_and_a_dripping_one_too() -> None:
    async def drip(_: Received, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        while not writer.is_closing():
            writer.write(b"x")
            await asyncio.sleep(0.01)

    async def silent(_: Received, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(1)

    async with scripted(silent, drip) as server:
        upstream = Instance(server.url, first_byte_within=0.1)
        with pytest.raises(UpstreamFailed, match="timeout"):
            await upstream.send(request())
        with pytest.raises(UpstreamFailed, match="timeout"):
            await fetch(upstream, request(within=0.2))
        assert upstream.opened == 0


async def test_an_early_refusal_of_an_upload_is_heard() -> None:
    async def body() -> AsyncIterator[bytes]:
        while True:
            yield b"x" * 65536
            await asyncio.sleep(0)

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        await reader.readexactly(200_000)
        writer.write(b"HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno")
        await writer.drain()
        with contextlib.suppress(ConnectionError):
            while await reader.read(65536):
                pass
        writer.close()

    async with listening(refuse) as url:
        upstream = Instance(url)
        asked = Request("POST", b"/", b"", request().deadline, body())
        assert await fetch(upstream, asked) == (413, b"no")
        assert upstream.opened == 0


async def test_a_storm_of_cancelled_calls_leaves_the_pool_whole() -> None:
    """Finding F1: 20 callers on 10 connections, each given 5 to 50 ms of an upstream of 30 ms."""

    async def slow(_: Received, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.03)
        writer.write(ok())

    async with scripted(slow) as server:
        upstream = Instance(server.url, size=10)

        async def impatient(number: int) -> bool:
            try:
                async with asyncio.timeout(0.005 + 0.001 * (number % 45)):
                    await fetch(upstream, request())
            except TimeoutError:
                return False
            return True

        outcomes = [
            outcome
            for _ in range(40)
            for outcome in await asyncio.gather(*(impatient(number) for number in range(60)))
        ]
        assert len(outcomes) == 2400
        assert outcomes.count(False) > 1000
        await until(lambda: upstream.opened <= 10)
        answers = await asyncio.gather(*(fetch(upstream, request()) for _ in range(10)))
        assert answers == [(200, b"hello")] * 10
        upstream.close()
        await until(lambda: upstream.opened == server.open_now == 0)


async def test_a_cancelled_connect_gives_its_place_back() -> None:
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        filling = [socket.socket() for _ in range(4)]
        for filler in filling:
            filler.settimeout(0)
            filler.connect_ex(full.getsockname())
        upstream = Instance(f"http://127.0.0.1:{full.getsockname()[1]}", size=1, connect_within=0.1)
        for _ in range(3):
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.02):
                    await upstream.send(request())
            assert upstream.opened == 0
        with pytest.raises(UpstreamFailed, match="timeout"):
            await upstream.send(request())
        assert upstream.opened == 0
        for filler in filling:
            filler.close()
