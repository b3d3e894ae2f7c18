"""The answer parser, fed by hand: any split of the bytes gives the same answer."""

import asyncio
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.proxy.exchange import MAX_HEAD, Exchange, UpstreamFailed

CHUNKED = (
    b'HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\nETag: "a"\r\n\r\n'
    b"5\r\nhello\r\n6;ext=1\r\n world\r\n0\r\nX-Trailer: t\r\n\r\n"
)
SOUND: list[tuple[str, bytes, int, bytes, bool]] = [
    ("GET", b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 200, b"hello", True),
    ("GET", CHUNKED, 201, b"hello world", True),
    ("HEAD", b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", 200, b"", True),
    ("HEAD", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", 200, b"", True),
    ("GET", b"HTTP/1.1 204 No Content\r\n\r\n", 204, b"", True),
    ("GET", b"HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", 304, b"", True),
    ("GET", b"HTTP/1.1 200 \r\nConnection: close\r\nContent-Length: 1\r\n\r\nh", 200, b"h", False),
    ("GET", b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi", 200, b"hi", False),
    (
        "POST",
        (
            b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
            b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"
        ),
        200,
        b"hi",
        True,
    ),
    ("GET", b"HTTP/1.1 200 OK\r\n\r\nuntil the end", 200, b"until the end", False),
]  # fmt: skip


class Wire:
    """Stands for a connection; notes what the exchange asks of it."""

    def __init__(self, *, reused: bool = False) -> None:
        self.loop = asyncio.get_running_loop()
        self.reused = reused
        self.kept: bool | None = None
        self.aborted = False
        self.paused = False

    def abort(self) -> None:
        self.aborted = True

    def pause(self) -> None:
        self.paused = True

    def resume(self) -> None:
        self.paused = False

    def finish(self, *, keep: bool) -> None:
        self.kept = keep


def start(method: str = "GET", *, reused: bool = False) -> tuple[Any, Exchange]:
    wire: Any = Wire(reused=reused)
    exchange = Exchange(wire, head_only=method == "HEAD")
    exchange.sent = True
    return wire, exchange


async def answer(
    method: str, pieces: list[bytes]
) -> tuple[int, list[tuple[bytes, bytes]], bytes, bool]:
    wire, exchange = start(method)
    for piece in pieces:
        exchange.feed(piece)
    exchange.ended()
    await exchange.headed()
    body = await exchange.read(1_000_000)
    exchange.close()
    return exchange.status, exchange.headers, body, wire.kept


@pytest.mark.parametrize(("method", "raw", "status", "body", "kept"), SOUND)
async def test_an_answer_split_at_any_one_byte_is_the_same_answer(
    method: str,
    raw: bytes,
    status: int,
    body: bytes,
    kept: bool,  # noqa: FBT001  # a table's column
) -> None:
    whole = await answer(method, [raw])
    assert (whole[0], whole[2], whole[3]) == (status, body, kept)
    for cut in range(1, len(raw)):
        assert await answer(method, [raw[:cut], raw[cut:]]) == whole
    assert await answer(method, [raw[i : i + 1] for i in range(len(raw))]) == whole


@given(st.data())
@settings(max_examples=200)
def test_an_answer_split_anyhow_is_the_same_answer(data: st.DataObject) -> None:
    method, raw, status, body, kept = data.draw(st.sampled_from(SOUND))
    cuts = sorted(data.draw(st.sets(st.integers(1, len(raw) - 1))))
    pieces = [raw[i:j] for i, j in zip([0, *cuts], [*cuts, len(raw)], strict=True)]
    got = asyncio.run(answer(method, pieces))
    assert (got[0], got[2], got[3]) == (status, body, kept)


@pytest.mark.parametrize(
    "raw",
    [
        b"\x16\x03\x01\x02\x00 not http at all",
        b"HTTP/1.1 200 OK\nContent-Length: 2\n\nhi",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nhi",
        b"HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\nhi",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
        b"HTTP/1.1 600 Odd\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 000 Odd\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX-Control: a\x7fb\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX-Split: a\r b\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX-Null: a\x00b\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X-Long: " + b"a" * MAX_HEAD,
        b"HTTP/1.1 100 Continue\r\n\r\n" * 4000,
    ],
)
async def test_what_is_not_a_sound_answer_is_invalid(raw: bytes) -> None:
    wire, exchange = start()
    exchange.feed(raw)
    with pytest.raises(UpstreamFailed, match="invalid"):
        await exchange.read(1_000_000)
    exchange.close()
    assert wire.aborted
    assert wire.kept is False


@given(st.binary(max_size=400))
@settings(max_examples=100)
def test_garbage_never_raises_into_the_event_loop(raw: bytes) -> None:
    async def run() -> None:
        _, exchange = start()
        exchange.feed(raw)
        exchange.ended()
        assert exchange.complete or exchange.failure is not None

    asyncio.run(run())


@pytest.mark.parametrize(
    "raw",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Le",
    ],
)
async def test_an_answer_cut_short_is_truncated(raw: bytes) -> None:
    _, exchange = start(reused=True)
    exchange.feed(raw)
    exchange.ended()
    with pytest.raises(UpstreamFailed, match="truncated") as caught:
        await exchange.read(1_000_000)
    assert not caught.value.stale


@pytest.mark.parametrize("reused", [True, False])
async def test_only_a_kept_connection_that_dies_before_its_first_byte_is_stale(
    *, reused: bool
) -> None:
    _, exchange = start(reused=reused)
    exchange.ended()
    with pytest.raises(UpstreamFailed) as caught:
        await exchange.headed()
    assert caught.value.stale is reused


@pytest.mark.parametrize(
    ("method", "stray"),
    [
        ("GET", b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
        ("GET", b"garbage"),
        ("HEAD", b"hello"),
    ],
)
async def test_bytes_after_the_answer_spoil_the_connection(method: str, stray: bytes) -> None:
    wire, exchange = start(method)
    exchange.feed(
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n" + b"hello" * (method == "GET") + stray
    )
    await exchange.headed()
    exchange.close()
    assert wire.kept is False


async def test_a_connection_is_not_kept_before_the_answer_is_read_whole() -> None:
    wire, exchange = start()
    exchange.feed(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello")
    exchange.close()
    assert wire.kept is False


async def test_a_slow_reader_pauses_the_upstream() -> None:
    wire, exchange = start()
    exchange.feed(b"HTTP/1.1 200 OK\r\nContent-Length: 9000000\r\n\r\n")
    exchange.feed(b"x" * 200_000)
    assert not wire.paused
    exchange.feed(b"x" * 200_000)
    assert wire.paused
    assert len(await exchange.chunk() or b"") == 400_000
    assert not wire.paused


async def test_a_body_larger_than_the_reader_accepts_is_invalid() -> None:
    wire, exchange = start()
    exchange.feed(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")
    with pytest.raises(UpstreamFailed, match="invalid"):
        await exchange.read(4)
    exchange.close()
    assert wire.kept is False
