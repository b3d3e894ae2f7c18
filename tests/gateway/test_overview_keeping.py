"""Parts of overviews that anybody may read come by the door's cache, and say how old they are."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from platformkit.i18n import language
from tests.gateway.doors import Opened, door
from tests.gateway.scripted import Answer, Received, Scripted, scripted
from tests.gateway.test_overviews import json_answer, open_data
from tests.gateway.waiting import until

OPENAPI = Path(__file__).parents[2] / "docs" / "api" / "openapi.json"
FIVE = "exposure,range,mobilities,certifications,sessions"
"""Parts that are of this job alone; calls for projects are the same for all."""

HIT = {"items": [], "groups": [], "query": {"matched": "all"}, "total": 0}
UNCHANGED = b'HTTP/1.1 304 Not Modified\r\netag: "1"\r\ncache-control: public, max-age=60\r\n\r\n'


class Read:
    """A gateway that hears every change, before one service that plays all three."""

    def __init__(self, gate: Opened, services: Scripted) -> None:
        self.gate, self.services = gate, services
        self.feeds = gate.app.own.state.cache.announcements
        self._number = 1000

    def job(self, *answers: Answer) -> str:
        """Let the services give these, for a job that nothing is kept of."""
        self._number += 1
        self.services.answers[:] = answers
        self.services.received.clear()
        return f"/v1/overviews/jobs/M{self._number}?fields={FIVE}"

    async def get(self, path: str, *scopes: str, **headers: str) -> httpx.Response:
        told = self.gate.bearer("overviews:read", *scopes, tenant="cci-hdf") | headers
        answer = await self.gate.http.get(path, headers=told)
        assert answer.status_code == 200, answer.text
        return answer

    @property
    def asked(self) -> int:
        return len(self.services.received)


@pytest.fixture(scope="module")
async def opened(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Read]:
    document = json.loads(OPENAPI.read_bytes())
    names = ("diagnostic", "training", "observatory")
    async with (
        scripted(json_answer({})) as services,
        door(
            tmp_path_factory.mktemp("read"), dict.fromkeys(names, services.url), document=document
        ) as gate,
    ):
        yield Read(gate, services)


@pytest.fixture
def read(opened: Read) -> Read:
    opened.feeds.sure_until = float("inf")
    return opened


def aged(value: object, seconds: int, age: int, more: bytes = b"") -> bytes:
    answer = open_data(value, seconds)
    head = b'age: %d\r\netag: "1"\r\ncontent-type' % age
    return answer.replace(b"content-type", head, 1).replace(b"max-age", more + b"max-age", 1)


def parts(answer: httpx.Response) -> dict[str, Any]:
    found: dict[str, Any] = answer.json()
    assert found.pop("unavailable") == []
    return found


def written(part: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(part["as_of"])


async def test_what_is_kept_is_not_asked_for_again_and_tells_when_it_was_right(read: Read) -> None:
    path = read.job(aged({"n": 1}, 300, 40))
    first = await read.get(path)
    assert read.asked == 5
    again = await read.get(path)
    assert read.asked == 5
    for answer in (first, again):
        assert answer.headers["cache-control"] in {"public, max-age=260", "public, max-age=259"}
        for part in parts(answer).values():
            assert part["data"] == {"n": 1}
            old = datetime.now(UTC) - written(part)
            assert timedelta(seconds=38) < old < timedelta(seconds=50)
    assert first.headers["etag"] == again.headers["etag"]


async def test_it_is_what_the_door_keeps_for_everybody(read: Read) -> None:
    path = read.job(aged({"n": 1}, 300, 0))
    await read.get(path)
    alone = parts(await read.get(path))["exposure"]["href"]
    headers = {"accept": "application/json", "accept-language": "fr"}
    answer = await read.gate.http.get(alone, headers=headers)
    assert answer.headers["cache-status"].startswith("vigie; hit")
    assert read.asked == 5


async def test_languages_are_kept_apart(read: Read) -> None:
    vary = b"vary: Accept-Language\r\netag"
    path = read.job(aged({"n": 1}, 300, 0).replace(b"etag", vary, 1))
    for language_ in ("fr", "en", "fr", "en"):
        await read.get(path, **{"accept-language": language_})
    assert read.asked == 10
    assert language() == "fr"


async def test_what_was_changed_is_validated_before_it_is_shown(read: Read) -> None:
    path = read.job(*[aged({"n": 1}, 300, 0)] * 5, aged({"n": 2}, 300, 0))
    await read.get(path)
    read.feeds.changed("observatory")
    seen = parts(await read.get(path))
    assert {name: part["data"]["n"] for name, part in seen.items()} == {
        "exposure": 2,
        "range": 2,
        "mobilities": 2,
        "certifications": 1,
        "sessions": 1,
    }
    assert read.asked == 8
    assert read.services.received[-1].header("if-none-match") == ['"1"']


async def test_what_an_instant_may_change_is_validated_each_time(read: Read) -> None:
    """Embargoed and hidden values are `no-cache`."""
    strict = aged({"n": 1}, 0, 0).replace(b"max-age=0", b"no-cache")
    path = read.job(strict)
    for _ in range(2):
        assert (await read.get(path)).headers["cache-control"] == "public, no-cache"
    assert read.asked == 10


async def test_the_figures_of_a_territory_are_validated_each_time_and_its_exposure_is_not(
    read: Read,
) -> None:
    """So a figure that was published or hidden is told at once, and the rest costs nothing."""
    figures, tag = {"items": ["old"]}, "1"

    async def told(request: Received, writer: asyncio.StreamWriter) -> None:
        if request.target.startswith("/v1/exposure/"):
            writer.write(aged({"mean": 0.3}, 300, 0))
            return
        held = request.header("if-none-match") == [f'"{tag}"']
        answer = UNCHANGED.replace(b"max-age=60", b"max-age=0") if held else aged(figures, 0, 0)
        answer = answer.replace(b"max-age=0", b"no-cache")
        writer.write(answer.replace(b'"1"', f'"{tag}"'.encode()))

    read.job(told)
    path = "/v1/overviews/territories/R32?fields=exposure,indicators"
    for asked in (2, 3):
        answer = await read.get(path)
        assert answer.headers["cache-control"] == "public, no-cache"
        assert parts(answer)["indicators"]["data"] == {"items": ["old"]}
        assert read.asked == asked
    figures, tag = {"items": ["new"]}, "2"
    assert parts(await read.get(path))["indicators"]["data"] == {"items": ["new"]}
    assert read.asked == 4
    read.feeds.changed("observatory")
    await read.get(path)
    assert read.asked == 6, "of what was changed all is validated"


async def test_many_who_ask_at_once_ask_each_service_once(read: Read) -> None:
    gate = asyncio.Event()

    async def late(_: Received, writer: asyncio.StreamWriter) -> None:
        await gate.wait()
        writer.write(aged({"n": 1}, 300, 0))

    path = read.job(late)
    asking = [asyncio.create_task(read.get(path)) for _ in range(10)]
    flights = read.gate.app.own.state.cache.flights

    def waiting() -> int:
        return sum(len(flight._waiting) for flight in flights._now.values())

    await until(lambda: read.asked == 5 and waiting() == 45)
    gate.set()
    for answer in await asyncio.gather(*asking):
        assert len(parts(answer)) == 5
    assert read.asked == 5


async def test_the_last_good_answer_stands_in_and_is_nobodys_to_keep(read: Read) -> None:
    broken = json_answer({"code": "broken"}, b"500 Internal Server Error")
    path = read.job(*[aged({"n": 1}, 60, 100, b"stale-if-error=600, ")] * 5, broken)
    await read.get(path)
    answer = await read.get(path)
    assert read.asked > 5
    assert answer.headers["cache-control"] == "public, no-cache"
    for part in parts(answer).values():
        assert datetime.now(UTC) - written(part) > timedelta(seconds=98)
    read.feeds.changed("observatory")
    gaps = (await read.get(path)).json()["unavailable"]
    assert {gap["part"]: gap["reason"] for gap in gaps} == {
        "exposure": "broken",
        "range": "broken",
        "mobilities": "broken",
    }


async def test_what_belongs_to_a_tenant_is_asked_for_each_caller(read: Read) -> None:
    """Even where a service were to call it public."""
    read.job(aged({"n": 1}, 300, 0))
    path = "/v1/overviews/territories/59?fields=cohorts"
    for _ in range(2):
        await read.get(path, "diagnostic:read")
    assert read.asked == 2


async def test_what_is_too_large_or_cut_is_a_gap(read: Read) -> None:
    large = open_data(["x" * 2_100_000], 300)
    cut = open_data({"n": 1}, 300).replace(b'{"n": 1}', b'{"n"')
    for answer, reason in [(large, "invalid"), (cut + b"connection: close", "truncated")]:

        async def given(_: Received, writer: asyncio.StreamWriter, answer: bytes = answer) -> None:
            writer.write(answer.removesuffix(b"connection: close"))
            if answer.endswith(b"close"):
                writer.close()

        path = read.job(given, json_answer({}))
        found = (await read.get(path.replace(FIVE, "exposure,range"))).json()
        gaps = {gap["part"]: gap["reason"] for gap in found["unavailable"]}
        assert gaps.get("exposure", gaps.get("range")) == reason


@pytest.mark.parametrize(
    ("quick", "whole"),
    [
        ("/v1/overviews/jobs/M1999", f"/v1/overviews/jobs/M1999?fields={FIVE},calls"),
        ("/v1/search?q=x%20y", "/v1/search?q=&q=x%20y"),
        ("/v1/search?limit=5&q=x&kind=jobs", "/v1/search?q=z&limit=5&kind=jobs&q=x"),
    ],
)
async def test_both_ways_to_an_answer_say_the_same(read: Read, quick: str, whole: str) -> None:
    """The route is slower, and knows every form of the question."""
    read.job(aged(HIT, 300, 5))
    answers = [await read.get(one) for one in (quick, whole)]
    first, second = ({name: one.headers[name] for name in one.headers} for one in answers)
    for varying in ("date", "etag", "traceresponse", "server-timing", "content-length"):
        first.pop(varying, None), second.pop(varying, None)
    for named in (first, second):
        for name in [name for name in named if name.startswith("ratelimit")]:
            named.pop(name)
    assert first == second
    bodies = [json.loads(one.text, object_hook=timeless) for one in answers]
    assert bodies[0] == bodies[1]


def timeless(found: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in found.items() if name != "as_of"}
