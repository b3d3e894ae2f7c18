"""SIGTERM on a real process, served as the image serves it."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from tests.gateway.doors import DOCUMENT, PEM, UPSTREAM_KEY
from tests.gateway.scripted import Received, ok, scripted
from tests.gateway.waiting import until
from tests.ports import free_ports

ASK = b"GET /v1/training/echo%b HTTP/1.1\r\nhost: x\r\n\r\n"


@asynccontextmanager
async def process(
    folder: Path, upstream: str
) -> AsyncIterator[tuple[asyncio.subprocess.Process, int]]:
    """Run a gateway that drains for 0.6 s and then grants its last requests one second."""
    document = folder / "openapi.json"
    document.write_text(json.dumps(DOCUMENT))
    (port,) = free_ports(1)
    told = {
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:9/none",
        "SECRET_KEY": "test",
        "SIGNING_KEY": PEM,
        "OPENAPI_PATH": str(document),
        "PEERS": json.dumps({"training": {"url": upstream, "key": UPSTREAM_KEY}}),
        "DRAIN_MS": "600",
        "LOG_LEVEL": "WARNING",
    }
    running = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "uvicorn", "--factory", "gateway.main:create_app"),
        *("--http", "gateway.server:Protocol", "--loop", "uvloop", "--port", str(port)),
        *("--no-access-log", "--no-proxy-headers", "--timeout-graceful-shutdown", "1"),
        env={**os.environ, **{f"GATEWAY_{name}": value for name, value in told.items()}},
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        await until(lambda: listens(port), seconds=120)
        yield running, port
    finally:
        if running.returncode is None:
            running.kill()
        await running.wait()


async def listens(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True


async def ask(port: int, name: bytes) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(ASK % name)
    return reader, writer


async def test_it_leaves_in_good_order_and_in_bounded_time(tmp_path: Path) -> None:
    """R-M10: not ready first, told `Connection: close`, what is in flight ends, nothing hangs."""
    gate = asyncio.Event()

    async def by_name(request: Received, writer: asyncio.StreamWriter) -> None:
        if request.target.endswith("slow"):
            await gate.wait()
        elif request.target.endswith("never"):
            await asyncio.sleep(30)
        writer.write(ok())

    async with scripted(by_name) as training, process(tmp_path, training.url) as (running, port):
        kept_reader, kept = await ask(port, b"")
        assert b"connection: close" not in await kept_reader.readuntil(b"\r\n\r\nhello")
        slow_reader, slow = await ask(port, b"/slow")
        never_reader, never = await ask(port, b"/never")
        await until(lambda: len(training.received) == 3)

        running.send_signal(signal.SIGTERM)
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:

            async def is_draining() -> bool:
                return (await http.get("/readyz")).text == '{"status":"draining"}'

            await until(is_draining)
            ready = await http.get("/readyz")
            assert (ready.status_code, ready.headers["connection"]) == (503, "close")
            assert (await http.get("/livez")).status_code == 200
            served = await http.get("/v1/training/echo")
            assert (served.text, served.headers["connection"]) == ("hello", "close")
        kept.write(ASK % b"")
        assert b"connection: close" in await kept_reader.read()

        async def is_closed() -> bool:
            return not await listens(port)

        await until(is_closed)
        assert running.returncode is None
        gate.set()
        last = await slow_reader.read()
        assert last.startswith(b"HTTP/1.1 200")
        assert b"connection: close" in last
        async with asyncio.timeout(30):
            assert await running.wait() == -signal.SIGTERM
            await never_reader.read()
        for writer in (kept, slow, never):
            writer.close()
