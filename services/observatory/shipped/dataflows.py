"""The dataflows of the shipped facts: their structures, and the indicators that read them."""

from typing import Final

from observatory.references.facts import Facts
from observatory.shipped import details, lists, places
from observatory.shipped.concepts import CONCEPTS
from observatory.shipped.making import SHARE, UNCERTAIN, VERSION, Shipped, names, parts
from observatory.structures.bundles import Structures
from observatory.structures.schemas import Concept, ConceptScheme, Names

_RATIOS: Final = (
    "MEAN",
    "EXPOSED_SHARE",
    *lists.GRADE_CODES.values(),
    lists.UNCLASSIFIED,
    "COVERAGE",
)


_FRACTION: Final = {"UNIT_MEASURE": "FRACTION", "DECIMALS": "4"}
_OPEN: Final = "CC BY 4.0 (ILO); Licence Ouverte 2.0"

_CLASSES: Final = (
    "0 non exposé, 1 minimale, 2 à 5 gradients 1 à 4",
    "0 not exposed, 1 minimal, 2 to 5 gradients 1 to 4",
)

FLOWS: Final = (
    Shipped(
        id="DF_EXPOSURE_TERRITORY",
        name=("Exposition des territoires à l’IA", "Exposure of territories to AI"),
        dimensions={
            "FREQ": "CL_FREQ",
            "REF_AREA": "CL_TERRITORY",
            "INDEX": "CL_INDEX",
            "MEASURE": "CL_EXPOSURE",
        },
        observed=(*UNCERTAIN, "NUMERATOR", "DENOMINATOR"),
        constants={**_FRACTION, "GEO_VINTAGE": "COG 2026"},
        source="ILO WP140 (2025) · DARES, INSEE, recensement 2017",
        licence=_OPEN,
        indicators={
            "EXPOSURE_TERRITORY": (
                "MEAN",
                "Exposition moyenne d’un territoire",
                "Mean exposure of a territory",
                SHARE,
                3,
            ),
            "EXPOSED_SHARE_TERRITORY": (
                "EXPOSED_SHARE",
                "Part de l’emploi exposée dans un territoire",
                "Share of employment exposed in a territory",
                SHARE,
                3,
            ),
            "EXPOSURE_CLASSES_TERRITORY": (
                None,
                "Exposition d’un territoire, par mesure et par classe",
                "Exposure of a territory, by measure and class",
                SHARE,
                3,
            ),
        },
        ratios=_RATIOS,
    ),
    Shipped(
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
        observed=(*UNCERTAIN, "NUMERATOR", "DENOMINATOR"),
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
    Shipped(
        id="DF_EXPOSURE_SECTOR",
        name=("Exposition des secteurs à l’IA", "Exposure of sectors to AI"),
        dimensions={
            "FREQ": "CL_FREQ",
            "REF_AREA": "CL_TERRITORY",
            "ACTIVITY": "CL_ACTIVITY",
            "INDEX": "CL_INDEX",
            "MEASURE": "CL_EXPOSURE",
        },
        observed=(*UNCERTAIN, "NUMERATOR", "DENOMINATOR"),
        constants=_FRACTION,
        source="ILO WP140 (2025) · France Travail, La Bonne Boîte 2019-2021",
        licence=_OPEN,
        indicators={
            "EXPOSURE_SECTOR": (
                "MEAN",
                "Exposition moyenne d’un secteur",
                "Mean exposure of a sector",
                SHARE,
                3,
            ),
            "EXPOSED_SHARE_SECTOR": (
                "EXPOSED_SHARE",
                "Part des embauches exposée dans un secteur",
                "Share of hires exposed in a sector",
                SHARE,
                3,
            ),
            "EXPOSURE_CLASSES_SECTOR": (
                None,
                "Exposition d’un secteur, par mesure et par classe",
                "Exposure of a sector, by measure and class",
                SHARE,
                3,
            ),
        },
        ratios=_RATIOS,
    ),
    Shipped(
        id="DF_EXPOSURE_JOB",
        name=("Exposition des métiers à l’IA", "Exposure of jobs to AI"),
        dimensions={
            "FREQ": "CL_FREQ",
            "OCCUPATION": "CL_ROME4",
            "INDEX": "CL_INDEX",
            "MEASURE": "CL_SCORE",
        },
        observed=UNCERTAIN,
        constants={"DECIMALS": "4"},
        source="ILO WP140 (2025) · France Travail, ROME 4.0 et EURES",
        licence=_OPEN,
        indicators={
            "EXPOSURE_JOB": (
                "MEAN",
                "Exposition d’un métier",
                "Exposure of a job",
                SHARE,
                2,
            ),
            "EXPOSURE_CLASS_JOB": (
                "CLASS",
                "Classe d’exposition d’un métier",
                "Class of exposure of a job",
                _CLASSES,
                0,
            ),
        },
    ),
    Shipped(
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
                SHARE,
                2,
            ),
        },
    ),
    Shipped(
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
    Shipped(
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
    *details.FLOWS,
)
"""Every shipped dataflow, in the order of publication."""


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
                concepts=[Concept(id=name, name=names(pair)) for name, pair in CONCEPTS.items()],
            )
        ],
        **parts(FLOWS),
    )
