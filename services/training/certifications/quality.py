"""How completely a record informs whoever must choose: a score, and what is missing for the rest.

`judge` is the one rule; a kind of record brings its criteria. The weights are ours, published
with every answer (decision 0026).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from platformkit.i18n import Text


@dataclass(frozen=True, slots=True)
class Criterion:
    """A thing that a complete record says, and what it counts for."""

    code: str
    weight: int
    label: Text


@dataclass(frozen=True, slots=True)
class Quality:
    """The share of the weights that are met, in whole per cent rounded down: 100 is all."""

    score: int
    missing: Sequence[Criterion]
    """The heaviest first."""


def judge(criteria: Sequence[Criterion], met: Collection[str]) -> Quality:
    """Weigh the criteria that are met against all that apply to the record."""
    missing = [one for one in criteria if one.code not in met]
    whole = sum(one.weight for one in criteria)
    lost = sum(one.weight for one in missing)
    missing.sort(key=lambda one: -one.weight)
    return Quality(100 * (whole - lost) // whole, missing)


CRITERIA: Final = (
    Criterion("capacities", 3, Text("Capacités attestées", "Capacities attested")),
    Criterion("blocs", 3, Text("Blocs de compétences", "Competency blocs")),
    Criterion(
        "certifying_body_siret",
        3,
        Text("Un certificateur avec son SIRET", "A certifying body with its SIRET"),
    ),
    Criterion("registration_end", 3, Text("Date de fin d’enregistrement", "End of registration")),
    Criterion("objectives", 2, Text("Objectifs et contexte", "Objectives and context")),
    Criterion("activities", 2, Text("Activités visées", "Activities aimed at")),
    Criterion("level", 2, Text("Niveau", "Level")),
    Criterion("rome", 2, Text("Métiers du ROME", "Jobs of ROME")),
    Criterion("accessible_jobs", 1, Text("Emplois accessibles", "Accessible jobs")),
    Criterion("access_routes", 1, Text("Voies d’accès", "Access routes")),
    Criterion("prerequisites", 1, Text("Prérequis", "Prerequisites")),
    Criterion("nsf", 1, Text("Spécialités NSF", "NSF specialties")),
    Criterion("formacodes", 1, Text("Formacodes", "Formacodes")),
    Criterion("url", 1, Text("Adresse sur la Toile", "Address on the Web")),
)
_OF_RNCP_ONLY: Final = frozenset({"blocs", "level"})
"""A certification of the RS has no level, and need not have blocs (Code du travail, L. 6113-6)."""


def of_certification(directory: str, met: Collection[str]) -> Quality:
    """Judge a certification by the criteria of its directory."""
    return judge(
        [one for one in CRITERIA if directory == "RNCP" or one.code not in _OF_RNCP_ONLY], met
    )
