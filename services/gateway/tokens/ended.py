"""Tokens that are refused before their time, in the memory of this gateway."""

import time
from datetime import timedelta
from typing import Any, Final

from gateway.tokens import queries

_OVERLAP: Final = timedelta(seconds=60)
_EVER: Final = timedelta(days=365 * 100)


class Ended:
    """The tokens that were revoked, and the clients that were disabled."""

    def __init__(self) -> None:
        self._tokens: dict[str, float] = {}
        self._clients: set[str] = set()
        self._looked: float | None = None
        self._swept = 0.0

    def covers(self, client: str, jti: str) -> bool:
        """Tell whether the token is refused."""
        return jti in self._tokens or client in self._clients

    async def look(self, connection: Any) -> bool:  # noqa: ANN401  # asyncpg's, which has no types
        """Take in what changed since the last look; tell whether anything ended."""
        began = time.monotonic()
        since = timedelta(seconds=began - self._looked) + _OVERLAP if self._looked else _EVER
        tokens = await connection.fetch(queries.ENDED, since)
        clients = await connection.fetch(queries.CLIENTS, since)
        before = len(self._tokens), len(self._clients)
        self._tokens |= {row["jti"]: row["expires"] for row in tokens}
        self._clients |= {row["client_id"] for row in clients if row["disabled"]}
        has_more = (len(self._tokens), len(self._clients)) != before
        self._clients -= {row["client_id"] for row in clients if not row["disabled"]}
        self._looked = began
        if began - self._swept > _OVERLAP.total_seconds():
            self._swept, now = began, time.time() - _OVERLAP.total_seconds()
            self._tokens = {jti: at for jti, at in self._tokens.items() if at > now}
        return has_more
