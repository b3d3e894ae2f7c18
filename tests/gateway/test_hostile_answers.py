"""G9, S-M19: services that answer badly cost little, are told of clearly, and are not reused."""

import asyncio
import contextlib
import gzip
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.gateway.doors import Opened, door
from tests.gateway.scripted import Answer, Received, Scripted, ok, scripted
from tests.gateway.test_streaming import MEGABYTE, PIECE, Rss
from tests.gateway.waiting import until

GIGABYTE = b"HTTP/1.1 200 OK\r\ncontent-length: 1000000000\r\n\r\n"
CHUNKED = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"


async def give_a_gigabyte(_: Received, writer: asyncio.StreamWriter) -> None:
    writer.write(GIGABYTE)
    with contextlib.suppress(ConnectionError):
        while not writer.is_closing():
            writer.write(PIECE)
            await writer.drain()


def dripping(head: bytes) -> Answer:
    async def drip(_: Received, writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        while not writer.is_closing():
            writer.write(b"x")
            await asyncio.sleep(0.02)

    return drip


@dataclass(frozen=True)
class Bad:
    """A door, and a service behind it that answers once what it is told to, then soundly."""

    gate: Opened
    training: Scripted

    def answers(self, answer: Answer) -> None:
        self.gate.app.own.state.upstreams["training"].close()
        self.training.answers = [answer, ok()]
        self.training.received.clear()
        self.training.connections = 0

    async def is_sound_again_on_another_connection(self) -> bool:
        await until(lambda: self.training.open_now == 0)
        answer = await self.gate.http.get("/v1/training/echo")
        return answer.text == "hello" and self.training.connections == 2


@pytest.fixture(scope="module")
async def bad(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Bad]:
    folder = tmp_path_factory.mktemp("bad")
    async with scripted(ok()) as training, door(folder, {"training": training.url}) as gate:
        yield Bad(gate, training)


async def test_a_gigabyte_passes_through_little_memory_and_stops_with_its_reader(bad: Bad) -> None:
    bad.answers(give_a_gigabyte)
    memory, passed = Rss(), 0
    async with bad.gate.http.stream("GET", "/v1/training/echo") as answer:
        async for piece in answer.aiter_raw():
            passed += len(piece)
            memory.sample()
            if passed > 100 * MEGABYTE:
                break
    assert memory.grown < 15
    assert await bad.is_sound_again_on_another_connection()


async def test_a_packed_answer_is_passed_on_as_it_is(bad: Bad) -> None:
    bomb = gzip.compress(bytes(50 * MEGABYTE))
    bad.answers(ok(bomb, b"content-encoding: gzip"))
    passed = b""
    async with bad.gate.http.stream("GET", "/v1/training/echo") as answer:
        assert answer.headers["content-encoding"] == "gzip"
        async for piece in answer.aiter_raw():
            passed += piece
    assert passed == bomb


async def test_an_overview_neither_unpacks_nor_swallows_what_is_too_much(
    tmp_path: Path,
) -> None:
    packed = ok(gzip.compress(bytes(20 * MEGABYTE)), b"content-encoding: gzip")
    async with (
        scripted(packed) as training,
        scripted(give_a_gigabyte) as observatory,
        door(tmp_path, {"training": training.url, "observatory": observatory.url}) as gate,
    ):
        memory = Rss()
        headers = gate.bearer("overviews:read")
        answer = await gate.http.get("/v1/overviews/jobs/M1607", headers=headers)
        memory.sample()
        assert answer.status_code == 503
        assert answer.json()["detail"].count("invalid") >= 2
        assert memory.grown < 15
        await until(lambda: observatory.open_now == 0)
        before = observatory.connections
        training.answers[0] = observatory.answers[0] = ok(b"{}")
        again = await gate.http.get("/v1/overviews/jobs/M1607", headers=headers)
        assert [one["part"] for one in again.json()["unavailable"]] == ["calls"]  # no diagnostic
        assert observatory.connections > before, "the one that gave too much is not used again"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    "where", [b"location: https://evil.example/\r\n", b"location: //e/\r\n", b""]
)
async def test_a_redirection_elsewhere_is_neither_followed_nor_passed_on(
    bad: Bad, status: int, where: bytes
) -> None:
    bad.answers(b"HTTP/1.1 %d Moved\r\n%bcontent-length: 0\r\n\r\n" % (status, where))
    answer = await bad.gate.http.get("/v1/training/echo")
    assert (answer.status_code, answer.json()["code"]) == (502, "upstream-invalid")
    assert "location" not in answer.headers
    assert len(bad.training.received) == 1


OK = b"HTTP/1.1 200 OK\r\n"
WRONG = {
    "more than told": (OK + b"content-length: 3\r\n\r\nabcdef", 200),
    "two lengths": (OK + b"content-length: 3\r\ncontent-length: 6\r\n\r\nabc", 502),
    "negative": (OK + b"content-length: -1\r\n\r\nabc", 502),
    "length and chunks": (CHUNKED[:-2] + b"content-length: 3\r\n\r\n0\r\n\r\n", 502),
    "a chunk past 64 bits": (CHUNKED + b"ffffffffffffffffff\r\n", 502),
    "headers without end": (OK + b"x-a: b\r\n" * 9_000, 502),
    "interim answers without end": (b"HTTP/1.1 100 Continue\r\n\r\n" * 9_000, 502),
    "a null in a header": (OK + b"\x00: b\r\n\r\n", 502),
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG.keys())
async def test_a_wrong_length_is_a_problem_or_the_end_of_the_connection(
    bad: Bad, wrong: tuple[bytes, int]
) -> None:
    raw, status = wrong
    bad.answers(raw)
    answer = await bad.gate.http.post("/v1/training/echo")
    assert answer.status_code == status
    assert (answer.text if status == 200 else answer.json()["code"]) in {"abc", "upstream-invalid"}
    assert await bad.is_sound_again_on_another_connection()


@pytest.mark.parametrize("head", [b"HTTP/1.1 200 OK\r\nx-slow: ", b"HTTP/1.1 200 O"])
async def test_headers_that_drip_end_at_the_deadline(bad: Bad, head: bytes) -> None:
    bad.answers(dripping(head))
    late = await bad.gate.http.post("/v1/training/echo", headers={"x-request-deadline": "200"})
    assert (late.status_code, late.json()["code"]) == (504, "upstream-timeout")
    assert await bad.is_sound_again_on_another_connection()


async def test_a_body_that_drips_is_cut_at_the_deadline(bad: Bad) -> None:
    bad.answers(dripping(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n"))
    raw = await bad.gate.raw(
        b"GET /v1/training/echo HTTP/1.1\r\nhost: a\r\nx-request-deadline: 1000\r\n\r\n"
    )
    assert b"content-length: 1000" in raw
    assert 1 < len(raw.partition(b"\r\n\r\n")[2]) < 100
    assert await bad.is_sound_again_on_another_connection()
