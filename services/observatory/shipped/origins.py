"""What each shipped dataflow is made from, and how: told with every release of it."""

from collections.abc import Mapping, Sequence
from typing import Final

from observatory.exposure import jobs, sectors, territories
from observatory.exposure.texts import METHOD_FORMULA
from observatory.indices.catalogue import methods
from observatory.indices.texts import FORMULA
from observatory.references.facts import Facts
from observatory.releases.schemas import Origin, SourceFile
from observatory.structures.schemas import Names
from platformkit.i18n import Text

_AS_PUBLISHED: Final = Text(
    "Valeur reprise telle que son producteur la publie.", "Value as its producer publishes it."
)
_SPLIT: Final = Text(
    "Emploi de la famille professionnelle dans la région, partagé également entre ses métiers qui"
    " ont un score : aucune source ne les pondère.",
    "Employment of the job family in the region, split equally between its jobs that have a score:"
    " no source weighs them.",
)
_FAMILIES: Final = Text(
    "Part exposée : métiers de la famille des gradients 1 à 4 de l’OIT, tous de même poids."
    " Quotient de localisation : (E_rf/E_r)/(E_Ff/E_F), intervalle à 95 % par"
    " var ln QL ≈ 1/n_rf − 1/n_r + 1/n_Ff − 1/n_F, n au quart de l’emploi (sondage).",
    "Share exposed: jobs of the family in gradients 1 to 4 of the ILO, all of the same weight."
    " Location quotient: (E_rf/E_r)/(E_Ff/E_F), 95% interval by"
    " var ln LQ ≈ 1/n_rf − 1/n_r + 1/n_Ff − 1/n_F, n a quarter of employment (survey).",
)
_OF_INDICES: Final = sorted({each.dataset for each in methods().values()})

_MADE: Final[Mapping[str, tuple[Sequence[str], Text]]] = {
    "DF_EXPOSURE_TERRITORY": (territories.TABLES, METHOD_FORMULA),
    "DF_EXPOSURE_PLACE": ((*territories.TABLES, *_OF_INDICES, "soc_links"), FORMULA),
    "DF_EXPOSURE_SECTOR": (sectors.TABLES, METHOD_FORMULA),
    "DF_EXPOSURE_JOB": (jobs.TABLES, METHOD_FORMULA),
    "DF_ILO_SCORES": (("scores",), _AS_PUBLISHED),
    "DF_EMPLOYMENT": (("family_employment", "families", "territories"), _AS_PUBLISHED),
    "DF_HIRES": (("sector_hires", "sectors"), _AS_PUBLISHED),
    "DF_EXPOSURE_FAMILY": (territories.TABLES, _FAMILIES),
    "DF_EMPLOYMENT_JOB": (territories.TABLES, _SPLIT),
    "DF_PLACE_SECTOR": ((*sectors.TABLES, *_OF_INDICES, "soc_links"), FORMULA),
    "DF_PLACE_JOB": ((*jobs.TABLES, *_OF_INDICES, "soc_links"), FORMULA),
}
"""Tables and formula, by dataflow."""


def formula(dataflow: str) -> Names:
    """Return how the figures of a dataflow are made."""
    found = _MADE[dataflow][1]
    return Names(fr=found.fr, en=found.en)


def tables(dataflow: str) -> list[str]:
    """Return the tables that decide the figures of a dataflow, each once."""
    return list(dict.fromkeys(_MADE[dataflow][0]))


def origins(facts: Facts, dataflow: str) -> list[Origin]:
    """Return the tables that a dataflow is made from, those of them that are loaded."""
    return [
        Origin(
            title=Names(**each.source["title"]),
            table=each.name,
            version=each.version,
            **{
                name: each.source[name]
                for name in ("producer", "vintage", "licence", "citation", "derived")
            },
            files=[SourceFile(**file) for file in each.source.get("files", ())],
        )
        for each in (facts.datasets[name] for name in tables(dataflow) if name in facts.datasets)
    ]
