"""More than the door takes at once: it should still answer as many as it can (R-M7)."""

import contextlib

from gateway.resilience import files
from gateway.resilience.load import SHARES
from gateway.settings import Settings
from tests.bench.load import WRK, LoadFailed, latencies, useful
from tests.bench.pace import ROUNDS, SECONDS
from tests.bench.rounds import Measure, console, interleave, show
from tests.bench.stage import Stage

_PLACES = int(Settings.model_fields["max_inside"].default * SHARES["read"])
_TIMES = 4
_SETTLED_MS = 100.0
_LEAST_SECONDS = 5.0
"""Three thousand connections are not open at once."""


async def overload(stage: Stage, path: str) -> None:
    """Compare useful answers of a read under all connections that it takes and four times as many.

    Those who are refused do not wait as they are told, but ask again at once.
    """
    if WRK is None:
        console.print("Goodput under overload: only wrk has so many connections.")
        return
    files.raised()
    door = stage.url("gateway", path)

    headers = stage.past_the_cache()

    def under(connections: int) -> Measure:
        async def measure() -> float:
            await _settled(door, headers)
            seconds = max(SECONDS, _LEAST_SECONDS)
            return await useful(door, headers, connections=connections, seconds=seconds)

        return measure

    name = f"{_PLACES:,} connections"
    subjects = {name: under(_PLACES), f"{_TIMES * _PLACES:,} connections": under(_TIMES * _PLACES)}
    found = await interleave(subjects, ROUNDS)
    show("Goodput: useful answers per second", "/s", found, name)


async def _settled(url: str, headers: dict[str, str]) -> None:
    """Wait until nobody is served any more who has left."""
    while True:
        with contextlib.suppress(LoadFailed):
            if max(await latencies(url, headers, 20)) < _SETTLED_MS:
                return
