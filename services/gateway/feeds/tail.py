"""Tells this process what changed behind the door, as soon as it is in the log.

    tail.listeners.append(lambda entries: …)

Every gateway process hears of every entry, in the order of the log, from its start on.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, Final

from gateway.feeds import queries
from gateway.feeds.entry import Entry

_MOST: Final = 1_000


Listener = Callable[[Sequence[Entry]], None]


class Tail:
    """Is one of the looks of `gateway.watch`, which an announcement wakes."""

    def __init__(self) -> None:
        self.listeners: list[Listener] = []
        self._position: int | None = None

    async def look(self, connection: Any, _: timedelta) -> None:  # noqa: ANN401  # asyncpg's, which has no types
        """Hand on what is new; what came before the first look concerns nobody here."""
        if self._position is None:
            self._position = await connection.fetchval(queries.LAST)
        while True:
            rows = await connection.fetch(queries.AFTER, self._position, _MOST)
            if not rows:
                return
            entries = [Entry(**row) for row in rows]
            self._position = entries[-1].position
            for listener in self.listeners:
                listener(entries)
            if len(rows) < _MOST:
                return
