"""`@fastify/http-proxy` as the reference of a hop, installed as its lock file says."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.node import installed
from tests.ports import free_ports

REFERENCE = Path(__file__).parent / "reference"


@asynccontextmanager
async def proxy(upstream: int) -> AsyncIterator[str | None]:
    """Run it in front of the port and yield its address, or None where node is not or npm fails."""
    node = installed(REFERENCE)
    if node is None:
        yield None
        return
    (port,) = free_ports(1)
    process = await asyncio.create_subprocess_exec(
        *(node, "proxy.mjs", str(port), f"http://127.0.0.1:{upstream}"),
        cwd=REFERENCE,
        env={"NODE_ENV": "production"},
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        await process.stdout.readline()
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        await process.wait()
