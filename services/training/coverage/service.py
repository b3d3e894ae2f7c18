"""Coverage on a day: what is asked for, with what is known of exposure, in words and figures."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from platformkit.clients.observatory import ObservatoryClient
from platformkit.errors import Fault, Invalid, Unavailable
from platformkit.i18n import Text
from platformkit.reads import ReadPool
from training.coverage import lines, wording
from training.coverage.catalogue import Catalogue, Kind, Territory
from training.coverage.exposure import Exposure, Exposures
from training.coverage.keeping import Kept
from training.coverage.lines import Line, Scope

_PREFIXES: Final = ("", "R", "D", "ZE", "EPCI")
REGION: Final = "R32"


class TerritoryUnknown(Invalid):
    """No territory of the region has this code."""

    code = "territory-unknown"
    title = Text("Territoire inconnu", "Unknown territory")


_TERRITORIES: Final = Text(
    "Un territoire est la région (R32), un de ses départements (D59), une zone d’emploi (ZE3216)"
    " ou un EPCI (EPCI suivi de son SIREN).",
    "A territory is the region (R32), one of its departments (D59), an employment zone (ZE3216) or"
    " an EPCI (EPCI and its SIREN).",
)


class ExposureUnavailable(Unavailable):
    """Figures that weigh by exposed employment cannot be made before the observatory was read."""

    code = "exposure-unavailable"
    detail = Text(
        "L’observatoire ne répond pas ({reason}) : les chiffres pondérés par l’emploi exposé ne"
        " peuvent pas être établis. Réessayez dans quelques instants.",
        "The observatory does not answer ({reason}): figures weighted by exposed employment cannot"
        " be made. Try again in a moment.",
    )


@dataclass(frozen=True, slots=True)
class Known:
    """The catalogue of a day, and the exposure of its jobs with why it is not of now."""

    catalogue: Catalogue
    exposure: Exposure | None
    reason: str | None

    def territory(self, given: str) -> Territory:
        """Return a territory by its identifier or official code; raises TerritoryUnknown."""
        for prefix in _PREFIXES:
            found = self.catalogue.territories.get(prefix + given.upper())
            if found is not None:
                return found
        fault = Fault("/territory", TerritoryUnknown.code, _TERRITORIES, where="query")
        raise TerritoryUnknown([fault])

    def where(self, scope: Scope) -> str:
        """Name what a scope is of."""
        label = self.catalogue.territories[scope.territory].label
        return wording.where(label, scope.audience, scope.origin, scope.level)

    def lines(
        self, scope: Scope, kind: Kind | None = None, grades: Sequence[str] = ()
    ) -> list[Line]:
        """Return the jobs of the programme that are asked for."""
        return [
            one
            for one in lines.lines(self.catalogue, self.exposure, scope)
            if kind in (None, one.job.kind)
            and (not grades or (one.exposed and one.exposed.grade in grades))
        ]

    def needed(self) -> Exposure:
        """Return the exposure; raises ExposureUnavailable."""
        if self.exposure is None:
            raise ExposureUnavailable(reason=self.reason)
        return self.exposure


async def known(
    reads: ReadPool, kept: Kept, exposures: Exposures, observatory: ObservatoryClient, day: date
) -> Known:
    """Read what a question about this day needs, both at once."""
    catalogue, (exposure, reason) = await asyncio.gather(
        kept.catalogue(reads, day), exposures.now(observatory)
    )
    return Known(catalogue, exposure, reason)
