"""A service of several instances: whom the door asks, whom it sets aside, whom it asks again."""

import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

import pytest

from gateway.proxy.exchange import UpstreamFailed
from gateway.proxy.instance import Instance, Request
from gateway.proxy.upstream import Policy, Upstream
from gateway.resilience.breaker import Rule
from tests.gateway.scripted import Answer, Received, ok, scripted
from tests.gateway.test_breaker import Clock
from tests.gateway.waiting import until

NOBODY = "http://127.0.0.1:9"
BROKEN = b"HTTP/1.1 500 Internal Server Error\r\ncontent-length: 0\r\n\r\n"
POLICY = Policy(
    breaker=Rule(5, base=1.0, longest=30.0),
    ejection=Rule(5, base=5.0, longest=60.0),
    slow_seconds=0.05,
)


class Middle(random.Random):
    """Draws no pause at all, so that tests do not wait."""

    def uniform(self, a: float, b: float) -> float:  # noqa: ARG002  # random's signature
        return a


def unavailable(*headers: bytes) -> bytes:
    lines = [b"HTTP/1.1 503 Service Unavailable", b"content-length: 0", *headers]
    return b"\r\n".join(lines) + b"\r\n\r\n"


async def slam(_: Received, writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()


def service(
    urls: Sequence[str], policy: Policy = POLICY, clock: Clock | None = None, **pool: float
) -> Upstream:
    instances = [Instance(url, **pool) for url in urls]  # type: ignore[arg-type]  # ints among them
    return Upstream(instances, policy, clock=clock or Clock(), dice=Middle())


def asked(method: str = "GET", within: float = 5.0, body: bytes | None = None) -> Request:
    async def pieces() -> AsyncIterator[bytes]:
        yield body or b""

    until = asyncio.get_running_loop().time() + within
    return Request(method, b"/", b"", until, pieces() if body else None, len(body or b""))


async def ask(upstream: Upstream, request: Request | None = None) -> int:
    with await upstream.send(request or asked()) as answer:
        await answer.read(1_000_000)
        return answer.status


async def outcomes(upstream: Upstream, count: int, method: str = "GET") -> list[int | str]:
    found: list[int | str] = []
    for _ in range(count):
        try:
            found.append(await ask(upstream, asked(method)))
        except UpstreamFailed as failure:
            found.append(failure.reason)
    return found


async def test_requests_go_round_and_to_the_least_busy_first() -> None:
    gate = asyncio.Event()

    async def held(_: Received, writer: asyncio.StreamWriter) -> None:
        await gate.wait()
        writer.write(ok())

    async with scripted(ok()) as one, scripted(ok()) as two, scripted(held) as three:
        upstream = service([one.url, two.url, three.url])
        slow = [asyncio.create_task(ask(upstream)) for _ in range(3)]
        await until(lambda: len(three.received) == 1)
        assert await outcomes(upstream, 20) == [200] * 20
        assert len(three.received) == 1, "it still has its first"
        assert [len(one.received), len(two.received)] in ([11, 11], [10, 12], [12, 10])
        gate.set()
        assert await asyncio.gather(*slow) == [200, 200, 200]


@pytest.mark.parametrize("bad", [BROKEN, unavailable(b"retry-after: 9"), slam, b"nonsense\r\n\r\n"])
async def test_an_instance_that_fails_five_times_in_a_row_is_set_aside_and_tried_again(
    bad: Answer,
) -> None:
    """R-M5: for base × the number of ejections in a row, then one request is its trial."""
    clock = Clock()
    async with scripted(*[bad] * 6, ok()) as sick, scripted(ok()) as sound:
        upstream = service([sick.url, sound.url], clock=clock)
        member = upstream.members[0]
        await outcomes(upstream, 12, "POST")
        assert len(sick.received) == 5
        assert (member.breaker.state, upstream.ejections) == ("open", 1)
        assert await outcomes(upstream, 10) == [200] * 10
        for rest, sent in ((5.0, 6), (10.0, 7)):
            clock.now += rest - 0.1
            await outcomes(upstream, 6)
            assert len(sick.received) == sent - 1, "it rests"
            clock.now += 0.2
            assert await outcomes(upstream, 2, "POST") == [200, 200], "no write is a trial"
            await outcomes(upstream, 2)
            assert len(sick.received) >= sent
        assert member.breaker.closed
        assert upstream.breaker.closed


async def test_never_more_than_the_share_is_set_aside() -> None:
    async with scripted(BROKEN) as one, scripted(BROKEN) as two, scripted(BROKEN) as three:
        upstream = service([one.url, two.url, three.url])
        assert await outcomes(upstream, 60) == [500] * 60
        assert sum(not member.breaker.closed for member in upstream.members) == 1
        lone = service([one.url])
        assert await outcomes(lone, 20) == [500] * 20, "a route with a bug closes no service"
        assert lone.members[0].breaker.closed


async def test_a_service_that_gives_no_answer_rests_and_is_not_touched() -> None:
    """R-M5: five resets, then refusals without a connection; one probe, and it is back."""
    clock = Clock()
    async with scripted(*[slam] * 6, ok()) as training:
        upstream = service([training.url], clock=clock)
        assert await outcomes(upstream, 5, "POST") == ["truncated"] * 5
        assert await outcomes(upstream, 50) == ["resting"] * 50
        assert training.connections == 5
        with pytest.raises(UpstreamFailed) as caught:
            await ask(upstream)
        assert caught.value.retry_after == 1.0
        clock.now += 1.0
        assert await outcomes(upstream, 3) == ["truncated", "resting", "resting"]
        clock.now += 1.9
        assert await outcomes(upstream, 1) == ["resting"], "twice as long as before"
        clock.now += 0.2
        assert await outcomes(upstream, 20) == [200] * 20
        assert upstream.openings == 2


async def test_a_service_that_nobody_listens_for_is_there_as_soon_as_it_is_started() -> None:
    """R-M13: any order of starting."""
    upstream = service([NOBODY])
    assert await outcomes(upstream, 50) == ["unreachable"] * 50
    assert upstream.breaker.closed


async def test_only_one_request_at_a_time_tries_a_resting_service() -> None:
    clock = Clock()
    gate = asyncio.Event()

    async def held(_: Received, writer: asyncio.StreamWriter) -> None:
        await gate.wait()
        writer.write(ok())

    async with scripted(*[slam] * 5, held, ok()) as training:
        upstream = service([training.url], clock=clock)
        await outcomes(upstream, 5, "POST")
        clock.now += 1.0
        left = asyncio.create_task(ask(upstream))
        await until(lambda: len(training.received) == 6)
        assert await outcomes(upstream, 10) == ["resting"] * 10
        left.cancel()
        with pytest.raises(asyncio.CancelledError):
            await left
        gate.set()
        assert await outcomes(upstream, 10) == [200] * 10, "whoever left holds no place"


async def test_a_callers_haste_is_nobodys_fault() -> None:
    async def late(_: Received, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.2)
        writer.write(ok())

    async with scripted(late) as training:
        upstream = service([training.url], replace(POLICY, slow_seconds=1.5))
        hasty = [ask(upstream, asked(within=0.02)) for _ in range(20)]
        found = await asyncio.gather(*hasty, return_exceptions=True)
        assert {str(one) for one in found} == {"timeout"}
        assert (upstream.breaker.failures, upstream.breaker.state) == (0, "closed")
        upstream = service([training.url])
        patient = [ask(upstream, asked(within=0.08)) for _ in range(5)]
        await asyncio.gather(*patient, return_exceptions=True)
        assert upstream.breaker.state == "open"


async def test_whoever_answers_others_meanwhile_is_busy_and_not_gone() -> None:
    """R-M7: put to rest by those who wait too long, it would answer nobody."""

    async def some(seen: Received, writer: asyncio.StreamWriter) -> None:
        if seen.method == "GET":
            writer.write(ok())

    async with scripted(some) as training:
        upstream = service([training.url])
        late = [ask(upstream, asked("HEAD", within=0.5)) for _ in range(6)]
        *failed, good = await asyncio.gather(*late, ask(upstream), return_exceptions=True)
        assert ({str(one) for one in failed}, good) == ({"timeout"}, 200)
        assert upstream.breaker.closed


async def test_a_client_that_is_slow_to_send_is_not_the_services_fault() -> None:
    async def drip() -> AsyncIterator[bytes]:
        yield b"a"
        await asyncio.sleep(5)

    async with scripted(ok()) as training:
        upstream = service([training.url])
        for _ in range(6):
            until_ = asyncio.get_running_loop().time() + 0.06
            with pytest.raises(UpstreamFailed, match="timeout"):
                await ask(upstream, Request("PUT", b"/", b"", until_, drip(), 9))
        assert upstream.breaker.closed


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_whoever_refuses_the_connection_has_seen_nothing_so_the_next_is_asked(
    method: str,
) -> None:
    """R-M13: an instance that is being started again costs no request, not even a write."""
    async with scripted(ok()) as sound:
        upstream = service([NOBODY, sound.url])
        for _ in range(10):
            body = b"abc" if method == "POST" else None
            assert await ask(upstream, asked(method, body=body)) == 200
        assert upstream.ejections == 1
        assert upstream.retries == 0, "none of the budget is spent on it"
        if method == "POST":
            assert {seen.body for seen in sound.received} == {b"abc"}


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"])
async def test_what_is_idempotent_is_asked_again(method: str) -> None:
    async with scripted(*[ok()] * 5, slam, ok()) as training:
        upstream = service([training.url], idle_for=0.0)
        assert await outcomes(upstream, 6, method) == [200] * 6
        assert (len(training.received), upstream.retries) == (7, 1)


async def test_what_may_have_been_done_is_not_asked_again() -> None:
    async with scripted(*[ok()] * 5, slam, slam, ok()) as training:
        upstream = service([training.url], idle_for=0.0)
        await outcomes(upstream, 5)
        assert await outcomes(upstream, 1, "POST") == ["truncated"]
        with pytest.raises(UpstreamFailed, match="truncated"):
            await ask(upstream, asked("PUT", body=b"its body is gone"))
        assert len(training.received) == 7


@pytest.mark.parametrize("answer", [slam, unavailable()])
async def test_retries_are_at_most_a_fifth_of_the_requests(answer: Answer) -> None:
    """R-M9, with a service that fails always and a breaker that does not open."""
    policy = Policy(breaker=Rule(failures=10_000))
    async with scripted(answer) as training:
        upstream = service([training.url], policy, idle_for=0.0)
        await outcomes(upstream, 100)
        assert 110 <= len(training.received) <= 120


async def test_retry_after_is_honoured_by_waiting_or_by_leaving_it_to_the_caller() -> None:
    soon, late, date = (
        unavailable(b"retry-after: " + value)
        for value in (b"0", b"2", b"Fri, 27 Nov 2026 08:00:00 GMT")
    )
    async with scripted(*[ok()] * 20, soon, ok(), late, date, ok()) as training:
        upstream = service([training.url])
        await outcomes(upstream, 20)
        assert await outcomes(upstream, 3) == [200, 503, 503]
        assert upstream.retries == 1


async def test_no_retry_is_begun_that_would_end_after_the_deadline() -> None:
    wait = unavailable(b"retry-after: 1")
    async with scripted(*[ok()] * 5, wait, ok()) as training:
        upstream = service([training.url])
        await outcomes(upstream, 5)
        assert await ask(upstream, asked(within=0.9)) == 503
        assert len(training.received) == 6


async def test_a_storm_of_cancelled_calls_over_instances_leaves_nothing_behind() -> None:
    """G2, on two instances."""

    async def slow(_: Received, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.02)
        writer.write(ok())

    async with scripted(slow) as one, scripted(slow) as two:
        upstream = service([one.url, two.url], size=5)

        async def impatient(number: int) -> None:
            try:
                async with asyncio.timeout(0.001 * (number % 30)):
                    await ask(upstream)
            except TimeoutError:
                pass

        for _ in range(6):
            await asyncio.gather(*(impatient(number) for number in range(100)))
        assert await asyncio.gather(*(ask(upstream) for _ in range(10))) == [200] * 10
        assert [member.busy for member in upstream.members] == [0, 0]
        assert upstream.opened <= 10
