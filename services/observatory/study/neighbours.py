"""What the training and the diagnostic say at this moment, or since when they say nothing."""

import asyncio
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, TypeVar

from pydantic import ValidationError

from observatory.study.schemas import Absence
from observatory.study.texts import AWAY, REFUSED
from platformkit.clients.base import PeerProblem, PeerUnavailable
from platformkit.clients.diagnostic import CallForProjects, DiagnosticClient
from platformkit.clients.feeds import DiagnosticFeed, FeedClient, TrainingFeed
from platformkit.clients.training import (
    Certification,
    CoverageSummary,
    JobCoverage,
    TrainingClient,
)

T = TypeVar("T")

SECONDS: Final = 2.5
"""For all that a neighbour is asked; a study is read by people who wait."""

MOST_CERTIFICATIONS: Final = 10


class DiagnosticPeer(DiagnosticFeed, DiagnosticClient):
    """The diagnostic: its feed, and what it says now."""


class TrainingPeer(TrainingFeed, TrainingClient):
    """The training: its feed, and what it says now."""


PEERS: Final[Mapping[str, type[FeedClient]]] = {
    "diagnostic": DiagnosticPeer,
    "training": TrainingPeer,
}


@dataclass(frozen=True, slots=True)
class Training:
    """What open training answers."""

    summary: CoverageSummary | None
    jobs: list[JobCoverage]
    certifications: list[Certification]


class Neighbours:
    """Asks, and remembers since when a neighbour has been found away."""

    def __init__(self) -> None:
        self._away: dict[str, datetime] = {}

    async def training(
        self, client: TrainingPeer, jobs: list[str], territory: str, *, whole: bool
    ) -> Training | Absence:
        """Ask what answers these jobs and, for a territory, all its exposed employment."""

        async def ask() -> Training:
            async with asyncio.TaskGroup() as group:
                summary = group.create_task(client.coverage(territory)) if whole else None
                covered = group.create_task(client.job_coverage(jobs, territory)) if jobs else None
                found = (
                    group.create_task(client.search(rome=jobs, limit=MOST_CERTIFICATIONS))
                    if jobs
                    else None
                )
            return Training(
                summary.result() if summary else None,
                covered.result() if covered else [],
                found.result() if found else [],
            )

        return await self._asked("training", ask())

    async def calls(self, client: DiagnosticPeer) -> list[CallForProjects] | Absence:
        """Ask which calls for projects are open."""
        return await self._asked("diagnostic", client.calls())

    async def _asked(self, peer: str, question: Awaitable[T]) -> T | Absence:
        try:
            async with asyncio.timeout(SECONDS):
                found = await question
        except (PeerProblem, PeerUnavailable, TimeoutError, ValidationError) as failure:
            return self._absence(peer, failure)
        except ExceptionGroup as failures:
            known, others = failures.split((PeerProblem, PeerUnavailable, ValidationError))
            if others is not None or known is None:
                raise
            return self._absence(peer, known.exceptions[0])
        self._away.pop(peer, None)
        return found

    def _absence(self, peer: str, failure: Exception) -> Absence:
        if isinstance(failure, PeerProblem):  # it is there, and refuses
            self._away.pop(peer, None)
            return Absence(reason=REFUSED(peer=peer, reason=failure.code), since=None)
        reason = failure.reason if isinstance(failure, PeerUnavailable) else "unreadable"
        if isinstance(failure, TimeoutError):
            reason = "timeout"
        since = self._away.setdefault(peer, datetime.now(UTC).replace(microsecond=0))
        return Absence(reason=AWAY(peer=peer, reason=reason), since=since)
