"""How late the event loop runs what is due: the first sign that one core is not enough."""

import asyncio
import logging

_EVERY_SECONDS = 0.5
_LATE_SECONDS = 1.0
_log = logging.getLogger(__name__)


class Lag:
    """Looks twice a second; `worst` is the longest delay since it was last read."""

    def __init__(self) -> None:
        self._worst = 0.0

    async def watch(self) -> None:
        """Watch until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + _EVERY_SECONDS
            await asyncio.sleep(_EVERY_SECONDS)
            late = loop.time() - due
            self._worst = max(self._worst, late)
            if late > _LATE_SECONDS:
                _log.warning("event loop was late", extra={"seconds": round(late, 2)})

    def worst(self) -> float:
        """Give the longest delay in seconds, and begin anew."""
        worst, self._worst = self._worst, 0.0
        return worst
