"""Large bodies, slow readers, clients that leave: memory stays flat and the pool whole."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import psutil

from tests.gateway.doors import door
from tests.gateway.scripted import Received, listening, ok, scripted
from tests.gateway.waiting import until

MEGABYTE = 1_000_000
PIECE = b"x" * 50_000


class Rss:
    """Samples the memory of this process, in which client, gateway and upstream run."""

    def __init__(self) -> None:
        self._process = psutil.Process()
        self._start = self._process.memory_info().rss
        self._peak = self._start

    def sample(self) -> None:
        self._peak = max(self._peak, self._process.memory_info().rss)

    @property
    def grown(self) -> float:
        return (self._peak - self._start) / MEGABYTE


async def test_50_megabytes_come_down_in_flat_memory(tmp_path: Path) -> None:
    async def give(_: Received, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
        for _piece in range(1000):
            writer.write(b"%x\r\n%b\r\n" % (len(PIECE), PIECE))
            await writer.drain()
        writer.write(b"0\r\n\r\n")

    async with scripted(give) as training, door(tmp_path, {"training": training.url}) as gate:
        memory = Rss()
        passed = 0
        async with gate.http.stream("GET", "/v1/training/echo") as answer:
            async for piece in answer.aiter_raw():
                passed += len(piece)
                memory.sample()
        assert passed == 50 * MEGABYTE
        assert memory.grown < 15


async def test_200_megabytes_go_up_in_flat_memory(tmp_path: Path) -> None:
    """Acceptance G4; the refusal half-way is below."""
    memory: Rss | None = None
    swallowed = 0

    async def swallow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal swallowed
        await reader.readuntil(b"\r\n\r\n")
        while swallowed < 200 * MEGABYTE:
            swallowed += len(await reader.read(65536))
            if memory is not None:
                memory.sample()
        writer.write(ok())
        await writer.drain()
        writer.close()

    async def body() -> AsyncIterator[bytes]:
        for _ in range(4000):
            yield PIECE

    async with listening(swallow) as url, door(tmp_path, {"training": url}) as gate:
        memory = Rss()
        answer = await gate.http.put(
            "/v1/training/echo", content=body(), headers={"content-length": str(200 * MEGABYTE)}
        )
        assert answer.status_code == 200
        assert swallowed == 200 * MEGABYTE
        assert memory.grown < 15


async def test_a_client_that_does_not_read_stops_the_upstream(tmp_path: Path) -> None:
    written = 0

    async def give(_: Received, writer: asyncio.StreamWriter) -> None:
        nonlocal written
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % (200 * MEGABYTE))
        with contextlib.suppress(ConnectionError):
            while written < 200 * MEGABYTE:
                writer.write(PIECE)
                await writer.drain()
                written += len(PIECE)

    async with scripted(give) as training, door(tmp_path, {"training": training.url}) as gate:
        port = int(gate.url.rpartition(":")[2])
        _, writer = await asyncio.open_connection("127.0.0.1", port, limit=1000)
        writer.write(b"GET /v1/training/echo HTTP/1.1\r\nhost: x\r\n\r\n")
        held = -1
        while held != written:  # until nothing moves
            held = written
            await asyncio.sleep(0.3)
        assert 0 < held < 30 * MEGABYTE
        writer.transport.abort()
        await until(lambda: training.open_now == 0)


async def test_an_upstream_that_does_not_read_stops_the_client(tmp_path: Path) -> None:
    async def ignore(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        reader._transport.pause_reading()  # type: ignore[attr-defined]  # asyncio's own
        await asyncio.sleep(2)
        writer.close()

    async with listening(ignore) as url, door(tmp_path, {"training": url}) as gate:
        port = int(gate.url.rpartition(":")[2])
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(
            b"PUT /v1/training/echo HTTP/1.1\r\nhost: x\r\ncontent-length: %d\r\n\r\n"
            % (100 * MEGABYTE)
        )
        sent = 0
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(0.5):
                while sent < 100 * MEGABYTE:
                    writer.write(PIECE)
                    await writer.drain()
                    sent += len(PIECE)
        assert sent < 30 * MEGABYTE
        writer.transport.abort()


async def test_a_refusal_half_way_through_an_upload_reaches_the_client(tmp_path: Path) -> None:
    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        await reader.readexactly(MEGABYTE)
        writer.write(b"HTTP/1.1 413 Too Large\r\ncontent-length: 7\r\n\r\nrefused")
        await writer.drain()
        with contextlib.suppress(ConnectionError):
            while await reader.read(65536):
                pass
        writer.close()

    async def body() -> AsyncIterator[bytes]:
        for _ in range(1000):
            yield PIECE

    async with listening(refuse) as url, door(tmp_path, {"training": url}) as gate:
        answer = await gate.http.put("/v1/training/echo", content=body())
        assert (answer.status_code, answer.text) == (413, "refused")


async def test_the_upstream_learns_that_the_client_left(tmp_path: Path) -> None:
    async def slow(_: Received, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(30)
        writer.write(ok())

    async with scripted(slow) as training, door(tmp_path, {"training": training.url}) as gate:
        port = int(gate.url.rpartition(":")[2])
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /v1/training/echo HTTP/1.1\r\nhost: x\r\n\r\n")
        await until(lambda: training.open_now == 1)
        writer.close()
        upstream = gate.app.own.state.upstreams["training"]
        await until(lambda: upstream.opened == 0)


async def test_a_client_that_leaves_in_the_middle_of_its_upload_ends_it(tmp_path: Path) -> None:
    seen = asyncio.Event()

    async def read(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        while await reader.read(1000):
            pass
        seen.set()
        writer.close()

    async with listening(read) as url, door(tmp_path, {"training": url}) as gate:
        port = int(gate.url.rpartition(":")[2])
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"PUT /v1/training/echo HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\nabc")
        await asyncio.sleep(0.1)
        writer.close()
        async with asyncio.timeout(30):
            await seen.wait()


async def test_a_storm_of_clients_that_leave_leaves_the_door_whole(tmp_path: Path) -> None:
    """Acceptance G2: 2,400 calls given up, then 10 at once succeed."""

    async def slow(_: Received, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.2)
        writer.write(ok())

    async with (
        scripted(slow) as training,
        door(tmp_path, {"training": training.url}, upstream_connections=10) as gate,
    ):
        port = int(gate.url.rpartition(":")[2])

        async def leave(number: int) -> None:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"GET /v1/training/echo HTTP/1.1\r\nhost: x\r\n\r\n")
            await asyncio.sleep(0.001 * (number % 100))
            writer.transport.abort()

        for _ in range(12):
            await asyncio.gather(*(leave(number) for number in range(200)))
        upstream = gate.app.own.state.upstreams["training"]
        await until(lambda: upstream.opened <= 10)
        async with httpx.AsyncClient(base_url=gate.url, timeout=30) as http:
            answers = await asyncio.gather(*(http.get("/v1/training/echo") for _ in range(10)))
        assert [answer.status_code for answer in answers] == [200] * 10
