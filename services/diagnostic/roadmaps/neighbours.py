"""What training and the observatory add to a roadmap; one that is down is a reason, not a fault."""

from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from diagnostic.roadmaps import matching
from platformkit.clients.base import PeerProblem, PeerUnavailable, together
from platformkit.clients.observatory import ObservatoryClient, SectorExposure
from platformkit.clients.training import Certification, TrainingClient

T = TypeVar("T")

_CATALOGUE_LIMIT = 100


@dataclass(frozen=True, slots=True)
class Known:
    """What the neighbours answered; null is what `missing` names with its reason."""

    certifications: Sequence[Certification] | None
    sector: SectorExposure | None
    missing: list[dict[str, str]]


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
        parts = {"certifications": certifications, "sector": sector}
        return Known(
            certifications=None if isinstance(certifications, str) else certifications,
            sector=None if isinstance(sector, str) else sector,
            missing=[
                {"part": part, "reason": found}
                for part, found in parts.items()
                if isinstance(found, str)
            ],
        )


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
