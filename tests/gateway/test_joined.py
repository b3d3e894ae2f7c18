"""What an answer is written to: head and body together where they come together."""

import asyncio
from typing import Any

import pytest
import uvicorn
from starlette.responses import PlainTextResponse
from uvicorn.server import ServerState

from platformkit.joined import Joined, Protocol
from tests.gateway.doors import Opened


class Written(asyncio.Transport):
    """Notes what it is asked to do."""

    def __init__(self) -> None:
        super().__init__()
        self.deeds: list[bytes] = []

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.deeds.append(bytes(data))

    def close(self) -> None:
        self.deeds.append(b"closed")

    def is_closing(self) -> bool:
        return b"closed" in self.deeds


@pytest.fixture
async def opened() -> tuple[Joined, list[bytes]]:
    transport = Written()
    loop = asyncio.get_running_loop()
    return Joined(transport, loop, lambda: transport.write(b"done")), transport.deeds


async def test_head_and_body_are_one_write(opened: tuple[Joined, list[bytes]]) -> None:
    joined, deeds = opened
    joined.write(b"head ")
    joined.write(b"body")
    joined.write(b"more")
    await asyncio.sleep(0)
    assert deeds == [b"head body", b"more"]


async def test_a_head_waits_for_nobody_beyond_the_turn_of_the_loop(
    opened: tuple[Joined, list[bytes]],
) -> None:
    joined, deeds = opened
    joined.write(b"head")
    assert deeds == []
    await asyncio.sleep(0)
    assert deeds == [b"head"]
    joined.write(b"body")
    assert deeds == [b"head", b"body"]


async def test_all_is_written_before_the_answer_ends(opened: tuple[Joined, list[bytes]]) -> None:
    joined, deeds = opened
    joined.write(b"head of a HEAD")
    assert not joined.is_closing()
    joined.complete()
    joined.close()
    assert joined.is_closing()
    await asyncio.sleep(0)
    assert deeds == [b"head of a HEAD", b"done", b"closed"]


async def test_what_is_written_is_written_before_it_closes(
    opened: tuple[Joined, list[bytes]],
) -> None:
    joined, deeds = opened
    joined.write(b"head")
    joined.close()
    assert deeds == [b"head", b"closed"]


async def test_the_door_writes_so(gate: Opened) -> None:
    """As uvicorn makes the answers, this is between it and its transport."""
    port = int(gate.url.rpartition(":")[2])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET /v1/training/echo HTTP/1.1\r\nhost: x\r\n\r\n")
    await reader.readuntil(b"hello")
    cycles = [getattr(one, "cycle", None) for one in gate.app.crowd.guests]
    assert any(cycle is not None and isinstance(cycle.transport, Joined) for cycle in cycles)
    writer.close()


async def test_a_service_writes_so() -> None:
    config = uvicorn.Config(PlainTextResponse("hello"), access_log=False, log_config=None)
    transport, state = Written(), ServerState()
    service: Any = Protocol(config, state, {})
    service.connection_made(transport)
    for asked in (1, 2):
        service.data_received(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
        await asyncio.gather(*state.tasks)
        assert len(transport.deeds) == asked
        assert transport.deeds[-1].endswith(b"\r\n\r\nhello")
