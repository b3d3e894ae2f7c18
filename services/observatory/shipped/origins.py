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
_OF_INDICES: Final = sorted({each.dataset for each in methods().values()})

_MADE: Final[Mapping[str, tuple[Sequence[str], Text]]] = {
    "DF_EXPOSURE_TERRITORY": (territories.TABLES, METHOD_FORMULA),
    "DF_EXPOSURE_PLACE": ((*territories.TABLES, *_OF_INDICES, "soc_links"), FORMULA),
    "DF_EXPOSURE_SECTOR": (sectors.TABLES, METHOD_FORMULA),
    "DF_EXPOSURE_JOB": (jobs.TABLES, METHOD_FORMULA),
    "DF_ILO_SCORES": (("scores",), _AS_PUBLISHED),
    "DF_EMPLOYMENT": (("family_employment", "families", "territories"), _AS_PUBLISHED),
    "DF_HIRES": (("sector_hires", "sectors"), _AS_PUBLISHED),
}
"""Tables and formula, by dataflow."""


def formula(dataflow: str) -> Names:
    """Return how the figures of a dataflow are made."""
    found = _MADE[dataflow][1]
    return Names(fr=found.fr, en=found.en)


def origins(facts: Facts, dataflow: str) -> list[Origin]:
    """Return the tables that a dataflow is made from, those of them that are loaded."""
    names = [name for name in dict.fromkeys(_MADE[dataflow][0]) if name in facts.datasets]
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
        for each in (facts.datasets[name] for name in names)
    ]
