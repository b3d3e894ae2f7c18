"""What the observatory says of the jobs of the region, kept for a while in each process."""

import asyncio
import time
from collections.abc import Mapping
from contextvars import Context
from dataclasses import dataclass
from typing import Final

from platformkit import deadlines
from platformkit.clients.base import PeerProblem, PeerUnavailable
from platformkit.clients.observatory import ObservatoryClient

REGION: Final = "R32"
"""Employment by job is known of regions only: what is smaller has the weights of its region."""

EXPOSED: Final = ("gradient_1", "gradient_2", "gradient_3", "gradient_4")
"""The classes of the ILO (2025) that count as exposed, lowest first."""

_RETRY: Final = 15.0
"""Seconds after a failure."""

_LONGEST: Final = 10.0
"""Seconds that anybody waits for all pages."""


@dataclass(frozen=True, slots=True)
class Exposed:
    """A job of ROME v3: its mean exposure, its class, its employment in the region."""

    label: str
    """That of ROME v3; in ROME 4.0 the same code has a narrower one."""
    mean: float
    grade: str | None
    employment: float


@dataclass(frozen=True, slots=True)
class Exposure:
    """The jobs by code, of one release of the observatory's tables."""

    release: str
    jobs: Mapping[str, Exposed]


class Exposures:
    """The last exposure that was read; while the observatory is away it stays, and is said so."""

    def __init__(self, fresh_seconds: float = 600.0) -> None:
        self._fresh_seconds = fresh_seconds
        self._kept: Exposure | None = None
        self._reason: str | None = None
        self._until = 0.0
        self._asking: asyncio.Task[None] | None = None

    async def now(self, observatory: ObservatoryClient) -> tuple[Exposure | None, str | None]:
        """Return what is known, and why it could not be asked anew, if so.

        While one waits for what is asked, others have what is kept. It is asked for all, beside
        the request: a caller in a hurry does not tell whether the observatory is away.
        """
        asking = self._asking
        if asking is not None and self._kept is not None:
            return self._kept, self._reason
        if asking is None and time.monotonic() >= self._until:
            asking = asyncio.create_task(self._ask(observatory), context=Context())
            asking.add_done_callback(self._asked)
            self._asking = asking
        if asking is not None:
            done, _ = await asyncio.wait({asking}, timeout=deadlines.remaining(_LONGEST))
            if not done:
                return self._kept, "deadline"
            asking.result()
        return self._kept, self._reason

    async def close(self) -> None:
        """Leave what is being asked."""
        if self._asking is not None:
            self._asking.cancel()
            await asyncio.wait({self._asking})

    def _asked(self, _: asyncio.Task[None]) -> None:
        self._asking = None

    async def _ask(self, observatory: ObservatoryClient) -> None:
        try:
            self._kept, self._reason = await _read(observatory), None
        except PeerUnavailable as absence:
            self._reason = absence.reason
        except PeerProblem as refusal:
            self._reason = f"{refusal.status} {refusal.code}"
        kept = self._fresh_seconds
        self._until = time.monotonic() + (kept if self._reason is None else min(kept, _RETRY))


async def _read(observatory: ObservatoryClient) -> Exposure:
    """Read all pages; raises PeerUnavailable where the tables changed between two of them."""
    page = await observatory.territory_jobs(REGION)
    items, release = list(page.items), page.release
    while page.next is not None:
        page = await observatory.territory_jobs(REGION, page.next)
        if page.release != release:
            raise PeerUnavailable(observatory.name, "release changed")
        items += page.items
    return Exposure(
        release,
        {
            one.code: Exposed(
                one.label, one.mean, one.grade.code if one.grade else None, one.employment
            )
            for one in items
        },
    )
