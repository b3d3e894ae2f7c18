"""Reads whose headers are known: sent on and answered without the chain, as it would."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from gateway.plans import AddressRates
from tests.gateway.doors import Opened, door
from tests.gateway.scripted import Answer, Received, Scripted, ok, scripted
from tests.gateway.test_repeats import PARENT, Line, get, placed, same, status, traced
from tests.gateway.waiting import until

THINGS = "/v1/diagnostic/things/{}"
ECHO = "/v1/training/echo/{}"


class Straights:
    """A gateway, and the one service behind it."""

    def __init__(self, gate: Opened, upstream: Scripted) -> None:
        self.gate, self.upstream = gate, upstream
        self.bearer = f"authorization: Bearer {gate.token('diagnostic:read')}"
        self._turn = 0

    @property
    def count(self) -> int:
        return self.gate.app.straight.answered

    @property
    def inside(self) -> int:
        inside: int = self.gate.app.own.state.load.inside
        return inside

    def answers(self, *answers: Answer) -> None:
        """Let the service give these from now on."""
        self.upstream.received.clear()
        self.upstream.answers[:] = answers

    @asynccontextmanager
    async def line(self, *lines: str, template: str = THINGS) -> AsyncIterator[Line]:
        """Open a connection whose way of asking is known."""
        port = int(self.gate.url.rpartition(":")[2])
        line = Line(*await asyncio.open_connection("127.0.0.1", port))
        try:
            given = list(self.upstream.answers)
            self.answers(ok())
            for name in ("learnt", "known"):
                before = self.count
                await line.ask(get(template.format(name), *lines))
            assert self.count == before + 1
            self.answers(*given)
            yield line
        finally:
            line.writer.close()


@pytest.fixture(scope="module")
async def opened(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Straights]:
    folder: Path = tmp_path_factory.mktemp("straight")
    async with (
        scripted(ok()) as upstream,
        door(folder, {"training": upstream.url, "diagnostic": upstream.url}) as gate,
    ):
        yield Straights(gate, upstream)


@pytest.fixture
async def through(opened: Straights) -> AsyncIterator[Straights]:
    opened.answers(ok())
    yield opened
    await until(lambda: opened.inside == 0)
    upstream = opened.gate.app.own.state.upstreams["diagnostic"]
    assert upstream.breaker.closed
    assert all(member.instance.in_use == 0 for member in upstream.members)


def answer(first: bytes, *lines: bytes, body: bytes = b"") -> bytes:
    return b"\r\n".join([b"HTTP/1.1 " + first, *lines]) + b"\r\n\r\n" + body


ANSWERS: dict[str, Answer] = {
    "plain": ok(),
    "kept nowhere": ok(b"{}", b"cache-control: no-store", b"date: x", b"server: y"),
    "empty": answer(b"200 OK", b"content-length: 0"),
    "no content": answer(b"204 No Content"),
    "not modified": answer(b"304 Not Modified", b'etag: "1"', b"content-length: 5"),
    "moved here": answer(b"303 See Other", b"location: /v1/things/9", b"content-length: 0"),
    "linked": ok(b"hello", b'link: </v1/things?after=9>; rel="next"'),
    "not found": answer(b"404 Not Found", b"content-length: 2", body=b"{}"),
    "broken": answer(b"500 Internal Server Error", b"content-length: 2", body=b"{}"),
    "of this hop": ok(b"hello", b"connection: keep-alive, x-own", b"x-own: 1", b"x-other: 2"),
    "says how": ok(b"hello", b"referrer-policy: origin", b"cache-control: private"),
    "in two": [answer(b"200 OK", b"content-length: 5"), b"hello"],
    "and is left": ok(b"hello", b"connection: close"),
}


@pytest.mark.parametrize("name", ANSWERS)
@pytest.mark.parametrize("template", [THINGS, ECHO])
async def test_the_answer_is_that_of_the_chain_byte_for_byte(
    through: Straights, name: str, template: str
) -> None:
    lines = ["accept: */*", "range: bytes=0-", through.bearer]
    head = get(template.format("a.b~c_d-1?x=%C3%A9&y=1"), *lines)
    through.answers(ANSWERS[name])
    async with through.line(*lines, template=template) as line:
        before = through.count
        straight = await line.ask(head)
        assert through.count == before + 1
        by_the_chain = await line.ask_in_pieces(head)
        assert through.count == before + 1
    assert same(straight) == same(by_the_chain)
    names = [re.findall(rb"^([\w-]+):", one, re.MULTILINE) for one in (straight, by_the_chain)]
    assert names[0] == names[1]
    ours, theirs = through.upstream.received
    assert (ours.method, ours.target) == (theirs.method, theirs.target)
    told = [
        [(key, value) for key, value in one.headers if key != "traceparent"]
        for one in (ours, theirs)
    ]
    assert [key for key, _ in ours.headers] == [key for key, _ in theirs.headers]
    for one in told:
        assert one.pop()[0] == "x-request-deadline"
    assert told[0] == told[1]


async def test_another_address_is_no_other_way_of_asking(through: Straights) -> None:
    async with through.line(through.bearer) as line:
        before = through.count
        for number in range(5):
            assert status(await line.ask(get(THINGS.format(number), through.bearer))) == 200
        assert through.count == before + 5
    seen = [one.target for one in through.upstream.received]
    assert seen == [f"/v1/things/{number}" for number in range(5)]


@pytest.mark.parametrize(
    "first",
    [
        "/v1/diagnostic/things/a%20b",
        "/v1/diagnostic/things/../things/1",
        "/v1/diagnostic//things/1",
        "/v1/diagnostic/things/1#x",
        "/v1/nothing",
        "/v1/api-keys",
        "http://x/v1/diagnostic/things/1",
        "/v1/training/echo/open",
    ],
)
async def test_what_has_more_than_one_reading_or_is_ours_is_the_chains(
    through: Straights, first: str
) -> None:
    async with through.line(through.bearer) as line:
        before = through.count
        at_once = await line.ask(get(first, through.bearer))
        assert through.count == before
    async with through.line(through.bearer) as line:
        assert status(await line.ask_in_pieces(get(first, through.bearer))) == status(at_once)


@pytest.mark.parametrize(
    "line",
    [
        "origin: https://page.example",
        "expect: 100-continue",
        "content-length: 0",
        "connection: close",
        "accept: application/json; version=1",
        "x-request-id: a b",
        "baggage: a\r\nbaggage: b",
        "x-long: " + "x" * 4_096,
    ],
)
async def test_what_has_a_meaning_of_its_own_is_not_learnt(through: Straights, line: str) -> None:
    for _ in range(3):
        async with through.line(through.bearer) as opened:
            before = through.count
            await opened.ask(get(THINGS.format(1), through.bearer, line))
            assert through.count == before


@pytest.mark.parametrize("method", ["HEAD", "DELETE", "OPTIONS"])
async def test_other_methods_are_the_chains(through: Straights, method: str) -> None:
    async with through.line(through.bearer) as line:
        before = through.count
        head = get(THINGS.format(1), through.bearer, method=method)
        line.writer.write(head)
        await line.answer(has_body=method != "HEAD")
        assert through.count == before


async def test_open_data_that_the_cache_may_keep_is_asked_for_by_it(through: Straights) -> None:
    kept = ok(b"kept", b"cache-control: public, max-age=60")
    async with through.line("accept: a/b", "range: bytes=0-", template=ECHO) as line:
        through.answers(kept)
        before = through.count
        assert b"vigie; fwd=uri-miss" in await line.ask(get(ECHO.format("new"), "accept: a/b"))
        assert through.count == before


async def test_a_caller_is_asked_for_anew_each_time(through: Straights) -> None:
    verifier = through.gate.app.own.state.verifier
    head = get(THINGS.format(1), through.bearer)
    async with through.line(through.bearer) as line:
        keys = verifier._keys
        verifier.trust(replace(keys, by_kid={}))
        try:
            assert status(await line.ask(head)) == 401
        finally:
            verifier.trust(keys)
        assert status(await line.ask(head)) == 200


async def test_who_may_not_is_told_by_the_chain(through: Straights) -> None:
    lines = "range: bytes=0-", f"authorization: Bearer {through.gate.token('training:read')}"
    async with through.line(*lines, template=ECHO) as line:
        assert status(await line.ask(get(THINGS.format(1), *lines))) == 403


async def test_every_request_counts_once(tmp_path: Path) -> None:
    rates = AddressRates(read=6)
    async with (
        scripted(ok()) as upstream,
        door(tmp_path, {"training": upstream.url}, address_rates=rates, rate_factor=1) as gate,
    ):
        through = Straights(gate, upstream)
        async with through.line("range: bytes=0-", template=ECHO) as line:
            head = get(ECHO.format(1), "range: bytes=0-")
            answers = [await line.ask(head) for _ in range(5)]
        assert [status(one) for one in answers] == [200, 200, 200, 200, 429]
        left = [re.search(rb"ratelimit-remaining: (\d+)", one) for one in answers]
        assert [int(found[1]) for found in left if found] == [3, 2, 1, 0, 0]


async def test_a_full_door_is_full_for_them_too(through: Straights) -> None:
    load = through.gate.app.own.state.load
    async with through.line(through.bearer) as line:
        inside, load.inside = load.inside, load._most
        try:
            assert status(await line.ask(get(THINGS.format(1), through.bearer))) == 503
        finally:
            load.inside = inside


@pytest.mark.parametrize("knows", [True, False])
async def test_it_joins_the_trace_that_it_names(through: Straights, *, knows: bool) -> None:
    seen, provider = InMemorySpanExporter(), TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(seen))
    lines = ["range: bytes=0-", *([through.bearer] if knows else [])]
    head = get(ECHO.format(1), f"traceparent: {PARENT % 0xAF}", *lines)
    async with through.line(*lines, template=ECHO) as line:
        through.gate.app.own.state.exporters.tracer = provider.get_tracer("test")
        try:
            before = through.count
            straight = await line.ask(head)
            assert through.count == before + 1
            by_the_chain = await line.ask_in_pieces(head)
        finally:
            through.gate.app.own.state.exporters.tracer = None
    ours, theirs = seen.get_finished_spans()
    assert placed(ours) == placed(theirs)
    told = [one.header("traceparent")[0][3:52] for one in through.upstream.received]
    assert told == ["-".join(traced(one)) for one in (straight, by_the_chain)]


# What the chain goes on with


@pytest.fixture
async def line(through: Straights) -> AsyncIterator[Line]:
    async with through.line(through.bearer) as line:
        yield line


async def test_a_service_that_says_later_is_asked_again(through: Straights, line: Line) -> None:
    busy = answer(b"503 Service Unavailable", b"retry-after: 0", b"content-length: 0")
    through.answers(busy, ok())
    before = through.count
    assert status(await line.ask(get(THINGS.format(1), through.bearer))) == 200
    assert (through.count, len(through.upstream.received)) == (before, 2)


async def test_what_is_large_or_has_no_length_streams(through: Straights, line: Line) -> None:
    head = answer(b"200 OK", b"content-length: 1000000")
    through.answers([head, b"x" * 500_000, b"x" * 500_000])
    assert (await line.ask(get(THINGS.format(1), through.bearer))).endswith(b"x" * 1_000_000)
    chunked = answer(b"200 OK", b"transfer-encoding: chunked")
    through.answers([chunked, b"5\r\nhello\r\n", b"0\r\n\r\n"])
    line.writer.write(get(THINGS.format(2), through.bearer))
    got = await line.reader.readuntil(b"0\r\n\r\n")
    assert b"transfer-encoding: chunked" in got
    assert b"5\r\nhello\r\n" in got


async def test_an_end_that_is_late_is_waited_for_until_its_time_is_over(
    through: Straights, line: Line
) -> None:
    async def halt(_: Received, writer: asyncio.StreamWriter) -> None:
        writer.write(answer(b"200 OK", b"content-length: 10", body=b"hel"))
        await asyncio.sleep(5)

    through.answers(halt)
    head = get(THINGS.format(1), through.bearer, "x-request-deadline: 1000")
    line.writer.write(head)
    async with asyncio.timeout(4):
        got = await line.reader.read()
    assert status(got) == 200
    assert got.endswith(b"\r\n\r\nhel")  # cut, as the chain cuts it


async def test_a_kept_connection_that_had_died_costs_nothing(
    through: Straights, line: Line
) -> None:
    async def die(_: Received, writer: asyncio.StreamWriter) -> None:
        writer.close()

    through.answers(die, ok())
    assert status(await line.ask(get(THINGS.format(1), through.bearer))) == 200
    assert len(through.upstream.received) == 2


async def test_what_fails_is_told_as_by_the_chain(through: Straights, line: Line) -> None:
    head = get(THINGS.format(1), through.bearer)
    through.answers(b"nonsense\r\n\r\n")
    straight = await line.ask(head)
    assert status(straight) == status(await line.ask_in_pieces(head)) == 502
    away = answer(b"302 Found", b"location: https://elsewhere.example/", b"content-length: 0")
    through.answers(away)
    straight = await line.ask(head)
    assert (
        same(straight).partition(b"\r\n\r\n")[0]
        == same(await line.ask_in_pieces(head)).partition(b"\r\n\r\n")[0]
    )


async def test_time_that_is_over_is_told(through: Straights, line: Line) -> None:
    async def never(_: Received, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(1)
        writer.close()

    through.answers(never)
    head = get(THINGS.format(1), through.bearer, "x-request-deadline: 50")
    assert status(await line.ask(head)) == 504


async def test_what_follows_waits_its_turn(through: Straights, line: Line) -> None:
    gate = asyncio.Event()

    async def wait(_: Received, writer: asyncio.StreamWriter) -> None:
        await gate.wait()
        writer.write(ok(b"first"))

    through.answers(wait, ok(b"second"))
    line.writer.write(get(THINGS.format(1), through.bearer))
    await until(lambda: len(through.upstream.received) == 1)
    line.writer.write(get(THINGS.format(2), through.bearer))
    await asyncio.sleep(0.05)
    gate.set()
    assert (await line.answer()).endswith(b"first")
    assert (await line.answer()).endswith(b"second")
    assert [one.target for one in through.upstream.received] == ["/v1/things/1", "/v1/things/2"]


@pytest.fixture
def late(through: Straights) -> Iterator[asyncio.Event]:
    """Have the service answer when this is set."""
    gate = asyncio.Event()

    async def wait(_: Received, writer: asyncio.StreamWriter) -> None:
        await gate.wait()
        writer.write(ok())

    through.answers(wait)
    yield gate
    gate.set()


async def test_who_leaves_is_waited_for_by_nobody(through: Straights, late: asyncio.Event) -> None:
    assert not late.is_set()
    async with through.line(through.bearer) as line:
        line.writer.write(get(THINGS.format(1), through.bearer))
        await until(lambda: len(through.upstream.received) == 1)
        assert through.inside == 1
    await until(lambda: through.inside == 0)


async def test_a_door_that_leaves_says_so_in_the_last_answer(
    through: Straights, late: asyncio.Event, line: Line
) -> None:
    through.answers(*through.upstream.answers)
    line.writer.write(get(THINGS.format(1), through.bearer))
    await until(lambda: len(through.upstream.received) == 1)
    drain = through.gate.app.drain
    drain.begun = True
    try:
        late.set()
        assert b"connection: close" in await line.answer()
    finally:
        drain.begun = False


async def test_a_server_that_stops_lets_it_end(
    through: Straights, late: asyncio.Event, line: Line
) -> None:
    line.writer.write(get(THINGS.format(1), through.bearer))
    await until(lambda: len(through.upstream.received) == 1)
    guests = [one for one in through.gate.app.crowd.guests if getattr(one, "_passage", None)]
    assert len(guests) == 1
    guests[0].shutdown()  # type: ignore[attr-defined]  # as uvicorn does
    late.set()
    assert b"connection: close" in await line.answer()
