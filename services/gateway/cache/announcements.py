"""Follows what the services publish, so that nothing is shown as right that was changed.

Each service's `change` table announces every commit that wrote to it (trigger, NOTIFY). All that is
kept of that service is then validated before its next use, which costs a 304 where nothing changed.
Polling the feeds instead would be late by the longest running transaction: they show only what is
older than all that run. Of a service with a database of its own, whose announcements do not reach
ours, the log of changes (`gateway.feeds`) tells so, late as it is.

An announcement dies with its connection, and a pooler may keep it. So at each look (every two
seconds) we say something to ourselves: who does not hear it is sure of nothing, and validates
everything until it hears again.
"""

import asyncio
import contextlib
from collections.abc import Iterable
from datetime import timedelta
from typing import Any, Final

CHANNEL: Final = "vigie_changes"
_SURE_SECONDS: Final = 5.0
"""From a look that heard itself to when the next one is late."""


class Announcements:
    """Counts, for each service, the changes that this process knows of."""

    def __init__(self, services: Iterable[str], *, hear_within: float = 1.0) -> None:
        self._hear_within = hear_within
        self._epochs = dict.fromkeys(services, 0)
        self.sure_until = float("-inf")
        """Loop time until when every change has been heard of."""

        self._connection: object = None
        self._ours = f"?{id(self):x}-"
        self._number = 0
        self._heard = asyncio.Event()

    def epoch(self, service: str) -> int:
        """Count the changes of a service; the same number twice means that nothing was changed."""
        return self._epochs.get(service, 0)

    def changed(self, *services: str) -> None:
        """Note that the services may answer otherwise from now on."""
        for service in services:
            if service in self._epochs:
                self._epochs[service] += 1

    async def look(self, connection: Any, _since: timedelta) -> None:  # noqa: ANN401  # asyncpg's, which has no types
        """Listen on a connection that is new, and find out whether we hear."""
        began = asyncio.get_running_loop().time()
        if connection is not self._connection:
            await connection.add_listener(CHANNEL, self._hear)
            connection.add_termination_listener(self._lose)
            self._connection = connection
            self.changed(*self._epochs)  # what was said meanwhile, nobody heard
        self._number += 1
        self._heard.clear()
        word = f"{self._ours}{self._number}"
        await connection.execute("SELECT pg_notify($1, $2)", CHANNEL, word)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._hear_within):
                await self._heard.wait()
            self.sure_until = began + _SURE_SECONDS

    def _lose(self, connection: object) -> None:
        if connection is self._connection:
            self.sure_until = float("-inf")

    def _hear(self, _connection: object, _process: int, _channel: str, said: str) -> None:
        if said == f"{self._ours}{self._number}":
            self._heard.set()
        else:
            self.changed(said)
