"""Clients that take their time to keep ours: each kind is ended, and told why where it can be."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gateway.resilience.crowd import Crowd, Patience
from platformkit import i18n, telemetry
from tests.gateway.doors import Opened, door
from tests.gateway.scripted import Received, Scripted, listening, ok, scripted
from tests.gateway.waiting import until

HEAD = b"POST /v1/training/echo HTTP/1.1\r\nhost: x\r\naccept-language: en\r\n"
CHUNKED = HEAD + b"transfer-encoding: chunked\r\n\r\n"


@pytest.fixture(scope="module")
async def training() -> AsyncIterator[Scripted]:
    async with scripted(ok()) as upstream:
        yield upstream


@pytest.fixture(scope="module")
async def hasty(
    training: Scripted, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Opened]:
    """Give a door with little patience."""
    folder = tmp_path_factory.mktemp("hasty")
    patience = {"head_ms": 300, "body_ms": 300, "read_ms": 300, "keep_alive_ms": 600}
    async with door(folder, {"training": training.url}, max_header_bytes=4_000, **patience) as gate:
        yield gate


async def drip(gate: Opened, first: bytes, piece: bytes, every: float = 0.05) -> bytes:
    """Send `first`, then `piece` again and again, until the door ends it; give what it said."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port(gate))
    writer.write(first)

    async def on() -> None:
        with contextlib.suppress(ConnectionError):
            while piece:
                writer.write(piece)
                await writer.drain()
                await asyncio.sleep(every)

    task = asyncio.create_task(on())
    got = b""
    try:
        async with asyncio.timeout(30):
            with contextlib.suppress(ConnectionError):
                while more := await reader.read(65_536):
                    got += more
    finally:
        task.cancel()
        writer.close()
    return got


def port(gate: Opened) -> int:
    return int(gate.url.rpartition(":")[2])


def refusal(raw: bytes) -> tuple[int, str]:
    head, _, body = raw.partition(b"\r\n\r\n")
    assert b"connection: close" in head
    problem = json.loads(body)
    assert problem["trace_id"].encode() in head
    return int(head.split()[1]), problem["code"]


SLOW = {
    "headers one by one": (HEAD, b"x-a: b\r\n", 0.05),
    "one byte of a header at a time": (HEAD + b"x-a: ", b"b", 0.05),
    "a request line that never ends": (b"GET /", b"a", 0.05),
    "a body without an end": (HEAD + b"content-length: 9000\r\n\r\n", b"a", 0.05),
    "chunks of a byte": (CHUNKED, b"1\r\na\r\n", 0.05),
    "a body that stops": (HEAD + b"content-length: 9\r\n\r\nabc", b"", 0.05),
}


@pytest.mark.parametrize("how", SLOW.values(), ids=SLOW.keys())
async def test_a_slow_request_is_ended_with_408(
    hasty: Opened, training: Scripted, how: tuple[bytes, bytes, float]
) -> None:
    assert refusal(await drip(hasty, *how)) == (408, "request-too-slow")
    await until(lambda: training.open_now == hasty.app.own.state.upstreams["training"].opened)
    assert (await hasty.http.get("/v1/training/echo")).status_code == 200


async def test_a_connection_that_never_asks_is_closed_without_a_word(hasty: Opened) -> None:
    assert await drip(hasty, b"", b"") == b""


@pytest.mark.parametrize("piece", [b"", b"\r\n"])
async def test_an_idle_connection_is_closed_even_if_it_sends_line_ends(
    hasty: Opened, piece: bytes
) -> None:
    got = await drip(hasty, b"GET /livez HTTP/1.1\r\nhost: x\r\n\r\n", piece, 0.1)
    assert got.startswith(b"HTTP/1.1 200")
    assert got.count(b"HTTP/1.1") == 1


ENDLESS = {
    "headers": (HEAD, b"x-a: %b\r\n" % (b"b" * 200), 431, "headers-too-large"),
    "a header": (HEAD + b"x-a: ", b"b" * 500, 431, "headers-too-large"),
    "a path": (b"GET /", b"a" * 500, 431, "headers-too-large"),
    "a query": (b"GET /v1/training/echo?a=", b"a" * 500, 431, "headers-too-large"),
    "a chunk's extension": (CHUNKED + b"1;a=", b"a" * 500, 400, "message-malformed"),
    "trailers": (CHUNKED + b"1\r\na\r\n0\r\n", b"x-a: b\r\n" * 60, 400, "message-malformed"),
}


@pytest.mark.parametrize("how", ENDLESS.values(), ids=ENDLESS.keys())
async def test_what_never_ends_is_refused_as_it_comes(
    hasty: Opened, how: tuple[bytes, bytes, int, str]
) -> None:
    first, piece, status, code = how
    assert refusal(await drip(hasty, first, piece, 0)) == (status, code)


async def test_trailers_are_no_headers(hasty: Opened, training: Scripted) -> None:
    raw = await hasty.raw(
        CHUNKED + b"1\r\na\r\n0\r\nhost: evil\r\nauthorization: Bearer x\r\nif-match: 1\r\n\r\n"
    )
    assert raw.startswith(b"HTTP/1.1 200")
    assert training.received[-1].header("if-match") == []


async def test_a_client_that_does_not_read_its_answer_is_cut(tmp_path: Path) -> None:
    async def give(_: Received, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 900000000\r\n\r\n")
        with contextlib.suppress(ConnectionError):
            while not writer.is_closing():
                writer.write(b"x" * 65_536)
                await writer.drain()

    async with (
        scripted(give) as training,
        door(tmp_path, {"training": training.url}, read_ms=300, head_ms=300) as gate,
    ):
        _, writer = await asyncio.open_connection("127.0.0.1", port(gate), limit=1000)
        writer.write(b"GET /v1/training/echo HTTP/1.1\r\nhost: x\r\n\r\n")
        await until(lambda: training.open_now == 1)
        await until(lambda: training.open_now == 0)
        writer.close()


async def test_an_upload_that_waits_for_us_is_not_slow(tmp_path: Path) -> None:
    """Neither while the service does not read, nor while the client awaits its `100 Continue`."""
    gate_ = asyncio.Event()

    async def later(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await gate_.wait()
        await reader.readuntil(b"\r\n\r\n")
        left = 3_000_000
        while left:
            left -= len(await reader.read(65_536))
        writer.write(ok())
        writer.close()

    async with (
        listening(later) as url,
        door(tmp_path, {"training": url}, body_ms=200, head_ms=200) as gate,
    ):
        upload = asyncio.create_task(gate.http.post("/v1/training/echo", content=b"x" * 3_000_000))
        await asyncio.sleep(0.8)
        assert not upload.done()
        gate_.set()
        assert (await upload).status_code == 200


async def test_whoever_goes_on_sending_what_was_refused_is_cut(hasty: Opened) -> None:
    first = b"POST /v1/none HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n"
    got = await drip(hasty, first, b"400\r\n" + b"a" * 1024 + b"\r\n", 0.001)
    assert got.startswith(b"HTTP/1.1 404")


async def test_a_connection_is_idle_too_when_its_answer_came_before_the_end_of_its_body(
    hasty: Opened,
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port(hasty))
    writer.write(b"POST /v1/none HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\n\r\n")
    assert (await reader.readuntil(b"\r\n")).startswith(b"HTTP/1.1 404")
    writer.write(b"abc")
    async with asyncio.timeout(30):
        await reader.read()
    writer.close()


async def test_requests_sent_all_at_once_are_bounded(hasty: Opened) -> None:
    one = b"GET /v1/training/echo HTTP/1.1\r\nhost: x\r\n\r\n"
    few = await drip(hasty, one * 10, b"")
    assert few.count(b"HTTP/1.1 200") == 10
    many = await drip(hasty, one * 5_000, b"")
    assert many.count(b"HTTP/1.1 200") <= 1
    assert b"HTTP/1.1 400" in many


class Idle:
    """A guest that only waits."""

    def __init__(self, since: float | None) -> None:
        self.idle_since = since
        self.dismissed = False

    def look(self, now: float) -> None:
        """Do nothing."""

    def dismiss(self) -> None:
        self.dismissed = True

    def turn_away(self) -> None:
        self.dismissed = True


def test_a_new_connection_takes_the_place_of_the_longest_idle_ones() -> None:
    crowd = Crowd(Patience(connections=40))
    guests = [Idle(float(number) if number % 2 else None) for number in range(40)]
    assert all(crowd.admit(guest) for guest in guests)
    assert crowd.admit(Idle(None))
    assert [guest.idle_since for guest in guests if guest.dismissed] == [1.0]
    busy = Crowd(Patience(connections=2))
    assert [busy.admit(Idle(None)) for _ in range(3)] == [True, True, False]


def test_of_those_before_a_full_door_the_first_goes_for_one_more() -> None:
    crowd = Crowd(Patience(connections=1))
    assert crowd.admit(Idle(None))
    before = [Idle(None) for _ in range(70)]
    assert not any(crowd.admit(guest) for guest in before)
    assert [guest.dismissed for guest in before] == [True] * 6 + [False] * 64
    assert crowd.refused == 6
    crowd.leave(before[-1])
    assert not crowd.admit(Idle(None))
    assert crowd.refused == 6, "it took the place of the one that left"


@pytest.mark.parametrize(
    ("files", "places"), [(20_000, 12_000), (4_096, 3_584), (600, 300), (1_000_000, 12_000)]
)
def test_the_connections_leave_files_for_the_services(files: int, places: int) -> None:
    crowd = Crowd(Patience(connections=12_000))
    crowd.fit(files)
    assert sum(crowd.admit(Idle(None)) for _ in range(12_500)) == places


async def test_one_connection_too_many_is_told_so(tmp_path: Path) -> None:
    async with (
        scripted(ok()) as training,
        door(tmp_path, {"training": training.url}, max_connections=3) as gate,
    ):
        half = b"GET /v1/training/echo HTTP/1.1\r\nhost"
        held = [await asyncio.open_connection("127.0.0.1", port(gate)) for _ in range(3)]
        for _, writer in held:
            writer.write(half)
        await until(lambda: len(gate.app.crowd.guests) == 3)
        await asyncio.sleep(0.05)
        asked = b"GET /v1/training/echo HTTP/1.1\r\nhost: x\r\n\r\n"
        assert refusal(await gate.raw(asked)) == (503, "too-many-connections")
        assert gate.app.crowd.refused == 1
        for path in (b"/livez", b"/version?x=1"):  # a supervisor that is turned away ends us
            raw = await gate.raw(asked.replace(b"/v1/training/echo", path))
            assert raw.startswith(b"HTTP/1.1 200" if path == b"/livez" else b"HTTP/1.1 400")
            assert b"connection: close" in raw
        assert not training.received
        malformed = [await asyncio.open_connection("127.0.0.1", port(gate)) for _ in range(70)]
        for _, writer in malformed:
            writer.write(b"nonsense\r\n\r\n")
        for reader, _ in malformed:
            assert (await reader.read()).count(b"content-length:") == 1
        raw = await gate.raw(asked.replace(b"/v1/training/echo", b"/livez"))
        assert raw.startswith(b"HTTP/1.1 200"), "none of those is told twice"
        for _, writer in malformed:
            writer.close()
        held[0][1].write(b": x\r\n\r\n")
        assert (await held[0][0].readuntil(b"\r\n")).startswith(b"HTTP/1.1 200")
        await until(lambda: any(guest.idle_since for guest in gate.app.crowd.guests))
        served = await gate.raw(b"GET /v1/training/echo HTTP/1.1\r\nhost: x\r\n\r\n")
        assert served.startswith(b"HTTP/1.1 200"), "the idle one made room"
        for _, writer in held:
            writer.close()


async def test_the_trace_of_a_refusal_is_not_that_of_what_comes_next(hasty: Opened) -> None:
    """Under uvloop, all connections share a context: its log lines named another's request."""
    before = telemetry.current(), i18n.language()
    reader, writer = await asyncio.open_connection("127.0.0.1", port(hasty))
    writer.write(HEAD)
    guests = hasty.app.crowd.guests
    await until(lambda: any(getattr(guest, "_pending", 0) for guest in guests))
    guest = next(guest for guest in guests if getattr(guest, "_pending", 0))
    guest.look(asyncio.get_running_loop().time() + 10)
    assert refusal(await reader.read()) == (408, "request-too-slow")
    assert (telemetry.current(), i18n.language()) == before
    writer.close()
