"""Finer figures of the same facts: by family, by job, and by index where there is no territory."""

from collections.abc import Iterator
from typing import Final

from observatory.exposure import book, territories
from observatory.exposure.territories import measured
from observatory.formulas.percentiles import STEPS
from observatory.formulas.structure import location_quotient
from observatory.indices import book as indices
from observatory.indices import units
from observatory.indices.catalogue import headlines
from observatory.indices.units import Kind, Unit
from observatory.references.facts import Facts, Job, Territory
from observatory.shipped import places
from observatory.shipped.making import SHARE, UNCERTAIN, Shipped
from observatory.shipped.ratios import Row, ratio

_PLACE: Final = ("rang, de 0 à 100", "place, from 0 to 100")
_INDICES: Final = "ILO · Eloundou et al. · Microsoft"
_INDICES_LICENCE: Final = "CC BY 4.0 (ILO, Microsoft); MIT (Eloundou et al.); Licence Ouverte 2.0"
_CENSUS: Final = {"GEO_VINTAGE": "COG 2026"}

FLOWS: Final = (
    Shipped(
        id="DF_EXPOSURE_FAMILY",
        name=(
            "Familles professionnelles des régions : exposition et spécialisation",
            "Job families of the regions: exposure and specialisation",
        ),
        dimensions={
            "FREQ": "CL_FREQ",
            "REF_AREA": "CL_TERRITORY",
            "FAMILY": "CL_FAP87",
            "MEASURE": "CL_FAMILY_EXPOSURE",
        },
        observed=("CI_LOW", "CI_HIGH", "NUMERATOR", "DENOMINATOR"),
        constants={"DECIMALS": "4", **_CENSUS},
        source="ILO WP140 (2025) · DARES, INSEE, recensement 2017",
        licence="CC BY 4.0 (ILO); Licence Ouverte 2.0",
        indicators={
            "EXPOSED_SHARE_FAMILY": (
                "EXPOSED_SHARE",
                "Part exposée d’une famille professionnelle",
                "Share of a job family exposed",
                SHARE,
                3,
            ),
            "SPECIALISATION": (
                "QUOTIENT",
                "Quotient de localisation d’une famille professionnelle",
                "Location quotient of a job family",
                ("rapport à la France", "ratio to France"),
                2,
            ),
        },
        ratios=("EXPOSED_SHARE", "QUOTIENT"),
    ),
    Shipped(
        id="DF_EMPLOYMENT_JOB",
        name=("Emploi estimé par région et métier", "Estimated employment by region and job"),
        dimensions={"FREQ": "CL_FREQ", "REF_AREA": "CL_TERRITORY", "OCCUPATION": "CL_ROME3"},
        observed=(),
        constants={"UNIT_MEASURE": "PERSONS", "DECIMALS": "0", **_CENSUS},
        source="DARES, Portraits statistiques des métiers, recensement 2017",
        licence="Statistiques publiées par la DARES",
        indicators={
            "EMPLOYMENT_JOB": (
                None,
                "Emploi estimé d’un métier : sa famille, partagée également entre ses métiers",
                "Estimated employment of a job: its family, split equally between its jobs",
                ("personnes en emploi", "persons employed"),
                0,
            ),
        },
    ),
    Shipped(
        id="DF_PLACE_SECTOR",
        name=(
            "Exposition des secteurs selon plusieurs indices",
            "Exposure of sectors by several indices",
        ),
        dimensions={
            "FREQ": "CL_FREQ",
            "REF_AREA": "CL_TERRITORY",
            "ACTIVITY": "CL_ACTIVITY",
            "INDEX": "CL_METHOD",
        },
        observed=(*UNCERTAIN, "NUMERATOR", "DENOMINATOR"),
        constants={"DECIMALS": "4"},
        source=f"{_INDICES} · France Travail, La Bonne Boîte 2019-2021",
        licence=_INDICES_LICENCE,
        indicators={
            "PLACE_SECTOR": (
                None,
                "Rang d’exposition d’un secteur par indice",
                "Place of a sector's exposure by index",
                _PLACE,
                0,
            ),
        },
    ),
    Shipped(
        id="DF_PLACE_JOB",
        name=(
            "Exposition des métiers selon plusieurs indices",
            "Exposure of jobs by several indices",
        ),
        dimensions={"FREQ": "CL_FREQ", "OCCUPATION": "CL_ROME3", "INDEX": "CL_METHOD"},
        observed=UNCERTAIN,
        constants={"DECIMALS": "4"},
        source=f"{_INDICES} · France Travail, EURES",
        licence=_INDICES_LICENCE,
        indicators={
            "PLACE_JOB": (
                None,
                "Rang d’exposition d’un métier par indice",
                "Place of a job's exposure by index",
                _PLACE,
                0,
            ),
        },
    ),
)


def _regions(facts: Facts) -> Iterator[Territory]:
    for each in facts.territories.values():
        if each.kind == "region" and book.territory(facts, each) is not None:
            yield each


def families(facts: Facts, period: str) -> Iterator[Row]:
    """Families of each region: the share exposed, and persons employed over those expected there.

    Expected is what the region would have with the structure of the country.
    """
    country = book.employment(facts, facts.territories[book.COUNTRY])
    whole = sum(country.values())
    for region in _regions(facts):
        _, exposure = measured(facts, region)
        here = book.employment(facts, region)
        key: Row = {"FREQ": "A", "REF_AREA": region.id, "TIME_PERIOD": period}
        for group in exposure.groups:
            yield {
                **ratio(
                    {**key, "FAMILY": group.code}, "EXPOSED_SHARE", group.exposed, group.weight
                ),
                "OBS_STATUS": "A",
            }
        total = sum(here.values())
        for code in country:
            found = location_quotient(here.get(code, 0), total, country[code], whole, book.SAMPLING)
            interval = found.interval
            expected = round(total * country[code] / whole, 3)
            yield {
                **ratio({**key, "FAMILY": code}, "QUOTIENT", found.value, expected),
                "OBS_STATUS": "U" if found.unreliable else "A",
                "CI_LOW": None if interval is None else round(interval.low, 4),
                "CI_HIGH": None if interval is None else round(interval.high, 4),
            }


def employment(facts: Facts, period: str) -> Iterator[Row]:
    """Persons employed by region and job, an estimate."""
    for region in _regions(facts):
        for code, count in sorted(territories.employed(facts, region).items()):
            key: Row = {"FREQ": "A", "REF_AREA": region.id, "OCCUPATION": code}
            yield {**key, "TIME_PERIOD": period, "OBS_VALUE": round(count, 1), "OBS_STATUS": "E"}


def _placed(facts: Facts, unit: Unit, key: Row) -> Iterator[tuple[Row, float]]:
    """Give a unit's place by each headline index, and how much of it has a score."""
    for method in indices.measured(facts).values():
        found = indices.measure(facts, unit, method) if method.id in headlines() else None
        if found is None:
            continue
        interval = found.exposure.interval
        row = {
            **key,
            "INDEX": places.code(method),
            "OBS_VALUE": round(STEPS * found.exposure.mean, 4),
            "SE": round(STEPS * found.exposure.se, 3),
            "CI_LOW": round(STEPS * interval.low, 2),
            "CI_HIGH": round(STEPS * interval.high, 2),
        }
        yield row, found.exposure.covered


def sector_places(facts: Facts, period: str) -> Iterator[Row]:
    """Places of the sections and divisions with known hires, in all of France."""
    for unit in units.every(facts, Kind.SECTORS):
        key = {"FREQ": "A", "REF_AREA": "FE", "ACTIVITY": unit.code, "TIME_PERIOD": period}
        for row, covered in _placed(facts, unit, key):
            yield {
                **row,
                "NUMERATOR": round(row["OBS_VALUE"] * covered, 3),
                "DENOMINATOR": covered,
            }


def job_places(facts: Facts, period: str) -> Iterator[Row]:
    """Places of the jobs of ROME v3 that are measured."""
    for code in sorted(facts.links):
        key = {"FREQ": "A", "OCCUPATION": code, "TIME_PERIOD": period}
        for row, _ in _placed(
            facts, units.of_job(facts, Job(code, facts.links[code].label, code)), key
        ):
            yield row
