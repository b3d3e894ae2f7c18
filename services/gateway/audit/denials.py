"""What the door refused, counted, and written into the audit trail once a minute.

Strangers are counted by reason alone, so that a storm of bad tokens makes a few events; the log has
a line for each request.
"""

import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from gateway.audit import queries
from platformkit import telemetry
from platformkit.auth import Principal

_WRITE_SECONDS = 60.0


@dataclass(slots=True)
class _Tally:
    count: int = 0
    trace_id: str = ""


class Denials:
    """Counts refusals in memory; what was not written is kept while the database is away."""

    def __init__(self) -> None:
        self._tallies: dict[tuple[str, str, str, str], _Tally] = {}
        self._written = 0.0

    def count(self, caller: Principal | None, operation: str, code: str) -> None:
        """Note that the operation was refused to the caller; None is a stranger."""
        who = ("", "", "") if caller is None else (caller.client, caller.tenant, operation)
        tally = self._tallies.setdefault((*who, code), _Tally())
        tally.count += 1
        tally.trace_id = telemetry.trace_id() or ""

    async def write(self, connection: Any, _: timedelta = timedelta()) -> None:  # noqa: ANN401  # asyncpg's, which has no types
        """Write an event for each caller, operation and reason, all or none, when it is time."""
        if not self._tallies or time.monotonic() - self._written < _WRITE_SECONDS:
            return
        self._written = time.monotonic()
        tallies, self._tallies = self._tallies, {}
        events = [
            (client, tenant, "request", "operation", operation, "denied", tally.trace_id,
             f"{code} × {tally.count}")
            for (client, tenant, operation, code), tally in tallies.items()
        ]  # fmt: skip
        try:
            async with connection.transaction():
                await connection.executemany(queries.RECORD, events)
        except BaseException:
            self._restore(tallies)
            raise

    def _restore(self, tallies: dict[tuple[str, str, str, str], _Tally]) -> None:
        for key, tally in tallies.items():
            self._tallies.setdefault(key, _Tally(trace_id=tally.trace_id)).count += tally.count
