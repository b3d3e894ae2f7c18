"""The door's cache before a made-up service: what it keeps, shows, validates and shares."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import httpx
import pytest

from tests.gateway.doors import Opened, door
from tests.gateway.scripted import Answer, Received, Scripted, ok, scripted

PATH = "/v1/training/echo"
FOR_EVER = float("inf")


class Kept:
    """A gateway that hears every change, and the service behind it."""

    def __init__(self, gate: Opened, upstream: Scripted) -> None:
        self.gate, self.upstream = gate, upstream
        self.cache = gate.app.own.state.cache
        self.cache.feeds.sure_until = FOR_EVER
        self._turn = 0
        self.address = PATH

    def answers(self, *answers: Answer) -> None:
        """Let the service give these, at an address that nothing is kept of."""
        self._turn += 1
        self.address = f"{PATH}?q={self._turn}"
        self.upstream.received.clear()
        self.upstream.answers[:] = answers

    async def get(self, **headers: str) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.gate.http.get(self.address, headers=named)

    @property
    def asked(self) -> int:
        return len(self.upstream.received)


@pytest.fixture(scope="module")
async def opened(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Kept]:
    folder: Path = tmp_path_factory.mktemp("cache")
    told = {"cache_bytes": 200_000, "cached_answer_bytes": 20_000}
    async with (
        scripted(ok()) as upstream,
        door(folder, {"training": upstream.url, "diagnostic": upstream.url}, **told) as gate,
    ):
        yield Kept(gate, upstream)


@pytest.fixture
def kept(opened: Kept) -> Kept:
    opened.upstream.received.clear()
    return opened


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not holds():  # noqa: ASYNC110  # nothing tells of it
            await asyncio.sleep(0.001)


def waiting(kept: Kept) -> int:
    return sum(len(one._waiting) for one in kept.cache.flights._now.values())


def lasting(
    *headers: bytes, body: bytes = b"hello", control: bytes = b"public, max-age=60"
) -> bytes:
    return ok(body, b"cache-control: " + control, b'etag: "1"', *headers)


def unchanged(control: bytes = b"public, max-age=60") -> bytes:
    head = b'HTTP/1.1 304 Not Modified\r\netag: "1"\r\nx-new: 1\r\ncache-control: '
    return head + control + b"\r\n\r\n"


UNCHANGED = unchanged()
BROKEN = b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 4\r\n\r\nbusy"


async def test_a_public_answer_is_asked_for_once_and_tells_its_age(kept: Kept) -> None:
    kept.answers(lasting(b"age: 7"))
    first, second = await kept.get(), await kept.get()
    assert (first.text, second.text, kept.asked) == ("hello", "hello", 1)
    assert first.headers["cache-status"] == "vigie; fwd=uri-miss; fwd-status=200; stored"
    assert second.headers["cache-status"].startswith("vigie; hit; ttl=5")
    assert second.headers["age"] == "7"
    assert second.headers["access-control-allow-origin"] == "*"
    assert second.headers["traceresponse"] != first.headers["traceresponse"]


@pytest.mark.parametrize(
    "control",
    [
        b"max-age=60",
        b"public",
        b"public, max-age=60, no-store",
        b"public, max-age=60, private",
        b'public, max-age=60, private="x"',
        b"private, max-age=60",
        b'public, max-age=60, ext="',
    ],
)
async def test_what_is_not_said_to_be_for_all_is_not_kept(kept: Kept, control: bytes) -> None:
    kept.answers(ok(b"x", b"cache-control: " + control))
    await kept.get()
    assert (await kept.get()).headers["cache-status"].startswith("vigie; fwd=")
    assert kept.asked == 2


async def test_what_is_no_longer_fresh_is_validated_and_renewed(kept: Kept) -> None:
    kept.answers(lasting(b"age: 61"), UNCHANGED)
    await kept.get()
    renewed = await kept.get()
    assert kept.upstream.received[1].header("if-none-match") == ['"1"']
    assert (renewed.status_code, renewed.text) == (200, "hello")
    assert renewed.headers["cache-status"] == "vigie; fwd=stale; fwd-status=304; stored"
    assert renewed.headers["x-new"] == "1"
    assert (await kept.get()).headers["age"] == "0"
    assert kept.asked == 2


async def test_no_cache_is_validated_at_every_use(kept: Kept) -> None:
    kept.answers(
        lasting(control=b"public, no-cache"), UNCHANGED.replace(b"max-age=60", b"no-cache")
    )
    for _ in range(3):
        assert (await kept.get()).text == "hello"
    assert [one.header("if-none-match") for one in kept.upstream.received] == [[], ['"1"'], ['"1"']]


async def test_a_client_that_has_it_is_answered_304_from_here(kept: Kept) -> None:
    kept.answers(lasting(b"content-type: text/plain"))
    await kept.get()
    for tags in ('"1"', 'W/"1"', '"0", "1"', "*"):
        answer = await kept.get(if_none_match=tags)
        assert (answer.status_code, answer.content) == (304, b"")
        assert answer.headers["etag"] == '"1"'
        assert "content-type" not in answer.headers
        assert "age" in answer.headers
    assert (await kept.get(if_none_match='"2"')).status_code == 200
    assert kept.asked == 1


async def test_a_hundred_who_ask_at_once_are_one_request(kept: Kept) -> None:
    """G3."""
    gate = asyncio.Event()

    async def late(request: Received, writer: asyncio.StreamWriter) -> None:
        await gate.wait()
        writer.write(lasting())

    kept.answers(late)
    asking = [asyncio.create_task(kept.get()) for _ in range(100)]
    flights = kept.cache.flights
    await until(lambda: kept.asked == 1 and waiting(kept) == 99)
    gate.set()
    answers = await asyncio.gather(*asking)
    assert {answer.text for answer in answers} == {"hello"}
    assert kept.asked == 1
    assert sum("collapsed" in answer.headers["cache-status"] for answer in answers) == 99
    assert not flights


async def test_private_reads_are_never_shared(kept: Kept) -> None:
    """G3, the other half."""
    kept.answers(lasting())
    tenants = [kept.gate.bearer("diagnostic:read", tenant=f"t{number}") for number in range(100)]
    answers = await asyncio.gather(
        *(kept.gate.http.get("/v1/diagnostic/things/1", headers=one) for one in tenants)
    )
    assert kept.asked == 100
    assert not [one for one in answers if "cache-status" in one.headers]


async def test_what_broke_is_covered_by_the_last_good_answer(kept: Kept) -> None:
    control = b"public, max-age=60, stale-if-error=600"
    kept.answers(lasting(b"age: 100", control=control), BROKEN)
    await kept.get()
    answer = await kept.get()
    assert (answer.status_code, answer.text) == (200, "hello")
    assert answer.headers["age"] == "100"
    assert answer.headers["cache-status"] == (
        "vigie; fwd=stale; fwd-status=503; ttl=-40; detail=stale-if-error"
    )
    kept.cache.feeds.changed("training")
    assert (await kept.get()).status_code == 503


async def test_what_was_changed_is_validated_before_its_next_use(kept: Kept) -> None:
    kept.answers(lasting(), UNCHANGED)
    await kept.get()
    kept.cache.feeds.changed("diagnostic")
    await kept.get()
    assert kept.asked == 1
    kept.cache.feeds.changed("training")
    for _ in range(2):
        await kept.get()
    assert kept.asked == 2


async def test_a_stale_one_is_shown_while_it_is_validated(kept: Kept) -> None:
    control = b"public, max-age=60, stale-while-revalidate=600"
    kept.answers(lasting(b"age: 100", control=control), UNCHANGED)
    await kept.get()
    shown = await kept.get()
    assert shown.headers["cache-status"] == "vigie; hit; ttl=-40"
    await until(lambda: not kept.cache.flights)
    assert (await kept.get()).headers["cache-status"].startswith("vigie; hit; ttl=")
    assert kept.asked == 2
