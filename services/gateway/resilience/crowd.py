"""Everybody who is connected: how many they may be, and how slow.

One look a second over all connections costs less than a timer for each, and memory neither.
"""

import asyncio
from dataclasses import dataclass
from typing import Final, Protocol

_LOOK_SECONDS: Final = 1.0
_ROOM_SHARE: Final = 20
"""One idle connection in so many is closed when there is no room: a look at all is not for one."""

_AT_THE_GATE: Final = 64
"""Connections beyond the bound that may say what they want: supervisors ask for our health, and
end us when they are turned away. For one more, the first of them goes."""

_OTHER_FILES: Final = 512
"""To services and database, of modules and logs."""


@dataclass(frozen=True, slots=True)
class Patience:
    """What a connection may cost (seconds, bytes); beyond it, it is ended."""

    head_seconds: float = 10.0
    """From the first byte of a request, or from the connection, to the end of its headers."""

    headers: int = 100
    header_bytes: int = 32_768
    """Of one request; what never ends is refused as it comes."""

    body_seconds: float = 10.0
    """Before the rate of a body counts; also what an answered request's body may still take."""

    body_rate: int = 500
    """Bytes a second that a body has to come with, once it counts."""

    read_seconds: float = 60.0
    """Without room for more of the answer, because the client does not read."""

    idle_seconds: float = 75.0
    """Between two requests: longer than the proxies before us wait, so that they close first."""

    pipelined: int = 16
    """Requests that wait behind the one being answered."""

    connections: int = 12_000


class Guest(Protocol):
    """One connection, as its crowd sees it."""

    idle_since: float | None

    def look(self, now: float) -> None:
        """End it if it was slower than it may be."""

    def dismiss(self) -> None:
        """Close it; it is idle."""

    def turn_away(self) -> None:
        """Tell it that there is no room."""


class Crowd:
    """The connections of one door."""

    def __init__(self, patience: Patience) -> None:
        self.patience = patience
        self.guests: set[Guest] = set()
        self.refused = 0
        self._gate: dict[Guest, None] = {}
        self._most = patience.connections

    def fit(self, files: int) -> None:
        """Stay so far below the files that the process may open that services can be reached."""
        self._most = min(self.patience.connections, max(files - _OTHER_FILES, files // 2))

    def admit(self, guest: Guest) -> bool:
        """Take a connection in, in place of the longest idle ones where there are too many.

        False leaves it at the gate, where it is only asked what it wants.
        """
        if len(self.guests) < self._most or self._make_room():
            self.guests.add(guest)
            return True
        if len(self._gate) >= _AT_THE_GATE:
            self.refuse(next(iter(self._gate)))
        self._gate[guest] = None
        return False

    def refuse(self, guest: Guest) -> None:
        """Turn one at the gate away."""
        self.leave(guest)
        self.refused += 1
        guest.turn_away()

    def leave(self, guest: Guest) -> None:
        """Forget a connection that has ended, or soon will."""
        self.guests.discard(guest)
        self._gate.pop(guest, None)

    def _make_room(self) -> bool:
        idle = sorted(
            (guest.idle_since, number, guest)
            for number, guest in enumerate(self.guests)
            if guest.idle_since is not None
        )
        for _, _, guest in idle[: max(1, len(idle) // _ROOM_SHARE)]:
            self.guests.discard(guest)
            guest.dismiss()
        return bool(idle)

    async def watch(self) -> None:
        """Look at all of them every second, or oftener where patience is shorter."""
        loop = asyncio.get_running_loop()
        every = min(_LOOK_SECONDS, self.patience.head_seconds / 4)
        while True:
            due = loop.time() + every
            await asyncio.sleep(every)
            if loop.time() - due > every:
                continue  # we were late ourselves: what has come meanwhile is not read yet
            for guest in [*self.guests, *self._gate]:  # those that end leave it meanwhile
                guest.look(loop.time())
