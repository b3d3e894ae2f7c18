"""Tokens that are refused before their time, in the memory of this gateway."""

import time
from datetime import timedelta
from typing import Any, Final

from gateway.tokens import queries

_SWEEP_SECONDS: Final = 60.0


class Ended:
    """The tokens that were revoked, and the clients that were disabled."""

    def __init__(self) -> None:
        self._tokens: dict[str, float] = {}
        self._clients: set[str] = set()
        self._swept = 0.0

    def covers(self, client: str, jti: str) -> bool:
        """Tell whether the token is refused."""
        return jti in self._tokens or client in self._clients

    async def look(self, connection: Any, since: timedelta) -> bool:  # noqa: ANN401  # asyncpg's, which has no types
        """Take in what changed since then; tell whether anything ended."""
        tokens = await connection.fetch(queries.ENDED, since)
        clients = await connection.fetch(queries.CLIENTS, since)
        before = len(self._tokens), len(self._clients)
        self._tokens |= {row["jti"]: row["expires"] for row in tokens}
        self._clients |= {row["client_id"] for row in clients if row["disabled"]}
        has_more = (len(self._tokens), len(self._clients)) != before
        self._clients -= {row["client_id"] for row in clients if not row["disabled"]}
        now = time.time()
        if now - self._swept > _SWEEP_SECONDS:
            self._swept = now
            recent = now - _SWEEP_SECONDS
            self._tokens = {jti: at for jti, at in self._tokens.items() if at > recent}
        return has_more
