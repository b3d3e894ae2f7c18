"""Too much at once: who is refused first, and what operators see of it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from gateway.resilience.load import ANONYMOUS, OWN, READ, WRITE, Load, Overloaded
from tests.gateway.doors import Opened, door
from tests.gateway.scripted import Received, ok, scripted
from tests.gateway.test_instances import slam
from tests.gateway.waiting import until


@pytest.mark.parametrize(
    ("priority", "places"), [(ANONYMOUS, 6), (READ, 8), (WRITE, 9), (OWN, 10)]
)  # fmt: skip
def test_each_priority_may_fill_its_share_of_the_places(priority: int, places: int) -> None:
    load = Load(10)
    for _ in range(places):
        load.enter()
        load.stay(priority)

    def try_to_enter() -> None:
        load.enter()
        load.stay(priority)

    for _ in range(3):
        with pytest.raises(Overloaded) as refused:
            try_to_enter()
        assert 1 <= int(refused.value.headers["retry-after"]) <= 4
        load.inside = places
    load.leave()
    try_to_enter()
    assert sum(load.shed.values()) == 3


@asynccontextmanager
async def full(folder: Path, places: int) -> AsyncIterator[tuple[Opened, asyncio.Event]]:
    """Give a door whose services hold what they get until the event."""
    gate = asyncio.Event()

    async def held(_: Received, writer: asyncio.StreamWriter) -> None:
        await gate.wait()
        writer.write(ok())

    async with scripted(held) as one:
        urls = {"training": one.url, "diagnostic": one.url}
        async with door(folder, urls, max_inside=places) as gate_:
            yield gate_, gate


async def test_the_less_important_is_refused_first_and_health_never(tmp_path: Path) -> None:
    """R-M7."""
    async with full(tmp_path, 10) as (opened, gate):
        limits = httpx.Limits(max_connections=100)
        async with httpx.AsyncClient(base_url=opened.url, timeout=30, limits=limits) as http:
            reader, writer = opened.bearer("diagnostic:read"), opened.bearer("diagnostic:write")
            thing, things = "/v1/diagnostic/things/1", "/v1/diagnostic/things"
            inside = opened.app.own.state.load

            async def fill(count: int, method: str, path: str, headers: dict[str, str]) -> None:
                before = inside.inside
                paths = [path.format(number) for number in range(count)]
                asked = (http.request(method, one, headers=headers) for one in paths)
                held.extend(asyncio.create_task(one) for one in asked)
                await until(lambda: inside.inside == before + count)

            held: list[asyncio.Task[httpx.Response]] = []
            await fill(6, "GET", "/v1/training/echo/{}", {})
            refused = await http.get("/v1/training/echo")
            assert (refused.status_code, refused.json()["code"]) == (503, "overloaded")
            assert 1 <= int(refused.headers["retry-after"]) <= 4
            assert refused.headers["access-control-allow-origin"] == "*", "pages may read it"
            await fill(2, "GET", thing, reader)
            assert (await http.get(thing, headers=reader)).status_code == 503
            await fill(1, "POST", things, writer)
            assert (await http.post(things, headers=writer)).status_code == 503
            token = await http.post("/oauth2/token", data={"grant_type": "x"})
            assert token.status_code == 401, "whoever needs a token gets to ask for it"
            assert (await http.get("/livez")).status_code == 200
            assert (await http.get("/readyz")).json() == {"status": "database unreachable"}
            assert inside.shed == {"anonymous": 1, "read": 1, "write": 1, "own": 0}
            gate.set()
            assert {one.status_code for one in await asyncio.gather(*held)} == {200}
            assert inside.inside == 0
            assert (await http.get("/v1/training/echo")).status_code == 200


async def test_a_full_door_verifies_nothing_and_says_so_at_once(tmp_path: Path) -> None:
    async with full(tmp_path, 1) as (opened, gate):
        first = asyncio.create_task(opened.http.get("/v1/training/echo"))
        await until(lambda: opened.app.own.state.load.inside == 1)
        forged = await opened.http.get(
            "/v1/diagnostic/things/1", headers={"authorization": "Bearer forged"}
        )
        assert forged.status_code == 503
        assert (await opened.http.get("/livez")).status_code == 200
        gate.set()
        assert (await first).status_code == 200


async def test_a_storm_of_refusals_waits_outside(tmp_path: Path) -> None:
    """R-M7: whoever asks again at once keeps nobody inside from being served."""
    async with full(tmp_path, 1) as (opened, gate):
        inside = opened.app.own.state.load
        first = asyncio.create_task(opened.http.get("/v1/training/echo"))
        await until(lambda: inside.inside == 1)
        limits = httpx.Limits(max_connections=100)
        async with httpx.AsyncClient(base_url=opened.url, timeout=30, limits=limits) as http:
            storm = [asyncio.create_task(http.get(f"/v1/training/echo/{n}")) for n in range(60)]
            await until(lambda: inside.held >= 5 and sum(one.done() for one in storm) >= 45)
            assert inside.inside == 1, "who waits to be refused takes nobody's place"
            assert (await http.get("/livez")).status_code == 200
            gate.set()
            assert (await first).status_code == 200, "it does not wait for those refused"
            assert not all(one.done() for one in storm)
            assert {one.status_code for one in await asyncio.gather(*storm)} == {503}
        assert inside.held == 0


async def test_operators_see_what_rests_and_nobody_else_does(tmp_path: Path) -> None:
    told = {"failures_in_a_row": 3, "rest_ms": 60_000}
    async with (
        scripted(slam) as training,
        door(tmp_path, {"training": training.url}, **told) as gate,
    ):
        answers = [await gate.http.post("/v1/training/echo") for _ in range(5)]
        assert [one.status_code for one in answers] == [502, 502, 502, 503, 503]
        resting = answers[-1]
        assert resting.json()["code"] == "upstream-resting"
        assert 59 <= int(resting.headers["retry-after"]) <= 60
        assert (await gate.http.get("/v1/door")).status_code == 401
        forbidden = await gate.http.get("/v1/door", headers=gate.bearer("diagnostic:read"))
        assert forbidden.status_code == 403
        answer = await gate.http.get("/v1/door", headers=gate.bearer("gateway:operate"))
        assert answer.headers["cache-control"] == "no-store"
        body = answer.json()
        (seen,) = body["upstreams"]
        assert (seen["service"], seen["state"], seen["openings"]) == (
            "training",
            "open",
            1,
        )
        assert seen["instances"][0]["address"] == training.url
        assert 59 < seen["back_in"] <= 60
        assert (body["inside"], body["draining"]) == (1, False)
        assert body["connections"] >= 1


async def test_several_instances_are_told_in_the_settings(tmp_path: Path) -> None:
    async with scripted(ok()) as one, scripted(ok()) as two:
        peers = {"training": {"url": one.url, "replicas": [two.url], "key": "k" * 32}}
        async with door(tmp_path, {}, peers=peers) as gate:
            for _ in range(4):
                assert (await gate.http.get("/v1/training/echo")).status_code == 200
            assert [len(one.received), len(two.received)] == [2, 2]
