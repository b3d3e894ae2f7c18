"""Parts that are asked for at once, on connections that are open: as others are."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from tests.gateway.doors import Opened, door
from tests.gateway.scripted import Answer, Received, Scripted, ok, scripted
from tests.gateway.waiting import until

JOB = "/v1/overviews/jobs/M1607"
PARTS = ("exposure", "range", "mobilities", "certifications", "sessions", "calls")
PART = b'{"a":1}'
WHOLE_PART = ok(PART)


class Warm:
    """A gateway with connections to the service of all parts, of which nothing is kept."""

    def __init__(self, gate: Opened, service: Scripted) -> None:
        self.gate, self.service = gate, service
        self.headers = gate.bearer("overviews:read", "diagnostic:read")

    async def read(self, deadline: int = 5_000) -> httpx.Response:
        headers = self.headers | {"x-request-deadline": str(deadline)}
        return await self.gate.http.get(JOB, headers=headers)

    def answers(self, *, mobilities: Answer, again: Answer = WHOLE_PART) -> None:
        """Let the service answer one part so, then so; the others as before."""
        given = iter((mobilities,))

        async def by_part(request: Received, writer: asyncio.StreamWriter) -> None:
            answer: Answer = ok(PART)
            if request.target.endswith("/mobilities"):
                answer = next(given, again)
            if callable(answer):
                await answer(request, writer)
                return
            for piece in [answer] if isinstance(answer, bytes) else answer:
                writer.write(piece)
                await asyncio.sleep(0.01)

        self.service.answers[:] = [by_part]
        self.service.received.clear()

    @property
    def in_use(self) -> int:
        upstreams = self.gate.app.own.state.upstreams.values()
        return sum(member.instance.in_use for one in upstreams for member in one.members)


@pytest.fixture(scope="module")
async def opened(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Warm]:
    folder: Path = tmp_path_factory.mktemp("parts")
    document = json.loads((Path(__file__).parents[2] / "docs/api/openapi.json").read_bytes())
    async with scripted(ok(PART)) as service:
        urls = dict.fromkeys(("diagnostic", "training", "observatory"), service.url)
        async with door(folder, urls, document=document) as gate:
            yield Warm(gate, service)


@pytest.fixture
async def warm(opened: Warm) -> AsyncIterator[Warm]:
    opened.answers(mobilities=ok(PART))
    for _ in range(2):
        assert list((await opened.read()).json()) == [*PARTS, "unavailable"]
    opened.service.received.clear()
    yield opened
    await until(lambda: opened.in_use == 0)


def chunked(*pieces: bytes) -> list[bytes]:
    head = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"
    return [head, *(b"%x\r\n%b\r\n" % (len(one), one) for one in pieces), b"0\r\n\r\n"]


LARGE = json.dumps({"a": "x" * 300_000}).encode()
WHOLE: dict[str, tuple[Answer, bytes]] = {
    "at once": (ok(PART), PART),
    "in pieces": ([ok(PART)[:-5], ok(PART)[-5:]], PART),
    "in chunks": (chunked(b'{"a"', b":1}"), PART),
    "large": ([ok(LARGE)[:200_000], ok(LARGE)[200_000:]], LARGE),
    "to the end": (ok(PART, b"connection: close"), PART),
}


@pytest.mark.parametrize("name", WHOLE)
async def test_a_part_is_whole_however_it_comes(warm: Warm, name: str) -> None:
    answer, body = WHOLE[name]
    connections = warm.service.connections
    warm.answers(mobilities=answer)
    overview = (await warm.read()).json()
    assert overview["unavailable"] == []
    assert overview["mobilities"]["data"] == json.loads(body)
    assert all(overview[part]["data"] == {"a": 1} for part in PARTS if part != "mobilities")
    assert warm.service.connections == connections  # they were open
    assert len(warm.service.received) == len(PARTS)


async def _die(_: Received, writer: asyncio.StreamWriter) -> None:
    writer.close()


async def _halt(_: Received, writer: asyncio.StreamWriter) -> None:
    writer.write(ok(PART)[:-3])
    await asyncio.sleep(2)


async def _never(_: Received, __: asyncio.StreamWriter) -> None:
    await asyncio.sleep(2)


BUSY = b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 0\r\ncontent-length: 0\r\n\r\n"


@pytest.mark.parametrize("first", [BUSY, _die], ids=["busy", "died"])
async def test_what_failed_in_passing_is_asked_for_again(warm: Warm, first: Answer) -> None:
    warm.answers(mobilities=first)
    overview = (await warm.read()).json()
    assert overview["unavailable"] == []
    assert len(warm.service.received) == len(PARTS) + 1


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (b"nonsense\r\n\r\n", "invalid"),
        (ok(b"{"), "invalid"),
        (_halt, "timeout"),
        (_never, "timeout"),
        (b"HTTP/1.1 404 Not Found\r\ncontent-length: 14\r\n\r\n" + b'{"code":"x-y"}', "x-y"),
    ],
)
async def test_a_gap_says_why_and_the_other_parts_are_there(
    warm: Warm, answer: Answer, reason: str
) -> None:
    warm.answers(mobilities=answer, again=answer)
    overview = (await warm.read(deadline=1_000 if reason == "timeout" else 5_000)).json()
    assert [(gap["part"], gap["reason"]) for gap in overview["unavailable"]] == [
        ("mobilities", reason)
    ]
    assert [part for part in PARTS if part in overview] == [
        part for part in PARTS if part != "mobilities"
    ]


async def test_who_leaves_leaves_all_parts(warm: Warm) -> None:
    warm.answers(mobilities=_never)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(0.3):
            await warm.read()
    await until(lambda: warm.in_use == 0)
