"""What the door does with the answers of its upstreams: sound, cut, late or nonsense."""

import asyncio
from pathlib import Path

import pytest

from tests.gateway.doors import door
from tests.gateway.scripted import Received, ok, scripted


@pytest.mark.parametrize(
    ("answer", "status", "code"),
    [
        (b"garbage\r\n\r\n", 502, "upstream-invalid"),
        (ok(b"hello", b"connection: close")[:-5], 502, "upstream-invalid"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"a" * 100_000, 502, "upstream-invalid"),
        (b"HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\n\r\n", 502, "upstream-invalid"),
        (b"", 504, "upstream-timeout"),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n", 504, "upstream-timeout"),
    ],
)  # fmt: skip
async def test_an_unusable_answer_is_a_problem_and_the_connection_is_not_reused(
    tmp_path: Path, answer: bytes, status: int, code: str
) -> None:
    async with (
        scripted(answer, ok()) as training,
        door(tmp_path, {"training": training.url}) as gate,
    ):
        headers = {"x-request-deadline": "200"} if status == 504 else {}
        got = await gate.http.get("/v1/training/echo", headers=headers)
        assert (got.status_code, got.json()["code"]) == (status, code)
        assert (await gate.http.get("/v1/training/echo")).status_code == 200
        assert training.connections == 2


async def test_an_answer_cut_in_the_middle_is_cut_for_the_client_too(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def cut(_: Received, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 500000\r\n\r\n" + b"x" * 400_000)
        await writer.drain()
        await asyncio.sleep(0.2)
        writer.transport.abort()

    async with scripted(cut) as training, door(tmp_path, {"training": training.url}) as gate:
        raw = await gate.raw(b"GET /v1/training/echo HTTP/1.1\r\nhost: x\r\n\r\n")
        assert raw.startswith(b"HTTP/1.1 200")
        assert len(raw) < 500_000
    assert any(record.getMessage() == "answer cut" for record in caplog.records)


async def test_the_deadline_travels_and_shrinks(tmp_path: Path) -> None:
    async with scripted(ok()) as training, door(tmp_path, {"training": training.url}) as gate:
        await gate.http.get("/v1/training/echo", headers={"x-request-deadline": "15000"})
        await gate.http.get("/v1/training/echo", headers={"x-request-deadline": "soon"})
        told, default = (int(seen.header("x-request-deadline")[0]) for seen in training.received)
        assert 5_000 <= told <= 15_000
        assert default > 15_000


@pytest.mark.parametrize("status", [b"204 No Content", b"304 Not Modified"])
async def test_an_answer_without_body_keeps_its_status(tmp_path: Path, status: bytes) -> None:
    made = b'HTTP/1.1 %b\r\netag: "1"\r\ncontent-length: 9\r\n\r\n' % status
    if status.startswith(b"204"):
        made = made.replace(b"content-length: 9\r\n", b"")
    async with scripted(made) as training, door(tmp_path, {"training": training.url}) as gate:
        answer = await gate.http.get("/v1/training/echo")
        assert answer.status_code == int(status[:3])
        assert answer.headers["etag"] == '"1"'


async def test_the_expectation_of_a_large_upload_is_answered_by_the_door(tmp_path: Path) -> None:
    async with scripted(ok()) as training, door(tmp_path, {"training": training.url}) as gate:
        port = int(gate.url.rpartition(":")[2])
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(
            b"PUT /v1/training/echo HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\n"
            b"content-length: 3\r\n\r\n"
        )
        assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 100")
        writer.write(b"abc")
        assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200")
        writer.close()
        assert training.received[0].body == b"abc"
        assert training.received[0].header("expect") == []
