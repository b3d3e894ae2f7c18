"""What an overview adds to its slowest part, over services that all take 5 ms.

The services are made for it, in a process of their own: theirs is a wait, not work, so that what
is measured is the door's. `python -m tests.bench.fanning door URL` serves that.
"""

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import orjson
import uvloop

from tests.bench.load import latencies, percentile
from tests.bench.pace import ROUNDS
from tests.bench.rounds import Measure, interleave, show
from tests.bench.stage import ROOT, Stage
from tests.gateway.doors import door
from tests.gateway.scripted import listening, ok, read_request

JOB = "M1607"
_PART_SECONDS = 0.005
_REQUESTS = 320
_AT_ONCE = 32
_SLOWEST = "a part"
_SESSIONS = "kind=offer&sort=starts_on&facets=false&count=true&limit=10"


async def job(stage: Stage) -> None:
    """Compare the overview of a job with its parts at the services themselves, one connection."""
    parts = {
        "exposure": ("observatory", f"/v1/exposure/jobs/{JOB}"),
        "range": ("observatory", f"/v1/exposure/jobs/{JOB}/range"),
        "mobilities": ("observatory", f"/v1/jobs/{JOB}/mobilities"),
        "certifications": ("training", f"/v1/certifications?rome={JOB}&state=active&limit=10"),
        "sessions": ("training", f"/v1/search?rome={JOB}&{_SESSIONS}"),
    }
    for share in (0.5, 0.99):
        measures = {
            name: _at(stage.url(service, path), stage.inside(service), share, 1, 300)
            for name, (service, path) in parts.items()
        }
        overview = stage.url("gateway", f"/v1/overviews/jobs/{JOB}")
        measures["overview"] = _at(overview, stage.at_the_door(), share, 1, 300)
        found = await interleave(measures, ROUNDS)
        slowest = max(parts, key=lambda name: sum(found[name]))
        show(f"Overview of a job, p{share * 100:.0f} at one connection (ms)", "ms", found, slowest)
    await _waiting()


async def _waiting() -> None:
    async with _child("upstreams") as services, _child("door", services[0]) as told:
        url, token = told
        headers = {"authorization": f"Bearer {token}"}
        urls = {
            _SLOWEST: f"{url}/v1/observatory/exposure/jobs/{JOB}",
            "overview of six": f"{url}/v1/overviews/jobs/{JOB}",
            "search of four": f"{url}/v1/search?q=comptable",
        }
        for at_once in (1, _AT_ONCE):
            measures = {
                name: _at(address, headers, 0.99, at_once, _REQUESTS)
                for name, address in urls.items()
            }
            found = await interleave(measures, ROUNDS)
            title = f"Fan-out over parts of 5 ms, p99 at {at_once} connections (ms)"
            show(title, "ms", found, _SLOWEST)


def _at(url: str, headers: dict[str, str], share: float, at_once: int, requests: int) -> Measure:
    async def measure() -> float:
        each = requests // at_once
        found = await asyncio.gather(*(latencies(url, headers, each) for _ in range(at_once)))
        return percentile([one for many in found for one in many], share)

    return measure


@asynccontextmanager
async def _child(*words: str) -> AsyncIterator[list[str]]:
    """Run a part of this module as a process; give the words that it says first."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", __name__, *words, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        yield (await process.stdout.readline()).decode().split()
    finally:
        process.terminate()
        await process.wait()


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer as a service does, 5 ms later: a part of two kilobytes."""
    items = [{"code": f"M{number}", "label": "x" * 60} for number in range(20)]
    body = orjson.dumps({"items": items, "groups": [], "query": {"matched": "all"}, "total": 20})
    whole = ok(body, b"content-type: application/json")
    while await read_request(reader, 0) is not None:
        await asyncio.sleep(_PART_SECONDS)
        writer.write(whole)
    writer.close()


async def _serve(words: Sequence[str]) -> None:
    if words[0] == "upstreams":
        async with listening(_answer) as url:
            await _say(url)
    document = orjson.loads((ROOT / "docs" / "api" / "openapi.json").read_bytes())
    urls = dict.fromkeys(("diagnostic", "training", "observatory"), words[1])
    with tempfile.TemporaryDirectory() as folder:
        async with door(Path(folder), urls, document=document) as opened:
            await _say(opened.url, opened.token("overviews:read", seconds=3600))


async def _say(*words: str) -> None:
    """Tell the parent, then serve until it ends this process."""
    sys.stdout.write(" ".join(words) + "\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(_serve(sys.argv[1:]))  # as deploy/child.py does; asyncio's waits for Nagle here
