"""Asked for once: requests for the same answer wait for the one that is on its way.

Who came before the request left may have what it brings, whatever it is. Who came later may have it
while it is fresh; what has to be validated at each use is fetched again, once for all of them
(RFC 9111 §4: an answer is shared with the requests for which it may be used).
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from gateway.cache.entries import Entry
from platformkit.errors import ProblemError


@dataclass(frozen=True, slots=True)
class Failed:
    """No usable answer came; `problem` is the door's word for it, None where the service spoke."""

    problem: ProblemError | None = None


class Alone:
    """What came was not to be shared: each asks for its own."""


ALONE: Final = Alone()


@dataclass(slots=True)
class _Waiter:
    place: "asyncio.Future[Outcome]"
    is_strict: bool
    is_early: bool = False


@dataclass(slots=True, eq=False)
class Flight:
    """One request on its way, led by whoever sends it; ended once, in one of four ways."""

    key: object
    over: "Flights"
    _waiting: list[_Waiter] = field(default_factory=list)
    is_ended: bool = False

    async def wait(self, until: float, *, is_strict: bool) -> "Outcome":
        """Wait for what it brings, until that loop time (TimeoutError).

        `is_strict` takes only what was asked for after this call. A flight is for the caller to
        lead.
        """
        waiter = _Waiter(asyncio.get_running_loop().create_future(), is_strict)
        self._waiting.append(waiter)
        try:
            async with asyncio.timeout_at(until):
                return await waiter.place
        except BaseException:
            if waiter.place.done() and not waiter.place.cancelled():
                given = waiter.place.result()
                if isinstance(given, Flight):  # it came, and we left
                    given.hand_over()
            else:
                waiter.place.cancel()
            raise

    def bring(self, entry: Entry, *, is_fresh: bool) -> None:
        """Give the entry to all that may have it; the others ask again, together."""
        late = []
        for waiter in self._live():
            if waiter.is_early or (is_fresh and not waiter.is_strict):
                waiter.place.set_result(entry)
            else:
                late.append(waiter)
        self._go_on(late)

    def fail(self, problem: ProblemError | None) -> None:
        """Tell all that nothing usable came."""
        self._tell(Failed(problem))

    def release(self) -> None:
        """Let each ask for its own."""
        self._tell(ALONE)

    def hand_over(self) -> None:
        """Let another lead: this one's client left, or had less time than they."""
        if not self.is_ended:
            self._go_on(self._live())

    def _tell(self, outcome: "Outcome") -> None:
        for waiter in self._live():
            waiter.place.set_result(outcome)
        self._go_on([])

    def _live(self) -> list[_Waiter]:
        return [waiter for waiter in self._waiting if not waiter.place.done()]

    def _go_on(self, waiting: list[_Waiter]) -> None:
        self.is_ended = True
        if not waiting:
            self.over.end(self)
            return
        first, *rest = waiting
        for waiter in rest:
            waiter.is_early = True
        first.place.set_result(self.over.begin(self.key, rest))


Outcome = Entry | Failed | Alone | Flight


class Flights:
    """The requests on their way, by what they ask for."""

    def __init__(self) -> None:
        self._now: dict[object, Flight] = {}

    def __len__(self) -> int:
        return len(self._now)

    def get(self, key: object) -> Flight | None:
        """Return the flight to wait for."""
        return self._now.get(key)

    def begin(self, key: object, waiting: Iterable[_Waiter] = ()) -> Flight:
        """Return a flight to lead."""
        self._now[key] = flight = Flight(key, self, list(waiting))
        return flight

    def end(self, flight: Flight) -> None:
        """Forget it, unless another took its place."""
        if self._now.get(flight.key) is flight:
            del self._now[flight.key]
