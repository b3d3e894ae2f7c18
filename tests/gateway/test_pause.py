"""A service that is stopped in the middle of its work: a process of its own, and SIGSTOP."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from tests.gateway.doors import Opened, door
from tests.gateway.scripted import ok, scripted
from tests.gateway.waiting import until

SERVER = """
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
class Answer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_GET(self):
        self.send_response(200)
        self.send_header("content-length", "2")
        self.end_headers()
        self.wfile.write(b"{}")
    def log_message(self, *_): pass
server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
print(server.server_port, flush=True)
server.serve_forever()
"""


@asynccontextmanager
async def service() -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    running = await asyncio.create_subprocess_exec(
        sys.executable, "-c", SERVER, stdout=asyncio.subprocess.PIPE
    )
    assert running.stdout
    try:
        yield running, f"http://127.0.0.1:{int(await running.stdout.readline())}"
    finally:
        running.kill()
        await running.wait()


async def overview(gate: Opened) -> dict[str, Any]:
    headers = gate.bearer("overviews:read") | {"x-request-deadline": "500"}
    async with asyncio.timeout(2):
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
        scripted(ok(b"{}")) as observatory,
        door(
            tmp_path,
            {"training": url, "observatory": observatory.url},
            slow_ms=100,
            failures_in_a_row=3,
            rest_ms=300,
        ) as gate,
    ):
        assert (await overview(gate))["unavailable"] == []
        running.send_signal(signal.SIGSTOP)
        gaps = [(await overview(gate))["unavailable"] for _ in range(4)]
        assert [gap["reason"] for (gap,) in gaps] == ["timeout", "timeout", "timeout", "resting"]
        assert {gap["part"] for (gap,) in gaps} == {"certifications"}
        assert all(gap["retry_after"] >= 1 for (gap,) in gaps)
        running.send_signal(signal.SIGCONT)

        async def is_whole() -> bool:
            return not (await overview(gate))["unavailable"]

        await until(is_whole)
