"""A certified node that turns hostile or goes back in time: it harms its own figures, nobody's."""

import asyncio
import gzip
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs

import asyncpg
import orjson
import pytest

from observatory.rollups.asking import Asker, Question, Vintage
from tests.gateway.doors import served
from tests.harness import Database
from tests.observatory import federating
from tests.observatory.publishing import name
from tests.observatory.regions import Country, country, rollup

PARTS = (("R32", "BAD", 1.0), ("R84", "GOOD", 1.0))
HEAD = "REF_AREA,SECTOR,MEASURE,TIME_PERIOD,OBS_VALUE,NUMERATOR,DENOMINATOR,METHOD_VERSION\n"
EARLIER, LATER = "2026-10-01T00:00:00Z", "2026-11-01T00:00:00Z"


@dataclass
class Node:
    """Answers whatever it is told to."""

    area: str
    prepared: Any = LATER
    etag: bytes = b'"1"'
    sectors: str = "A"
    refuses: set[str] = field(default_factory=set)
    whatever: tuple[int, dict[bytes, bytes], bytes] | None = None
    asked: list[dict[str, list[str]]] = field(default_factory=list)

    async def __call__(self, scope: Any, _: Any, send: Any) -> None:
        query = parse_qs(scope["query_string"].decode())
        self.asked.append(query)
        status, body = 200, orjson.dumps({"meta": {"prepared": self.prepared}})
        if "asOf" in query:
            status = 400 if self.refuses & query.keys() else 200
            place = int(query["offset"][0])
            shown = self.sectors[place : place + int(query["limit"][0])]
            lines = (f"{self.area},{each},MEAN,2025,0.25,1,4,ilo-2025/1.0.0\n" for each in shown)
            body = (HEAD + "".join(lines)).encode()
        headers = [(b"etag", self.etag)]
        if self.whatever is not None:
            status, told, body = self.whatever
            headers += told.items()
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})


@dataclass
class World:
    """The national node with a good node and a bad one."""

    nation: Country
    good: Node
    bad: Node

    async def state(self, called: str) -> dict[str, Any]:
        read = await self.nation.get(f"/rollups/{called}")
        return {each["agency"]: each for each in read["sources"]}

    async def sectors(self, called: str) -> list[str]:
        cells = (await self.nation.get(f"/rollups/{called}/cells"))["items"]
        return [
            each["key"]["SECTOR"]
            for each in cells
            if any(one["area"] == "R32" for one in each["areas"])
        ]


@pytest.fixture(scope="module")
async def both(database: Database) -> AsyncIterator[World]:
    bad, good = Node("R32"), Node("R84")
    async with (
        country(database) as nation,
        served(bad, lifespan="off") as one,
        served(good, lifespan="off") as other,
    ):
        for agency, url in (("BAD", one), ("GOOD", other)):
            body = federating.node(name=name(agency), base_url=url)
            assert (await nation.put(f"/nodes/{agency}", body)).is_success
            told = federating.report(agency, base_url=url)
            assert (await nation.put(f"/nodes/{agency}/certificate", told, '"1"')).is_success
        yield World(nation, good, bad)


@pytest.fixture
def world(both: World) -> World:
    """Give two nodes that have forgotten the test before."""
    for node in (both.good, both.bad):
        vars(node).update(vars(Node(node.area)))
    return both


async def test_a_tag_that_is_none_is_not_kept(world: World) -> None:
    await world.nation.defined("TAG", rollup(PARTS[:1]))
    for world.bad.etag in (b'"\xff\xfe"', b'"' + b"a" * 7_000 + b'"', b"none"):
        world.bad.asked.clear()
        for _ in range(2):
            assert (await world.nation.pull("TAG", "R32"))["R32"] == "current"
        assert len([each for each in world.bad.asked if "asOf" in each]) == 2, world.bad.etag


async def test_a_vintage_that_is_no_instant_is_no_answer(world: World) -> None:
    await world.nation.defined("PREPARED", rollup(PARTS[:1]))
    for world.bad.prepared in (1, None, "soon", f"{LATER[:-1]}.{'0' * 9_000}Z", [LATER]):
        assert (await world.nation.pull("PREPARED", "R32"))["R32"] != "current"
        assert (await world.state("PREPARED"))["BAD"]["failure"] == "invalid-answer"


async def test_redirections_bombs_and_endless_answers_are_not_followed(world: World) -> None:
    await world.nation.defined("BOMB", rollup(PARTS[:1]))
    zipped = gzip.compress(orjson.dumps({"meta": {"prepared": LATER}}))
    for whatever, code in (
        ((302, {b"location": b"http://169.254.169.254/latest"}, b""), "status-302"),
        ((200, {b"content-encoding": b"gzip"}, zipped), "invalid-answer"),
        ((200, {}, b" " * ((1 << 20) + 1)), "too-large"),
        ((200, {}, b"[" * 100_000), "invalid-answer"),
    ):
        world.bad.whatever = whatever
        await world.nation.pull("BOMB", "R32")
        assert (await world.state("BOMB"))["BAD"]["failure"] == code


async def test_a_node_that_went_back_in_time_is_read_from_the_beginning(world: World) -> None:
    await world.nation.defined("BACK", rollup(PARTS[:1]))
    world.bad.sectors, world.bad.refuses = "AC", {"updatedAfter"}
    assert (await world.nation.pull("BACK", "R32"))["R32"] == "current"
    world.bad.prepared, world.bad.sectors, world.bad.etag = EARLIER, "A", b'"0"'
    assert (await world.nation.pull("BACK", "R32"))["R32"] == "current"
    assert await world.sectors("BACK") == ["A"], "what it has no longer counts no more"
    assert (await world.state("BACK"))["BAD"]["vintage"] == EARLIER


async def test_a_node_that_has_the_vintage_no_longer_is_read_anew(world: World) -> None:
    await world.nation.defined("LOST", rollup(PARTS[:1]))
    world.bad.sectors = "ACJM"
    world.bad.refuses = {"asOf"}
    assert (await world.nation.pull("LOST", "R32"))["R32"] != "current"
    assert (await world.state("LOST"))["BAD"]["failure"] == "status-400"
    world.bad.refuses, world.bad.prepared = set(), EARLIER
    assert (await world.nation.pull("LOST", "R32"))["R32"] == "current"
    assert world.bad.asked[-1]["asOf"] == [EARLIER]


async def test_who_sends_much_is_read_in_turns(world: World) -> None:
    await world.nation.defined("MUCH", rollup(PARTS[:1]))
    world.bad.sectors = "ACJM"
    async with Asker(world.nation.platform.app.state.settings, lines=2) as asker:
        hasty = replace(world.nation.puller, asker=asker, patience=timedelta(0))
        for state in ("reading", "reading", "current"):
            await hasty.pull("MUCH", "R32")
            assert (await world.state("MUCH"))["BAD"]["state"] == state
        places = [each["offset"] for each in world.bad.asked if "asOf" in each]
        assert places == [["0"], ["2"], ["4"]]
        world.bad.prepared, world.bad.etag = "2026-11-02T00:00:00Z", b'"2"'
        await hasty.pull("MUCH", "R32")
    assert (await world.state("MUCH"))["BAD"]["state"] == "reading"
    admin = await asyncpg.connect(world.nation.platform.database.admin_dsn)
    await admin.execute(
        "UPDATE observatory.rollup_source SET current_at = now() - interval '73 hours'"
        " WHERE rollup = 'MUCH'"
    )
    await admin.close()
    assert (await world.state("MUCH"))["BAD"]["state"] == "silent", "nobody waits for it any more"


class _Failing(Asker):
    """Fails at one node, in no way that was foreseen, while another is being read."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.begun, self.failed = asyncio.Event(), asyncio.Event()

    async def vintage(self, question: Question, etag: str | None) -> Vintage | None:
        if question.agency == "BAD":
            await self.begun.wait()
            self.failed.set()
            raise RuntimeError
        self.begun.set()
        await self.failed.wait()
        return await super().vintage(question, etag)


async def test_what_fails_at_one_node_is_nothing_to_the_others(world: World) -> None:
    await world.nation.defined("APART", rollup(PARTS))
    async with _Failing(world.nation.platform.app.state.settings) as asker:
        first = timedelta(hours=1)
        puller = replace(world.nation.puller, asker=asker, pause=first)
        await asyncio.wait_for(puller.look(), 30)
    assert (await world.state("APART"))["GOOD"]["state"] == "current"
