"""What an overview adds to its slowest part, over services that all take 5 ms.

The services are made for it, in a process of their own (`parts.py`): theirs is a wait, not work, so
that what is measured is the door's. `python -m tests.bench.fanning door URL DSN` serves that.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import orjson
import uvloop

from gateway.proxy.instance import Instance
from gateway.proxy.upstream import Upstream
from tests.bench.load import Stream, latencies, percentile
from tests.bench.pace import ROUNDS
from tests.bench.parts import Connect, Fan, Noted
from tests.bench.prototype import Prototype
from tests.bench.rounds import Measure, interleave, show
from tests.bench.stage import ROOT, Stage
from tests.gateway.doors import door, served

JOB = "M1607"
_REQUESTS = 320
_AT_ONCE = 32
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
            name: _at(stage.url(service, path), stage.inside(service), share)
            for name, (service, path) in parts.items()
        }
        overview = stage.url("gateway", f"/v1/overviews/jobs/{JOB}")
        measures["overview"] = _at(overview, stage.at_the_door(), share)
        found = await interleave(measures, ROUNDS)
        slowest = max(parts, key=lambda name: sum(found[name]))
        show(f"Overview of a job, p{share * 100:.0f} at one connection (ms)", "ms", found, slowest)
    await _waiting(stage.dsn("gateway"))


def _at(url: str, headers: dict[str, str], share: float) -> Measure:
    async def measure() -> float:
        return percentile(await latencies(url, headers, 300), share)

    return measure


async def _waiting(database: str) -> None:
    """Compare what each request took with the slowest of its own parts, as their service saw it.

    So a slow timer or a busy service is not put down to the door, nor what it does meanwhile.
    """
    async with (
        _child("upstreams") as services,
        _child("door", services[0], database) as told,
        _child("bare", services[0], "3") as bare,
        _child("prototype", services[0], "3") as prototype,
    ):
        url, token = told
        asked = {
            "one part": services[0],
            "bare fan of three": bare[0],
            "prototype of three": f"{prototype[0]}/",
            "overview of three": f"{url}/v1/overviews/jobs/{JOB}?fields=exposure,sessions,calls",
            "overview of six": f"{url}/v1/overviews/jobs/{JOB}",
            "search of four": f"{url}/v1/search?q=comptable",
        }
        for at_once in (1, _AT_ONCE):
            shares: dict[float, dict[str, list[float]]] = {0.5: {}, 0.99: {}}
            for _ in range(ROUNDS):
                for name, one in asked.items():
                    each = str(_REQUESTS // at_once)
                    async with _child("ask", services[0], one, token, str(at_once), each) as over:
                        for share, found in shares.items():
                            value = percentile([float(value) for value in over], share)
                            found.setdefault(name, []).append(value)
            for share, found in shares.items():
                title = f"Over the slowest of its parts of 5 ms, p{share * 100:.0f}"
                show(f"{title}, {at_once} connections (ms)", "ms", found, "prototype of three")


async def _ask(services: str, url: str, token: str, at_once: str, each: str) -> list[str]:
    """Return how much longer each answer took than the slowest of its parts, in milliseconds."""
    headers = {"authorization": f"Bearer {token}"}
    noted = await Stream.open(f"{services}/noted", {})
    for number in ("8", each):  # the first few only open connections
        many = range(int(at_once))
        await noted.ask()
        took = await asyncio.gather(*(_traced(url, headers, int(number)) for _ in many))
    longest = orjson.loads(await noted.ask())
    return [f"{taken - longest[trace]:.3f}" for one in took for trace, taken in one]


async def _traced(url: str, headers: dict[str, str], times: int) -> list[tuple[str, float]]:
    """Ask so many times, one after the other; return trace and milliseconds of each."""
    stream = await Stream.open(url, headers)
    found = []
    for _ in range(times):
        begun = time.perf_counter()
        await stream.ask()
        taken = (time.perf_counter() - begun) * 1000
        found.append((stream.head.partition(b"traceresponse: 00-")[2][:32].decode(), taken))
    stream.close()
    return found


@asynccontextmanager
async def _child(*words: str) -> AsyncIterator[list[str]]:
    """Run a part of this module as a process; give the words that it says first."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", __name__, *words),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        limit=1 << 20,
    )
    assert process.stdout is not None
    try:
        yield (await process.stdout.readline()).decode().split()
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def _serve(words: Sequence[str]) -> None:
    match words:
        case "upstreams", *_:
            await _listen(Noted().connect)
        case "bare", url, parts:
            await _listen(Fan(url, int(parts)).connect)
        case "prototype", url, parts:
            async with served(Prototype(Upstream([Instance(url)]), int(parts)), "off") as opened:
                await _say(opened)
        case "ask", *asked:
            await _say(*await _ask(*asked))
        case "door", url, database:
            await _open(url, database)


async def _open(url: str, database: str) -> None:
    document = orjson.loads((ROOT / "docs" / "api" / "openapi.json").read_bytes())
    urls = dict.fromkeys(("diagnostic", "training", "observatory"), url)
    told = {"document": document, "database_url": database}
    with tempfile.TemporaryDirectory() as folder:
        async with door(Path(folder), urls, **told) as opened:
            await _say(opened.url, opened.token("overviews:read", seconds=3600))


async def _listen(connect: Connect) -> None:
    server = await asyncio.get_running_loop().create_server(connect, "127.0.0.1", 0)
    await _say(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")


async def _say(*words: str) -> None:
    """Tell the parent, then serve until it ends this process."""
    sys.stdout.write(" ".join(words) + "\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(_serve(sys.argv[1:]))  # as deploy/child.py does; asyncio's waits for Nagle here
