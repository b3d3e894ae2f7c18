"""What training and the observatory add to a roadmap; one that is down is a reason, not a fault."""

import asyncio
from collections.abc import Collection, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from diagnostic.roadmaps import matching
from platformkit.clients.base import PeerProblem, PeerUnavailable, together
from platformkit.clients.observatory import ObservatoryClient, SectorExposure
from platformkit.clients.training import Certification, TrainingClient

T = TypeVar("T")

_CATALOGUE_LIMIT = 100

_BATCH = 50
"""Certifications that training gives by number in one request."""


_FOLLOWED = 10
"""Ended certifications of which the continuity is asked, each by a request of its own."""

GONE = "withdrawn"
"""The state of a certification that a person took out of the catalogue."""

ENDED = frozenset({"delivery_only", "inactive", GONE})
"""States in which nobody enrols any longer."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the neighbours answered; null is what `missing` names with its reason.

    `present` has what the roadmap cites as it is today, and `absent` what is there no longer.
    """

    certifications: Sequence[Certification] | None
    sector: SectorExposure | None
    missing: list[dict[str, str]]
    present: Mapping[str, Certification]
    absent: frozenset[str]
    replaced_by: Mapping[str, Sequence[str]]

    def state(self, number: str) -> str | None:
        """Give the state of a certification today; null where training did not say."""
        if number in self.absent:
            return GONE
        found = self.present.get(number)
        return found.state if found else None


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The two services that a roadmap asks, both at once."""

    training: TrainingClient
    observatory: ObservatoryClient

    async def ask(self, actions: Sequence[Mapping[str, Any]], naf: str) -> Known:
        """Ask for the certifications of all actions, and for the exposure of the sector."""
        certifications, sector = await together(
            offered(self.training, actions), _tried(self.observatory.sector_exposure(naf))
        )
        offer = None if isinstance(certifications, str) else certifications
        present = {one.number: one for one in offer or ()}
        lost = [] if offer is None else _lost(actions, present)
        absent, replaced = await self._followed(lost, present)
        parts = {"certifications": certifications, "sector": sector, "continuity": replaced}
        return Known(
            certifications=offer,
            sector=None if isinstance(sector, str) else sector,
            missing=[
                {"part": part, "reason": found}
                for part, found in parts.items()
                if isinstance(found, str)
            ],
            present=present,
            absent=absent,
            replaced_by={} if isinstance(replaced, str) else replaced,
        )

    async def _followed(
        self, lost: Sequence[str], present: dict[str, Certification]
    ) -> tuple[frozenset[str], dict[str, Sequence[str]] | str]:
        """Find what has become of these: adds to `present`, gives what is absent and replaced."""
        again = await _tried(self.training.certifications(lost))
        if isinstance(again, str):
            return frozenset(), again
        present |= {one.number: one for one in again}
        absent = frozenset(lost) - present.keys()
        ended = [one for one in lost if one in absent or present[one].state in ENDED]
        return absent, await self._replaced(ended)

    async def _replaced(self, ended: Sequence[str]) -> dict[str, Sequence[str]] | str:
        """Ask what replaces each, all at once; a text is why that is not known."""
        asked = ended[:_FOLLOWED]
        found = await asyncio.gather(*(_tried(self.training.continuity(one)) for one in asked))
        reasons = [one for one in found if isinstance(one, str)]
        if reasons:
            return reasons[0]
        return {
            number: one.successors
            for number, one in zip(asked, found, strict=True)
            if not isinstance(one, str)
        }


def _lost(actions: Sequence[Mapping[str, Any]], offered: Collection[str]) -> list[str]:
    """Name what the actions cite and nobody offers today, as far as one request may ask."""
    cited = (one["number"] for action in actions for one in action.get("certifications", ()))
    return [one for one in dict.fromkeys(cited) if one not in offered][:_BATCH]


async def offered(
    training: TrainingClient, actions: Sequence[Mapping[str, Any]]
) -> list[Certification] | str:
    """Ask once for the certifications of all actions; a text is the reason why there are none."""
    themes = matching.asked(actions, "certification_themes")
    numbers = matching.asked(actions, "certification_refs")
    rome = matching.asked(actions, "rome_codes")
    if not (themes or numbers or rome):
        return []
    question = training.search(themes=themes, numbers=numbers, rome=rome, limit=_CATALOGUE_LIMIT)
    return await _tried(question)


async def _tried(question: Coroutine[Any, Any, T]) -> T | str:
    try:
        return await question
    except PeerUnavailable as absence:
        return absence.reason
    except PeerProblem as refusal:
        return f"{refusal.status} {refusal.code}"
