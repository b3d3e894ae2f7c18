"""The dataflows of the shipped facts: their structures, and the indicators that read them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from observatory.references.facts import Facts
from observatory.shipped import lists, places
from observatory.shipped.concepts import CONCEPTS
from observatory.structures.catalogue import OBSERVED, OF_RELEASE
from observatory.structures.schemas import (
    Attribute,
    Concept,
    ConceptScheme,
    Dataflow,
    DataStructure,
    Dimension,
    Indicator,
    Names,
    Structures,
)

VERSION: Final = "1.0.0"

_RATIOS: Final = (
    "MEAN",
    "EXPOSED_SHARE",
    *lists.GRADE_CODES.values(),
    lists.UNCLASSIFIED,
    "COVERAGE",
)


@dataclass(frozen=True, slots=True)
class _Shipped:
    """A dataflow in short: dimensions with their lists, attributes, indicators by measure."""

    id: str
    name: tuple[str, str]
    dimensions: Mapping[str, str]
    observed: Sequence[str]
    constants: Mapping[str, str]
    source: str
    licence: str
    indicators: Mapping[str, tuple[str | None, str, str, tuple[str, str], int]]
    """By id: code of MEASURE, name in both languages, unit, decimals."""

    ratios: Sequence[str] = ()


_UNCERTAIN: Final = ("CI_LOW", "CI_HIGH", "SE")
_FRACTION: Final = {"UNIT_MEASURE": "FRACTION", "DECIMALS": "4"}
_SHARE: Final = ("fraction, de 0 à 1", "fraction, from 0 to 1")
_OPEN: Final = "CC BY 4.0 (ILO); Licence Ouverte 2.0"

FLOWS: Final = (
    _Shipped(
        id="DF_EXPOSURE_TERRITORY",
        name=("Exposition des territoires à l’IA", "Exposure of territories to AI"),
        dimensions={
            "FREQ": "CL_FREQ",
            "REF_AREA": "CL_TERRITORY",
            "INDEX": "CL_INDEX",
            "MEASURE": "CL_EXPOSURE",
        },
        observed=(*_UNCERTAIN, "NUMERATOR", "DENOMINATOR"),
        constants={**_FRACTION, "GEO_VINTAGE": "COG 2026"},
        source="ILO WP140 (2025) · DARES, INSEE, recensement 2017",
        licence=_OPEN,
        indicators={
            "EXPOSURE_TERRITORY": (
                "MEAN",
                "Exposition moyenne d’un territoire",
                "Mean exposure of a territory",
                _SHARE,
                3,
            ),
            "EXPOSED_SHARE_TERRITORY": (
                "EXPOSED_SHARE",
                "Part de l’emploi exposée dans un territoire",
                "Share of employment exposed in a territory",
                _SHARE,
                3,
            ),
        },
        ratios=_RATIOS,
    ),
    _Shipped(
        id="DF_EXPOSURE_PLACE",
        name=(
            "Exposition des territoires selon plusieurs indices, en classes",
            "Exposure of territories by several indices, in classes",
        ),
        dimensions={
            "FREQ": "CL_FREQ",
            "REF_AREA": "CL_TERRITORY",
            "INDEX": "CL_METHOD",
            "MEASURE": "CL_PLACE",
        },
        observed=(*_UNCERTAIN, "NUMERATOR", "DENOMINATOR"),
        constants={"DECIMALS": "4", "GEO_VINTAGE": "COG 2026"},
        source="ILO · Eloundou et al. · Microsoft · DARES, INSEE, recensement 2017",
        licence="CC BY 4.0 (ILO, Microsoft); MIT (Eloundou et al.); Licence Ouverte 2.0",
        indicators={
            "EXPOSURE_PLACE": (
                "PLACE",
                "Rang d’exposition d’un territoire par indice",
                "Place of a territory's exposure by index",
                ("rang, de 0 à 100", "place, from 0 to 100"),
                0,
            ),
        },
        ratios=places.RATIOS,
    ),
    _Shipped(
        id="DF_EXPOSURE_SECTOR",
        name=("Exposition des secteurs à l’IA", "Exposure of sectors to AI"),
        dimensions={
            "FREQ": "CL_FREQ",
            "REF_AREA": "CL_TERRITORY",
            "ACTIVITY": "CL_ACTIVITY",
            "INDEX": "CL_INDEX",
            "MEASURE": "CL_EXPOSURE",
        },
        observed=(*_UNCERTAIN, "NUMERATOR", "DENOMINATOR"),
        constants=_FRACTION,
        source="ILO WP140 (2025) · France Travail, La Bonne Boîte 2019-2021",
        licence=_OPEN,
        indicators={
            "EXPOSURE_SECTOR": (
                "MEAN",
                "Exposition moyenne d’un secteur",
                "Mean exposure of a sector",
                _SHARE,
                3,
            ),
        },
        ratios=_RATIOS,
    ),
    _Shipped(
        id="DF_EXPOSURE_JOB",
        name=("Exposition des métiers à l’IA", "Exposure of jobs to AI"),
        dimensions={
            "FREQ": "CL_FREQ",
            "OCCUPATION": "CL_ROME4",
            "INDEX": "CL_INDEX",
            "MEASURE": "CL_SCORE",
        },
        observed=_UNCERTAIN,
        constants={"DECIMALS": "4"},
        source="ILO WP140 (2025) · France Travail, ROME 4.0 et EURES",
        licence=_OPEN,
        indicators={
            "EXPOSURE_JOB": (
                "MEAN",
                "Exposition d’un métier",
                "Exposure of a job",
                _SHARE,
                2,
            ),
        },
    ),
    _Shipped(
        id="DF_ILO_SCORES",
        name=("Scores de l’OIT par groupe CITP-08", "ILO scores by ISCO-08 unit group"),
        dimensions={"FREQ": "CL_FREQ", "OCCUPATION": "CL_ISCO08", "MEASURE": "CL_SCORE"},
        observed=(),
        constants={"DECIMALS": "2"},
        source="Gmyrek, Berg et al. (2025), ILO Working Paper 140",
        licence="CC BY 4.0",
        indicators={
            "ILO_SCORE": (
                "MEAN",
                "Score d’exposition de l’OIT",
                "ILO exposure score",
                _SHARE,
                2,
            ),
        },
    ),
    _Shipped(
        id="DF_EMPLOYMENT",
        name=("Emploi par région et famille professionnelle", "Employment by region and family"),
        dimensions={"FREQ": "CL_FREQ", "REF_AREA": "CL_TERRITORY", "FAMILY": "CL_FAP87"},
        observed=(),
        constants={"UNIT_MEASURE": "PERSONS", "DECIMALS": "0", "GEO_VINTAGE": "COG 2026"},
        source="DARES, Portraits statistiques des métiers, recensement 2017",
        licence="Statistiques publiées par la DARES",
        indicators={
            "EMPLOYMENT": (
                None,
                "Emploi par famille professionnelle",
                "Employment by job family",
                ("personnes en emploi", "persons employed"),
                0,
            ),
        },
    ),
    _Shipped(
        id="DF_HIRES",
        name=("Embauches par division et métier", "Hires by division and job"),
        dimensions={"FREQ": "CL_FREQ", "ACTIVITY": "CL_ACTIVITY", "OCCUPATION": "CL_ROME3"},
        observed=(),
        constants={"UNIT_MEASURE": "HIRES", "DECIMALS": "0"},
        source="France Travail, La Bonne Boîte 2019-2021",
        licence="Faits agrégés, licence des données non précisée",
        indicators={
            "HIRES": (
                None,
                "Embauches d’un métier dans une division",
                "Hires of a job in a division",
                ("embauches", "hires"),
                0,
            ),
        },
    ),
)
"""Every shipped dataflow, in the order of publication."""


def _names(pair: tuple[str, str]) -> Names:
    return Names(fr=pair[0], en=pair[1])


def _concept(name: str) -> Names:
    return _names(CONCEPTS[name])


def _structure(flow: _Shipped) -> DataStructure:
    observed = ("OBS_STATUS", "CONF_STATUS", *flow.observed, *OF_RELEASE)
    lists_of = {name: f"CL_{name}({VERSION})" for name in ("OBS_STATUS", "CONF_STATUS")}
    assert set(observed) <= {*OBSERVED, *OF_RELEASE}  # noqa: S101  # what the store knows
    return DataStructure(
        id=flow.id.replace("DF_", "DSD_"),
        version=VERSION,
        name=_names(flow.name),
        measure=_concept("OBS_VALUE"),
        dimensions=[
            Dimension(id=name, name=_concept(name), codelist=f"{codelist}({lists.VERSION})")
            for name, codelist in flow.dimensions.items()
        ],
        attributes=[
            *(
                Attribute(
                    id=name, name=_concept(name), level="observation", codelist=lists_of.get(name)
                )
                for name in observed
            ),
            *(
                Attribute(id=name, name=_concept(name), level="dataflow", values={"": value})
                for name, value in flow.constants.items()
            ),
        ],
        ratios={"MEASURE": list(flow.ratios)} if flow.ratios else {},
    )


def structures(facts: Facts) -> Structures:
    """Make all that is published at the first start."""
    return Structures(
        codelists=lists.codelists(facts),
        code_maps=lists.code_maps(facts),
        concept_schemes=[
            ConceptScheme(
                id="CS_VIGIE",
                version=VERSION,
                name=Names(fr="Concepts de l’observatoire", en="Concepts of the observatory"),
                concepts=[Concept(id=name, name=_names(pair)) for name, pair in CONCEPTS.items()],
            )
        ],
        data_structures=[_structure(flow) for flow in FLOWS],
        dataflows=[
            Dataflow(
                id=flow.id,
                version=VERSION,
                name=_names(flow.name),
                structure=f"{flow.id.replace('DF_', 'DSD_')}({VERSION})",
                licence=flow.licence,
                source=flow.source,
                theme="labour",
            )
            for flow in FLOWS
        ],
        indicators=[
            Indicator(
                id=name,
                version=VERSION,
                name=Names(fr=fr, en=en),
                dataflow=f"{flow.id}({VERSION})",
                key={} if code is None else {"MEASURE": code},
                unit=_names(unit),
                decimals=decimals,
                definition=Names(fr=fr, en=en),
            )
            for flow in FLOWS
            for name, (code, fr, en, unit, decimals) in flow.indicators.items()
        ],
    )
