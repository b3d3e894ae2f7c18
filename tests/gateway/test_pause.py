"""Services that are stopped and killed in the middle of their work: processes of their own."""

import asyncio
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

from gateway.proxy.upstream import Member
from tests.gateway.doors import Opened, door
from tests.gateway.scripted import ok, scripted
from tests.gateway.waiting import until
from tests.ports import free_ports

SERVER = """
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
class Answer(BaseHTTPRequestHandler):
    protocol_version, wbufsize = "HTTP/1.1", -1
    def do_GET(self):
        self.send_response(200)
        self.send_header("content-length", "2")
        self.end_headers()
        self.wfile.write(b"{}")
    def log_message(self, *_): pass
ThreadingHTTPServer.allow_reuse_address = True
server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Answer)
print(server.server_port, flush=True)
server.serve_forever()
"""


@asynccontextmanager
async def service(port: int = 0) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    running = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", SERVER, str(port)), stdout=asyncio.subprocess.PIPE
    )
    assert running.stdout
    try:
        yield running, f"http://127.0.0.1:{int(await running.stdout.readline())}"
    finally:
        if running.returncode is None:
            running.kill()
            await running.wait()


async def overview(gate: Opened, within: int = 5_000) -> dict[str, Any]:
    headers = gate.bearer("overviews:read") | {"x-request-deadline": str(within)}
    async with asyncio.timeout(10):
        answer = await gate.http.get("/v1/overviews/jobs/M1607", headers=headers)
    assert answer.status_code == 200
    assert "exposure" in answer.json()
    body: dict[str, Any] = answer.json()
    return body


async def test_a_stopped_service_costs_its_part_then_rests_and_comes_back_by_itself(
    tmp_path: Path,
) -> None:
    """Acceptance G1, R-M5 and R-M6."""
    async with (
        service() as (running, url),
        scripted(ok(b"{}")) as others,
        door(
            tmp_path,
            {"training": url, "observatory": others.url, "diagnostic": others.url},
            slow_ms=100,
            failures_in_a_row=4,
            rest_ms=2_000,
        ) as gate,
    ):
        assert (await overview(gate))["unavailable"] == []
        running.send_signal(signal.SIGSTOP)
        seen = [(await overview(gate, within=1_000))["unavailable"] for _ in range(3)]
        assert {gap["part"] for gaps in seen for gap in gaps} == {"certifications", "sessions"}
        assert [{gap["reason"] for gap in gaps} for gaps in seen] == [
            {"timeout"},
            {"timeout"},
            {"resting"},
        ]
        assert all(gap["retry_after"] >= 1 for gaps in seen for gap in gaps)
        running.send_signal(signal.SIGCONT)

        async def is_whole() -> bool:
            return not (await overview(gate))["unavailable"]

        await until(is_whole)


def is_back(member: Member) -> bool:
    return member.breaker.closed and member.instance.opened > 0


async def test_instances_that_are_killed_one_after_the_other_cost_no_read(tmp_path: Path) -> None:
    """R-M13: a rolling restart in its rudest form, under load."""
    statuses: Counter[int] = Counter()

    async def load(gate: Opened) -> None:
        while True:
            statuses[(await gate.http.get("/v1/training/echo")).status_code] += 1

    ports = free_ports(2)
    peers = {
        "training": {
            "url": f"http://127.0.0.1:{ports[0]}",
            "replicas": [f"http://127.0.0.1:{ports[1]}"],
            "key": "k" * 32,
        }
    }
    async with AsyncExitStack() as stack:
        first, _ = await stack.enter_async_context(service(ports[0]))
        second, _ = await stack.enter_async_context(service(ports[1]))
        gate = await stack.enter_async_context(door(tmp_path, {}, peers=peers, eject_ms=100))
        workers = [asyncio.create_task(load(gate)) for _ in range(4)]
        upstream = gate.app.own.state.upstreams["training"]

        async def served(more: int) -> None:
            wanted = statuses.total() + more
            await until(lambda: statuses.total() >= wanted)

        for number, victim in enumerate((first, second)):
            await served(30)
            victim.kill()
            await victim.wait()
            await served(30)
            await stack.enter_async_context(service(ports[number]))
            await until(partial(is_back, upstream.members[number]))
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
    assert set(statuses) == {200}, statuses
