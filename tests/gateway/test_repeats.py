"""Reads that come again, byte for byte: answered before they are read, as the chain would."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from gateway.cache.asking import Asked
from gateway.plans import AddressRates
from gateway.proxy.table import Route
from gateway.repeats.heads import Heads, Known
from tests.gateway.doors import Opened, door
from tests.gateway.scripted import Answer, Scripted, ok, scripted
from tests.gateway.waiting import until

FOR_EVER = float("inf")
VARYING = re.compile(
    rb"^(date|age|traceresponse|server-timing|ratelimit-remaining|ratelimit-reset|ratelimit):.*\r\n",
    re.MULTILINE,
)


def get(path: str, *lines: str, method: str = "GET") -> bytes:
    return "\r\n".join([f"{method} {path} HTTP/1.1", "host: x", *lines, "", ""]).encode()


ROUTE = Route(
    service="training",
    method="GET",
    template="/",
    prefix="",
    replacement="",
    scopes=frozenset(),
    public=True,
    kind="read",
)


class Line:
    """One connection of a client that speaks for itself."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def answer(self, *, has_body: bool = True) -> bytes:
        async with asyncio.timeout(30):
            head = await self.reader.readuntil(b"\r\n\r\n")
            length = re.search(rb"content-length: (\d+)", head)
            if length is None or not has_body:
                return head
            return head + await self.reader.readexactly(int(length[1]))

    async def ask(self, head: bytes) -> bytes:
        self.writer.write(head)
        return await self.answer(has_body=not head.startswith(b"HEAD"))

    async def ask_in_pieces(self, head: bytes) -> bytes:
        for place in range(len(head)):
            self.writer.write(head[place : place + 1])
            await asyncio.sleep(0)
            await self.writer.drain()
        return await self.answer(has_body=not head.startswith(b"HEAD"))


class Kept:
    """A gateway that hears every change, and the service behind it."""

    def __init__(self, gate: Opened, upstream: Scripted) -> None:
        self.gate, self.upstream = gate, upstream
        self.repeats = gate.app.repeats
        gate.app.own.state.cache.announcements.sure_until = FOR_EVER
        self._turn = 0

    def answers(self, *answers: Answer) -> str:
        """Let the service give these, at an address that nothing is kept of."""
        self._turn += 1
        self.upstream.received.clear()
        self.upstream.answers[:] = answers
        return f"/v1/training/echo?q={self._turn}"

    @asynccontextmanager
    async def line(self) -> AsyncIterator[Line]:
        port = int(self.gate.url.rpartition(":")[2])
        line = Line(*await asyncio.open_connection("127.0.0.1", port))
        try:
            yield line
        finally:
            line.writer.close()

    async def known(self, line: Line, *heads: bytes) -> None:
        """Have these learnt: kept by the first, learnt from the second."""
        for head in heads:
            for _ in range(3):
                await line.ask(head)
            before = self.repeats.answered
            await line.ask(head)
            assert self.repeats.answered == before + 1, head


@pytest.fixture(scope="module")
async def opened(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Kept]:
    folder: Path = tmp_path_factory.mktemp("repeats")
    async with (
        scripted(ok()) as upstream,
        door(folder, {"training": upstream.url, "diagnostic": upstream.url}) as gate,
    ):
        yield Kept(gate, upstream)


@pytest.fixture
def kept(opened: Kept) -> Kept:
    opened.upstream.received.clear()
    return opened


@pytest.fixture
def spans(kept: Kept) -> Iterator[InMemorySpanExporter]:
    """Keep the spans of the gateway."""
    seen = InMemorySpanExporter()
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(seen))
    exporters = kept.gate.app.own.state.exporters
    exporters.tracer = provider.get_tracer("test")
    yield seen
    exporters.tracer = None


def lasting(
    *headers: bytes, body: bytes = b"hello", control: bytes = b"public, max-age=60"
) -> bytes:
    return ok(body, b"cache-control: " + control, b'etag: "1"', *headers)


def same(answer: bytes) -> bytes:
    """Leave out what differs from one answer to the next."""
    return re.sub(rb"ttl=\d+", b"ttl=", VARYING.sub(b"", answer))


def traced(answer: bytes) -> tuple[str, str]:
    """Give the ids of trace and span that an answer tells."""
    found = re.search(rb"traceresponse: 00-(\w{32})-(\w{16})-", answer)
    assert found
    return found[1].decode(), found[2].decode()


def placed(span: ReadableSpan) -> tuple[object, ...]:
    """Give what does not differ between two equal requests of one trace."""
    parent = span.parent.span_id if span.parent else None
    links = [link.context.span_id for link in span.links]
    return span.name, parent, links, span.kind, dict(span.attributes or {})


def status(answer: bytes) -> int:
    return int(answer[9:12])


REQUESTS = {
    "plain": get("{}"),
    "head": get("{}", method="HEAD"),
    "known": get("{}", 'if-none-match: "1"'),
    "another": get("{}", 'if-none-match: "2"'),
    "in English": get("{}", "accept-language: en-GB, fr;q=0.5"),
    "compressed": get("{}", "accept-encoding: gzip, br", "accept: */*"),
    "a page": get("{}", "origin: https://page.example", "user-agent: x"),
    "another and since": get(
        "{}", 'if-none-match: "2"', "if-modified-since: Fri, 27 Nov 2026 09:00:00 GMT"
    ),
    "young enough": get("{}", "cache-control: max-age=50"),
    "written strangely": get("{}", "Accept:text/csv", "aCCept-Language:   de  "),
}


@pytest.mark.parametrize("name", REQUESTS)
async def test_the_answer_is_that_of_the_chain_byte_for_byte(kept: Kept, name: str) -> None:
    changed = b"last-modified: Fri, 27 Nov 2026 08:00:00 GMT"
    address = kept.answers(lasting(b"vary: Accept-Language, accept-encoding", changed))
    head = REQUESTS[name].replace(b"{}", address.encode())
    async with kept.line() as line:
        await line.ask(head.replace(b"HEAD", b"GET"))
        by_the_chain = await line.ask_in_pieces(head)
        await kept.known(line, head)
        before = kept.repeats.answered
        at_once = await line.ask(head)
        assert kept.repeats.answered == before + 1
        again = await line.ask_in_pieces(head)
    assert same(at_once) == same(by_the_chain) == same(again)
    names = [re.findall(rb"^([\w-]+):", one, re.MULTILINE) for one in (at_once, by_the_chain)]
    assert names[0] == names[1]
    assert b"traceresponse" in names[0]


async def test_with_a_token_too_and_each_answer_has_a_trace_of_its_own(kept: Kept) -> None:
    head = get(kept.answers(lasting()), f"authorization: Bearer {kept.gate.token()}")
    async with kept.line() as line:
        await line.ask(head)
        by_the_chain = await line.ask_in_pieces(head)
        await kept.known(line, head)
        answers = [await line.ask(head) for _ in range(2)]
    assert {same(one) for one in answers} == {same(by_the_chain)}
    traces = [re.search(rb"traceresponse: (\S+)", one) for one in (*answers, by_the_chain)]
    assert len({found[1] for found in traces if found}) == 3


async def test_many_at_once_are_answered_in_their_order(kept: Kept) -> None:
    first, second = kept.answers(lasting(body=b"one"), lasting(body=b"two")), "/v1/training/echo/b"
    heads = get(first), get(second)
    async with kept.line() as line:
        await kept.known(line, *heads)
        before = kept.repeats.answered
        line.writer.write(heads[0] + heads[1] + heads[0])
        bodies = [(await line.answer())[-3:] for _ in range(3)]
        assert bodies == [b"one", b"two", b"one"]
        assert kept.repeats.answered == before + 3


@pytest.mark.parametrize("order", ["hit then miss", "miss then hit", "hit, miss, hit"])
async def test_what_is_not_known_is_left_to_the_chain_and_nothing_overtakes_it(
    kept: Kept, order: str
) -> None:
    heads = {"hit": get(kept.answers(lasting(body=b"kept"), ok(b"other")))}
    heads["miss"] = get(kept.answers() + "&n=2")
    kept.upstream.answers[:] = [lasting(body=b"kept"), ok(b"other")]
    wanted = re.findall("hit|miss", order)
    async with kept.line() as line:
        await kept.known(line, heads["hit"])
        line.writer.write(b"".join(heads[one] for one in wanted))
        for one in wanted:
            answer = await line.answer()
            assert answer.endswith(b"kept" if one == "hit" else b"other")
        assert (await line.ask(heads["hit"])).endswith(b"kept")


async def test_half_a_request_after_a_known_one_is_waited_for(kept: Kept) -> None:
    head = get(kept.answers(lasting()))
    async with kept.line() as line:
        await kept.known(line, head)
        line.writer.write(head + head[:20])
        assert (await line.answer()).endswith(b"hello")
        line.writer.write(head[20:])
        assert (await line.answer()).endswith(b"hello")
        assert (await line.ask(head)).endswith(b"hello")


@pytest.mark.parametrize(
    "line",
    [
        "range: bytes=0-1",
        "if-range: x",
        "traceparent:  00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "x-request-id: a b",
        "baggage: a\r\nbaggage: b",
        "connection: close",
        "cache-control: no-cache",
        "accept: application/json; version=2",
        "content-length: 0\r\nhost: y",
        "x-long: " + "x" * 4_096,
    ],
)
async def test_what_has_a_meaning_of_its_own_is_never_answered_unread(
    kept: Kept, line: str
) -> None:
    address = kept.answers(lasting())
    before = kept.repeats.answered
    for _ in range(3):
        async with kept.line() as opened:
            await opened.ask(get(address, line))
    assert kept.repeats.answered == before


PARENT = "00-%032x-b7ad6b7169203331-01"
PASSING = {
    "traceparent": PARENT % 0xAF,
    "Traceparent": PARENT % 0xBF,
    "tracestate": "vendor=1,other=2",
    "baggage": "a=1,b=2",
    "x-request-id": "8d7f",
    "X-Request-Deadline": "800",
}


@pytest.mark.parametrize("name", PASSING)
@pytest.mark.parametrize("knows", [True, False])
async def test_what_only_names_a_trace_or_a_time_is_answered_at_once_and_joins_it(
    kept: Kept, spans: InMemorySpanExporter, name: str, *, knows: bool
) -> None:
    more = [f"authorization: Bearer {kept.gate.token()}"] if knows else []
    address = kept.answers(lasting())
    head = get(address, "accept: */*", f"{name}: {PASSING[name]}", *more)
    async with kept.line() as line:
        await kept.known(line, get(address, "accept: */*", *more))
        by_the_chain = await line.ask_in_pieces(head)
        before = kept.repeats.answered
        at_once = await line.ask(head)
        assert kept.repeats.answered == before + 1
    assert same(at_once) == same(by_the_chain)
    by_chain, of_ours = spans.get_finished_spans()[-2:]
    assert placed(by_chain) == placed(of_ours)
    named = "traceparent" in name.lower()
    assert (of_ours.parent is not None, len(of_ours.links)) == (
        named and knows,
        named and not knows,
    )
    assert traced(at_once) == (
        f"{of_ours.context.trace_id:032x}",
        f"{of_ours.context.span_id:016x}",
    )


async def test_a_head_is_learnt_without_its_trace(kept: Kept) -> None:
    address = kept.answers(lasting())
    told = f"authorization: Bearer {kept.gate.token()}"
    heads = [get(address, f"traceparent: {PARENT % number}", told) for number in range(1, 6)]
    async with kept.line() as line:
        await kept.known(line, heads[0])
        size = len(kept.repeats._heads)
        before = kept.repeats.answered
        traces = [traced(await line.ask(head))[0] for head in heads]
    assert traces == [f"{number:032x}" for number in range(1, 6)]
    assert kept.repeats.answered == before + 5
    assert len(kept.repeats._heads) == size


@pytest.mark.parametrize(
    "parent",
    [
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0AF7651916CD43DD8448EB211C80319C-B7AD6B7169203331-01",
        "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
        "nonsense",
    ],
)
async def test_what_is_no_trace_begins_one_as_with_the_chain(kept: Kept, parent: str) -> None:
    told = f"authorization: Bearer {kept.gate.token()}"
    head = get(kept.answers(lasting()), told, f"traceparent: {parent}")
    async with kept.line() as line:
        await kept.known(line, head)
        at_once = traced(await line.ask(head))[0]
        by_the_chain = traced(await line.ask_in_pieces(head))[0]
    assert parent[3:35].lower() not in {at_once, by_the_chain}


async def test_an_older_http_is_not_learnt(kept: Kept) -> None:
    head = get(kept.answers(lasting())).replace(b"HTTP/1.1", b"HTTP/1.0")
    before = kept.repeats.answered
    for _ in range(3):
        async with kept.line() as line:
            assert b"connection: close" in await line.ask(head)
    assert kept.repeats.answered == before


async def test_what_was_changed_is_asked_for_between_two_hits(kept: Kept) -> None:
    head = get(kept.answers(lasting(body=b"before"), lasting(body=b"after!")))
    async with kept.line() as line:
        await kept.known(line, head)
        kept.gate.app.own.state.cache.announcements.changed("training")
        assert (await line.ask(head)).endswith(b"after!")
        await kept.known(line, head)


async def test_nothing_is_shown_while_changes_cannot_be_heard(kept: Kept) -> None:
    head = get(kept.answers(lasting(), lasting(body=b"after!")))
    feeds = kept.gate.app.own.state.cache.announcements
    async with kept.line() as line:
        await kept.known(line, head)
        feeds.sure_until = 0
        try:
            assert (await line.ask(head)).endswith(b"after!")
        finally:
            feeds.sure_until = FOR_EVER


async def test_what_an_instant_may_change_is_asked_for_each_time(kept: Kept) -> None:
    """Embargoed and hidden values are `no-cache`."""
    control = b"public, no-cache"
    shown = [lasting(body=b"%d" % number, control=control) for number in range(4)]
    head = get(kept.answers(*shown))
    before = kept.repeats.answered
    async with kept.line() as line:
        bodies = [(await line.ask(head))[-1:] for _ in range(4)]
    assert bodies == [b"0", b"1", b"2", b"3"]
    assert kept.repeats.answered == before


async def test_a_token_that_ended_is_refused_whatever_is_kept(kept: Kept) -> None:
    verifier = kept.gate.app.own.state.verifier
    head = get(kept.answers(lasting()), f"authorization: Bearer {kept.gate.token()}")
    async with kept.line() as line:
        await kept.known(line, head)
        keys = verifier._keys
        verifier.trust(replace(keys, by_kid={}))
        try:
            assert status(await line.ask(head)) == 401
        finally:
            verifier.trust(keys)
        assert status(await line.ask(head)) == 200


async def test_pages_of_a_key_get_headers_of_their_own(kept: Kept) -> None:
    head = get(kept.answers(lasting()), "origin: https://school.example")
    ring = kept.gate.app.own.state.ring
    async with kept.line() as line:
        await kept.known(line, head)
        ring.pages = frozenset({"https://school.example"})
        try:
            before = kept.repeats.answered
            assert b"access-control-allow-origin: https://school.example" in await line.ask(head)
            assert kept.repeats.answered == before
        finally:
            ring.pages = frozenset()


async def test_a_full_door_is_full_for_them_too(kept: Kept) -> None:
    head = get(kept.answers(lasting()))
    load = kept.gate.app.own.state.load
    async with kept.line() as line:
        await kept.known(line, head)
        load.inside += load._most
        try:
            assert status(await line.ask(head)) == 503
        finally:
            load.inside -= load._most
        assert status(await line.ask(head)) == 200


async def test_a_door_that_leaves_says_so(kept: Kept) -> None:
    head = get(kept.answers(lasting()))
    async with kept.line() as line:
        await kept.known(line, head)
        kept.gate.app.drain.begun = True
        try:
            assert b"connection: close" in await line.ask(head)
            assert await line.reader.read() == b""
        finally:
            kept.gate.app.drain.begun = False


async def test_who_was_answered_at_once_is_idle_and_stays_as_long_as_others(kept: Kept) -> None:
    head = get(kept.answers(lasting()))
    guests = kept.gate.app.crowd.guests
    async with kept.line() as other:
        await kept.known(other, head)
    await until(lambda: not guests)
    async with kept.line() as line:
        await line.ask_in_pieces(head)
        (guest,) = guests
        now = asyncio.get_running_loop().time()
        assert guest.timeout_keep_alive_task is not None  # type: ignore[attr-defined]
        await line.ask(head)
        assert guest.timeout_keep_alive_task is None, "it would end a busy connection"  # type: ignore[attr-defined]
        assert guest.idle_since is not None
        assert guest.idle_since >= now
        guest.look(guest.idle_since + kept.gate.app.crowd.patience.idle_seconds - 1)
        assert status(await line.ask(head)) == 200
        guest.look(guest.idle_since + kept.gate.app.crowd.patience.idle_seconds + 1)
        assert await line.reader.read() == b""


async def test_who_does_not_read_is_not_written_to_without_bound(kept: Kept) -> None:
    head = get(kept.answers(lasting(body=b"x" * 500_000)))
    guests = kept.gate.app.crowd.guests
    async with kept.line() as line:
        await kept.known(line, head)
        (guest,) = guests
        line.writer.write(head * 14)
        await until(lambda: guest._stalled is not None)  # type: ignore[attr-defined]
        assert guest.transport.get_write_buffer_size() < 1_500_000  # type: ignore[attr-defined]
        for _ in range(14):
            assert (await line.answer()).endswith(b"x" * 500_000)


async def test_each_is_counted_once_and_refused_where_the_chain_refuses(tmp_path: Path) -> None:
    rates = AddressRates(read=12)
    seen: list[list[tuple[int, bytes]]] = []
    for at_once in (True, False):
        folder = tmp_path / str(at_once)
        folder.mkdir()
        async with (
            scripted(lasting()) as upstream,
            door(folder, {"training": upstream.url}, rate_factor=1, address_rates=rates) as gate,
        ):
            opened = Kept(gate, upstream)
            head = get("/v1/training/echo")
            async with opened.line() as line:
                ask = line.ask if at_once else line.ask_in_pieces
                answers = [await ask(head) for _ in range(14)]
            assert (gate.app.repeats.answered > 0) is at_once
            refused = gate.app.own.state.limits._refused
            assert refused.total() == 2
            seen.append(
                [
                    (status(one), re.findall(rb"ratelimit-remaining: (\d+)", one)[0])
                    for one in answers
                ]
            )
    assert seen[0] == seen[1]
    assert [code for code, _ in seen[0]] == [200] * 12 + [429] * 2
    assert [int(left) for _, left in seen[0][:12]] == [*range(11, -1, -1)]


async def test_who_is_counted_by_several_gateways_together_goes_through_the_chain(
    tmp_path: Path,
) -> None:
    store = f"unix://{tmp_path}/none.sock"
    async with (
        scripted(lasting()) as upstream,
        door(tmp_path, {"training": upstream.url}, limits_store=store) as gate,
    ):
        opened = Kept(gate, upstream)
        async with opened.line() as line:
            answers = [await line.ask(get("/v1/training/echo")) for _ in range(4)]
        assert all(b"vigie; hit" in answer for answer in answers[1:])
        assert gate.app.repeats.answered == 0


def test_heads_are_remembered_within_a_bound_and_the_oldest_goes_first() -> None:
    heads: Heads[Known] = Heads(most=10_000)
    known = Known("GET", [], None, "", ROUTE, Asked.of([], 0), ("/", b""))
    for number in range(10):
        heads.put(b"%d" % number, known)
        heads.get(b"0")
    assert len(heads) == 3
    assert heads.get(b"0") is known
    assert heads.get(b"1") is None
    heads.drop(b"0")
    heads.drop(b"0")
    heads.put(b"9", known)
    assert len(heads) == 2
