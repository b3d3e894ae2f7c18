"""Exposure of territories by every loaded index, on their common scale, as a dataflow."""

from collections.abc import Iterator
from typing import Final

from observatory.exposure import book as ilo
from observatory.formulas.percentiles import STEPS, Band
from observatory.indices import book, units
from observatory.indices.catalogue import Method, methods
from observatory.indices.texts import BANDS
from observatory.references.facts import Facts
from observatory.shipped.ratios import Row, ratio
from platformkit.i18n import Text

MEASURES: Final = {
    "PLACE": Text("Rang moyen, de 0 à 100", "Mean place, from 0 to 100"),
    **{
        band.value.upper(): Text(f"Part de la classe {name.fr}", f"Share in the class {name.en}")
        for band, name in BANDS.items()
    },
    "COVERAGE": Text("Part couverte par un score", "Share covered by a score"),
}
"""Codes of what is measured: a mean, and shares that sum to one."""

RATIOS: Final = tuple(MEASURES)


def code(method: Method) -> str:
    """Code of a method in a list: `ilo-2025` is `ILO_2025`."""
    return method.id.replace("-", "_").upper()


def indices() -> dict[str, Text]:
    """Every method, loaded or not, so that a later load needs no other list."""
    return {code(each): each.name for each in methods().values()}


def territories(facts: Facts, period: str) -> Iterator[Row]:
    """Rows of the regions and countries, each with numerator and denominator."""
    for each in facts.territories.values():
        if ilo.territory(facts, each) is None:
            continue
        for found in book.measures(facts, units.of_territory(facts, each)):
            exposure = found.exposure
            key: Row = {"FREQ": "A", "REF_AREA": each.id, "INDEX": code(found.method)}
            key["TIME_PERIOD"] = period
            interval = exposure.interval
            yield {
                **ratio(key, "PLACE", STEPS * exposure.mean, exposure.covered),
                "SE": round(STEPS * exposure.se, 3),
                "CI_LOW": round(STEPS * interval.low, 2),
                "CI_HIGH": round(STEPS * interval.high, 2),
            }
            for band in Band:
                yield ratio(key, band.value.upper(), found.bands[band], exposure.covered)
            yield ratio(key, "COVERAGE", exposure.coverage, exposure.weight)
