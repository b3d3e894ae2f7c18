"""Keeps what this process knows of keys and revocations as the database has it.

A change is announced (`NOTIFY`) and looked for every two seconds besides: announcements can be
lost with their connection, and a pooler between may keep them.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any, Final

import asyncpg

from gateway.settings import Settings
from platformkit.db import CONNECT_SECONDS

CHANNEL: Final = "gateway_identity"
ANNOUNCE: Final = f"SELECT pg_notify('{CHANNEL}', '')"
"""Within the transaction of a change; an announcement carries nothing that could be forged."""

_POLL_SECONDS = 2.0
_PAUSE_SECONDS = 0.2
"""Between two looks, however many announcements come."""

_LOOK_SECONDS = 2.0
_RETRY_SECONDS = 0.5
_log = logging.getLogger(__name__)

_OVERLAP = timedelta(seconds=60)
"""A change is dated when its transaction begins, and seen when it has committed."""

_EVER = timedelta(days=365 * 100)

Look = Callable[[Any, timedelta], Awaitable[None]]
"""Takes in what changed, over the connection given, since so long ago."""


class Watch:
    """Looks for all of them, over one connection; `looked` is set after the first attempt.

    Without the database nobody can revoke, and what was known stays good.
    """

    def __init__(self, settings: Settings, looks: Sequence[Look]) -> None:
        self._dsn = settings.database_url.get_secret_value()
        self._looks = looks
        self._announced = asyncio.Event()
        self._is_away = False
        self._done: float | None = None
        self.looked = asyncio.Event()

    async def run(self) -> None:
        """Watch until cancelled."""
        while True:
            try:
                await self._follow()
            except Exception as failure:  # noqa: BLE001  # else revoked keys would be let in for ever
                if not self._is_away:
                    told = {"error.type": type(failure).__qualname__}
                    _log.warning("keys and revocations cannot be read", extra=told)
                self._is_away = True
                self.looked.set()
                await asyncio.sleep(_RETRY_SECONDS)

    async def _follow(self) -> None:
        """Look at once, and again whenever there may be something new, until something fails."""
        connection = await asyncpg.connect(
            self._dsn,
            timeout=CONNECT_SECONDS,
            command_timeout=_LOOK_SECONDS,
            server_settings={"application_name": "vigie gateway watch"},
        )
        try:
            await connection.add_listener(CHANNEL, self._hear)
            while True:
                self._announced.clear()
                began = time.monotonic()
                ago = _EVER if self._done is None else timedelta(seconds=began - self._done)
                for look in self._looks:
                    await look(connection, ago + _OVERLAP)
                self._done = began
                self._is_away = False
                self.looked.set()
                await asyncio.sleep(_PAUSE_SECONDS)
                try:
                    async with asyncio.timeout(_POLL_SECONDS):
                        await self._announced.wait()
                except TimeoutError:
                    continue
        finally:
            connection.terminate()

    def _hear(self, *_: object) -> None:
        self._announced.set()
