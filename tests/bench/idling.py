"""Ten thousand clients that asked once and keep their connection: what each of them costs.

`BENCH_IDLE` (10000) makes it more or fewer; the machine's limit of open files bounds it.
"""

import asyncio
import contextlib
import os
import resource

from rich.table import Table

from tests.bench.rounds import console
from tests.bench.stage import Stage

CLIENTS = int(os.environ.get("BENCH_IDLE", "10000"))
_STEPS = 5
_AT_ONCE = 100


class Client(asyncio.Protocol):
    """Asks once and stays; no streams, so that clients cost less than what they measure."""

    def __init__(self, request: bytes) -> None:
        self._request = request
        self.answered = asyncio.get_running_loop().create_future()
        self.is_gone = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        """Take the first bytes for the answer."""
        if not self.answered.done():
            self.answered.set_result(data.startswith(b"HTTP/1.1 200"))

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  # asyncio's signature
        """Note that the door closed it."""
        self.is_gone = True


async def idle_clients(stage: Stage) -> None:
    """Show what the door's memory grows by, per thousand idle keep-alive clients."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    wanted = min(CLIENTS, hard - 500)
    headers = "".join(f"{name}: {value}\r\n" for name, value in stage.at_the_door().items())
    path = "/v1/training/certifications/RNCP37827"
    request = f"GET {path} HTTP/1.1\r\nhost: 127.0.0.1\r\n{headers}\r\n".encode()
    clients: list[Client] = []
    loop = asyncio.get_running_loop()

    async def come() -> None:
        _, client = await loop.create_connection(
            lambda: Client(request), "127.0.0.1", stage.ports["gateway"]
        )
        clients.append(client)
        if not await client.answered:
            raise ConnectionError(path)

    table = Table(title="Idle keep-alive clients", title_justify="left")
    for column in ("clients", "door MB", "MB per thousand"):
        table.add_column(column, justify="right")
    for _ in range(_AT_ONCE):  # whatever the first requests load belongs to nobody
        await come()
    first, begun = stage.memory()["gateway"], len(clients)
    try:
        for step in range(1, _STEPS + 1):
            while len(clients) < wanted * step // _STEPS:
                await asyncio.gather(*(come() for _ in range(_AT_ONCE)))
            size = stage.memory()["gateway"]
            each = (size - first) / (len(clients) - begun) * 1000
            table.add_row(f"{len(clients):,}", f"{size:.0f}", f"{each:.1f}")
        kept = sum(not client.is_gone for client in clients)
    finally:
        for client in clients:
            with contextlib.suppress(AttributeError):
                client.transport.abort()
    console.print(table)
    console.print(f"{kept:,} of {len(clients):,} still connected")
