"""Overviews and searches whose way of asking is known: made without the chain, as it would."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from gateway.overviews import service
from gateway.plans import AddressRates
from tests.gateway.doors import Opened, door
from tests.gateway.scripted import Answer, Received, Scripted, ok, scripted
from tests.gateway.test_overview_parts import JOB, PART, PARTS
from tests.gateway.test_repeats import PARENT, Line, get, same, status
from tests.gateway.waiting import until

DOCUMENT = Path(__file__).parents[2] / "docs/api/openapi.json"
SEARCH = "/v1/search?q=comptable"
REGION = "/v1/overviews/territories/R32"
CHOSEN = f"{JOB}?fields=exposure,calls.a&require=calls"


class Views:
    """A gateway with open connections to the one service of all parts, of which nothing is kept."""

    def __init__(self, gate: Opened, service: Scripted) -> None:
        self.gate, self.service = gate, service
        self.bearer = self.token("overviews:read", "diagnostic:read")
        self.part: Answer = ok(PART)
        self.other: Answer = ok(PART)
        service.answers[:] = [self.by_part]

    def token(self, *scopes: str) -> str:
        return f"authorization: Bearer {self.gate.token(*scopes)}"

    async def by_part(self, request: Received, writer: asyncio.StreamWriter) -> None:
        """Answer the mobilities with `part`, the others with `other`."""
        answer = self.part if "/mobilities" in request.target else self.other
        if callable(answer):
            await answer(request, writer)
        else:
            for piece in [answer] if isinstance(answer, bytes) else answer:
                writer.write(piece)

    @property
    def count(self) -> int:
        return self.gate.app.straight.answered

    @property
    def asked(self) -> list[str]:
        return sorted(one.target for one in self.service.received)

    @property
    def inside(self) -> int:
        state = self.gate.app.own.state
        members = (one for upstream in state.upstreams.values() for one in upstream.members)
        inside: int = state.load.inside
        return inside + sum(int(member.instance.in_use) for member in members)

    @asynccontextmanager
    async def line(self, path: str, *lines: str) -> AsyncIterator[Line]:
        """Open a connection whose way of asking is known, where the parts are asked for at once."""
        port = int(self.gate.url.rpartition(":")[2])
        line = Line(*await asyncio.open_connection("127.0.0.1", port))
        try:
            for _ in range(4):
                before = self.count
                await line.ask(get(path, *lines))
            assert self.count == before + 1
            self.service.received.clear()
            yield line
        finally:
            line.writer.close()


@pytest.fixture(scope="module")
async def opened(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Views]:
    folder = tmp_path_factory.mktemp("views")
    async with scripted(ok(PART)) as service:
        urls = dict.fromkeys(("diagnostic", "training", "observatory"), service.url)
        async with door(folder, urls, document=json.loads(DOCUMENT.read_bytes())) as gate:
            yield Views(gate, service)


@pytest.fixture
async def views(opened: Views) -> AsyncIterator[Views]:
    opened.part = opened.other = ok(PART)
    yield opened
    await until(lambda: opened.inside == 0)


def timeless(answer: bytes) -> bytes:
    return re.sub(rb'"as_of":"[^"]+"', b"", same(answer))


NOT_FOUND = b"HTTP/1.1 404 Not Found\r\ncontent-length: 2\r\n\r\n{}"


@pytest.mark.parametrize("path", [JOB, CHOSEN, REGION, SEARCH])
@pytest.mark.parametrize("language", ["accept-language: en-GB, fr;q=0.5", "accept: */*"])
@pytest.mark.parametrize("other", [ok(PART), ok(b'{"a":2}', b"cache-control: public"), NOT_FOUND])
async def test_the_answer_is_that_of_the_chain_byte_for_byte(
    views: Views, path: str, language: str, other: bytes
) -> None:
    lines = [language, views.bearer, "x-request-deadline: 900"]
    async with views.line(path, *lines) as line:
        views.other = other
        before = views.count
        straight = await line.ask(get(path, *lines))
        is_answer = status(straight) == 200
        assert views.count == before + is_answer
        ours, views.service.received[:] = list(views.service.received), []
        by_the_chain = await line.ask_in_pieces(get(path, *lines))
        assert views.count == before + is_answer
    assert is_answer is (other != NOT_FOUND)
    assert timeless(straight) == timeless(by_the_chain) or not is_answer
    names = [re.findall(rb"^([\w-]+):", one, re.MULTILINE) for one in (straight, by_the_chain)]
    assert names[0] == names[1]
    told = [
        sorted(
            (one.target, *one.header("accept-language"), *one.header("authorization"))
            for one in asked
        )
        for asked in (ours, views.service.received)
    ]
    assert told[0] == told[1] != []
    deadlines = [int(one.header("x-request-deadline")[0]) for one in ours]
    assert all(0 < left <= 810 for left in deadlines)


async def test_a_caller_without_the_scope_of_a_part_learns_it_from_the_chain(views: Views) -> None:
    lines = [views.token("overviews:read")]
    async with views.line(JOB, *lines) as line:
        before = views.count
        region = json.loads((await line.ask(get(REGION, *lines))).partition(b"\r\n\r\n")[2])
        assert views.count == before
    assert [(gap["part"], gap["reason"]) for gap in region["unavailable"]] == [
        ("cohorts", "scope-missing")
    ]
    assert len(views.asked) == len(set(views.asked)) == 4


async def test_who_may_not_is_told_by_the_chain_and_no_part_is_asked_for(views: Views) -> None:
    lines = [views.token("diagnostic:read")]
    async with views.line(SEARCH, *lines) as line:
        assert status(await line.ask(get(JOB, *lines))) == 403
    assert views.asked == []


async def test_who_holds_it_already_is_told_so(views: Views) -> None:
    async with views.line(SEARCH) as line:
        tag = re.search(rb"etag: ([^\r]+)", await line.ask(get(SEARCH)))
        assert tag
        known = f"if-none-match: {tag[1].decode()}"
        assert [status(await line.ask(get(SEARCH, known))) for _ in range(4)] == [304] * 4


async def test_what_is_odd_is_the_routes(views: Views) -> None:
    odd = [
        "fields=nothing",
        "fields=exposure&fields=calls",
        "x=1",
        "fields=a%00",
        "require=range,b",
    ]
    async with views.line(JOB, views.bearer) as line:
        before = views.count
        asked = [await line.ask(get(f"{JOB}?{query}", views.bearer)) for query in odd]
        assert [status(one) for one in asked] == [400, 200, 400, 422, 400]
        assert views.count == before


# What the chain goes on with


async def _busy(_: Received, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 0\r\ncontent-length: 0\r\n\r\n")


async def _die(_: Received, writer: asyncio.StreamWriter) -> None:
    writer.close()


async def _never(_: Received, __: asyncio.StreamWriter) -> None:
    await asyncio.sleep(2)


@pytest.mark.parametrize(
    ("part", "reason", "times"),
    [
        (_busy, "invalid", 2),
        (_die, "truncated", 2),
        (_never, "timeout", 1),
        (b"nonsense\r\n\r\n", "invalid", 1),
    ],
)
async def test_what_fails_is_told_as_by_the_chain_and_the_rest_is_not_asked_for_again(
    views: Views, part: Answer, reason: str, times: int
) -> None:
    lines = [views.bearer, f"x-request-deadline: {1_000 if reason == 'timeout' else 5_000}"]
    async with views.line(JOB, *lines) as line:
        views.part = part
        before = views.count
        answer = json.loads((await line.ask(get(JOB, *lines))).partition(b"\r\n\r\n")[2])
        assert views.count == before
    assert [(gap["part"], gap["reason"]) for gap in answer["unavailable"]] == [
        ("mobilities", reason)
    ]
    assert sum("/mobilities" in target for target in views.asked) >= times
    assert len(set(views.asked)) == len(PARTS)
    assert sum("/mobilities" not in target for target in views.asked) == len(PARTS) - 1


async def test_every_request_counts_once(tmp_path: Path) -> None:
    rates = AddressRates(overview=8)
    async with scripted(ok(PART)) as service:
        urls = dict.fromkeys(("diagnostic", "training", "observatory"), service.url)
        document = json.loads(DOCUMENT.read_bytes())
        async with door(
            tmp_path, urls, document=document, address_rates=rates, rate_factor=1
        ) as gate:
            views = Views(gate, service)
            async with views.line(SEARCH) as line:
                views.other = b"nonsense\r\n\r\n"
                answers = [await line.ask(get(SEARCH)) for _ in range(2)]
                views.other = ok(PART)
                answers += [await line.ask(get(SEARCH)) for _ in range(3)]
            assert [status(one) for one in answers] == [503, 503, 200, 200, 429]


def late(gate: asyncio.Event) -> Answer:
    """Have a part answered when this is set."""

    async def wait(_: Received, writer: asyncio.StreamWriter) -> None:
        await gate.wait()
        writer.write(ok(PART))

    return wait


async def test_what_follows_waits_its_turn_and_no_part_is_asked_for_twice(views: Views) -> None:
    gate = asyncio.Event()
    async with views.line(JOB, views.bearer) as line:
        views.part = late(gate)
        line.writer.write(get(JOB, views.bearer))
        await until(lambda: len(views.asked) == len(PARTS))
        line.writer.write(get(CHOSEN, views.bearer))
        await asyncio.sleep(0.05)
        assert len(views.asked) == len(PARTS)
        gate.set()
        first, second = [(await line.answer()).partition(b"\r\n\r\n")[2] for _ in range(2)]
    assert list(json.loads(first)) == [*PARTS, "unavailable"]
    assert list(json.loads(second)) == ["exposure", "calls", "unavailable"]
    assert len(views.asked) == len(PARTS) + 2


async def test_who_leaves_leaves_all_parts(views: Views) -> None:
    async with views.line(JOB, views.bearer) as line:
        views.part = _never
        line.writer.write(get(JOB, views.bearer))
        await until(lambda: len(views.asked) == len(PARTS))
        assert views.inside > 1
    await until(lambda: views.inside == 0)


async def test_a_door_that_leaves_says_so_in_the_last_answer(views: Views) -> None:
    gate, drain = asyncio.Event(), views.gate.app.drain
    async with views.line(JOB, views.bearer) as line:
        views.part = late(gate)
        line.writer.write(get(JOB, views.bearer))
        await until(lambda: len(views.asked) == len(PARTS))
        drain.begun = True
        try:
            gate.set()
            assert b"connection: close" in await line.answer()
        finally:
            drain.begun = False


async def test_a_sampled_one_has_a_span_of_each_part(views: Views) -> None:
    seen, provider = InMemorySpanExporter(), TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(seen))
    head = get(JOB, views.bearer, f"traceparent: {PARENT % 0xAF}")
    exporters = views.gate.app.own.state.exporters
    async with views.line(JOB, views.bearer) as line:
        exporters.tracer = provider.get_tracer("test")
        views.service.received.clear()
        try:
            assert status(await line.ask(head)) == 200
        finally:
            exporters.tracer = None
    *parts, request = seen.get_finished_spans()
    assert request.name == "GET /v1/overviews/jobs/{rome}"
    assert len(parts) == len(PARTS)
    assert {one.parent.span_id for one in parts if one.parent} == {request.context.span_id}
    told = {one.header("traceparent")[0].split("-")[2] for one in views.service.received}
    assert told == {f"{one.context.span_id:016x}" for one in parts}, "each is its service's parent"


async def test_a_fault_of_ours_is_told_by_the_chain(
    views: Views, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with views.line(JOB, views.bearer) as line:
        monkeypatch.setattr(service, "tag", None)
        assert status(await line.ask(get(JOB, views.bearer))) == 500
