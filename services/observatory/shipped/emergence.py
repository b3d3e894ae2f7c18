"""How good the alerts of emergence are, and by which thresholds: two dataflows (B7)."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from observatory.formulas.thresholds import RULES, SINCE, VERSION, Family
from observatory.releases import own
from observatory.releases.schemas import ReleaseDraft
from observatory.shipped import lists
from observatory.shipped.making import SHARE, Shipped, parts
from observatory.structures.bundles import Structures
from observatory.structures.schemas import Names
from platformkit.i18n import Text

BACKTEST: Final = "DF_EMERGENCE_BACKTEST"
RULE: Final = "V" + VERSION.replace(".", "_")
"""Code of the thresholds that are in force."""

METHOD: Final = f"emergence/{VERSION}"
FAMILIES: Final[Mapping[Family, Text]] = {
    Family.ADS: Text("Annonces et autres effectifs trimestriels", "Ads and other quarterly counts"),
    Family.SURVEY: Text("Enquête annuelle de recrutement", "Yearly survey of recruitment"),
    Family.NEEDS: Text("Besoins des entreprises diagnostiquées", "Needs of diagnosed companies"),
}
KINDS: Final = {"SKILL": Text("Compétence", "Skill"), "JOB": Text("Métier", "Job")}
_RULES: Final = {RULE: Text(f"Seuils {VERSION}", f"Thresholds {VERSION}")}
_MEASURES: Final = {
    "PRECISION": Text("Précision des alertes", "Precision of the alerts"),
    "RECALL": Text("Rappel des alertes", "Recall of the alerts"),
    "LEAD": Text("Avance moyenne, en périodes", "Mean lead time, in periods"),
    "ALERTS": Text("Alertes données", "Alerts given"),
}
RATIOS: Final = ("PRECISION", "RECALL", "LEAD")
_THRESHOLDS: Final = {
    "HORIZON": Text("Périodes entre les parts comparées", "Periods between the compared shares"),
    "FALSE_DISCOVERY_RATE": Text("Taux de fausses découvertes", "False-discovery rate"),
    "LEAST_COUNT": Text("Annonces d’une période, au moins", "Ads of a period, at least"),
    "LEAST_GROWTH": Text("Croissance de la part, au moins", "Growth of the share, at least"),
    "LEAST_EMPLOYERS": Text("Employeurs, au moins", "Employers, at least"),
    "LARGEST_EMPLOYER": Text("Part d’un employeur, au plus", "Share of one employer, at most"),
    "PERSISTENCE": Text("Périodes qui passent, au moins", "Periods that pass, at least"),
    "WINDOW": Text("parmi les dernières périodes", "among the last periods"),
    "FADES_AFTER": Text("Périodes sans passer avant de retomber", "Periods before it fades"),
}
_DIMENSIONS: Final = {"FREQ": "CL_FREQ", "COUNTED": "CL_COUNTED"}
_CONCEPTS: Final = {
    "COUNTED": ("Ce qui est compté", "What is counted"),
    "EMERGING": ("Ce qui émerge", "What emerges"),
    "RULE": ("Version des seuils", "Version of the thresholds"),
}
_LICENCE: Final = "Licence Ouverte 2.0"

FLOWS: Final = (
    Shipped(
        id=BACKTEST,
        name=("Qualité des alertes d’émergence", "Quality of the alerts of emergence"),
        dimensions={
            **_DIMENSIONS,
            "EMERGING": "CL_EMERGING",
            "RULE": "CL_EMERGENCE_RULE",
            "MEASURE": "CL_BACKTEST",
        },
        observed=("NUMERATOR", "DENOMINATOR"),
        constants={"DECIMALS": "4"},
        source="Vigie, alertes et effectifs de toutes les sources",
        licence=_LICENCE,
        indicators={
            "EMERGENCE_PRECISION": (
                "PRECISION",
                "Précision des alertes d’émergence",
                "Precision of the alerts of emergence",
                SHARE,
                2,
            ),
            "EMERGENCE_RECALL": (
                "RECALL",
                "Rappel des alertes d’émergence",
                "Recall of the alerts of emergence",
                SHARE,
                2,
            ),
            "EMERGENCE_LEAD": (
                "LEAD",
                "Avance des alertes d’émergence",
                "Lead time of the alerts of emergence",
                ("périodes", "periods"),
                1,
            ),
        },
        ratios=RATIOS,
        definitions={
            "EMERGENCE_PRECISION": Text(
                "Parmi les premières alertes (mise sous surveillance) données depuis une saison"
                " entière au trimestre lu, part de celles dont la demande relative était au moins"
                " aussi grande une saison plus tard ; toutes les sources ensemble, rapport des"
                " totaux.",
                "Of the first alerts (a watch) that are a whole season old at the quarter, the part"
                " whose relative demand was at least as large a season later; all sources together,"
                " a ratio of totals.",
            ),
            "EMERGENCE_RECALL": Text(
                "Parmi les termes dont la part a au moins doublé en une saison, chez assez"
                " d’employeurs, et s’est maintenue une saison, part de ceux qui étaient alertés"
                " avant qu’on ne sache qu’ils dureraient ; rapport des totaux.",
                "Of the terms whose share at least doubled within a season, at enough employers,"
                " and was kept for a season, the part that had been alerted before it was known"
                " that they last; a ratio of totals.",
            ),
            "EMERGENCE_LEAD": Text(
                "Nombre moyen de périodes (trimestres ; années d’une enquête annuelle) entre"
                " l’alerte et le doublement de la part, pour les alertes dont la part a doublé.",
                "Mean number of periods (quarters; years of a yearly survey) from the alert to"
                " twice its share, of the alerts whose share has doubled.",
            ),
        },
        concepts=_CONCEPTS,
    ),
    Shipped(
        id="DF_EMERGENCE_RULE",
        name=("Seuils de l’émergence", "Thresholds of emergence"),
        dimensions={
            **_DIMENSIONS,
            "RULE": "CL_EMERGENCE_RULE",
            "MEASURE": "CL_EMERGENCE_THRESHOLD",
        },
        observed=(),
        constants={"DECIMALS": "2"},
        source="Vigie, choix publiés",
        licence=_LICENCE,
        indicators={
            "EMERGENCE_THRESHOLD": (
                None,
                "Seuil de l’émergence",
                "Threshold of emergence",
                ("selon le seuil", "by threshold"),
                2,
            ),
        },
        definitions={
            "EMERGENCE_THRESHOLD": Text(
                "Valeur de chaque seuil de la formule 9, en vigueur depuis le trimestre lu.",
                "Value of each threshold of formula 9, in force since the quarter.",
            ),
        },
        concepts=_CONCEPTS,
    ),
)

THRESHOLDS: Final = ReleaseDraft(
    dataflow="DF_EMERGENCE_RULE",
    notes=Names(fr=f"Seuils, version {VERSION}.", en=f"Thresholds, version {VERSION}."),
    method=METHOD,
    source="Vigie, choix publiés",
)


def structures() -> Structures:
    """Make the lists and structures of both."""
    families = {one.value.upper(): label for one, label in FAMILIES.items()}
    return Structures(
        codelists=[
            lists.fixed("CL_COUNTED", Text("Ce qui est compté", "What is counted"), families),
            lists.fixed("CL_EMERGING", Text("Ce qui émerge", "What emerges"), KINDS),
            lists.fixed(
                "CL_EMERGENCE_RULE", Text("Versions des seuils", "Thresholds’ versions"), _RULES
            ),
            lists.fixed("CL_BACKTEST", Text("Qualité des alertes", "Quality of alerts"), _MEASURES),
            lists.fixed("CL_EMERGENCE_THRESHOLD", Text("Seuils", "Thresholds"), _THRESHOLDS),
        ],
        **parts(FLOWS),
    )


def thresholds() -> bytes:
    """Write the value of each threshold, from the quarter on in which it is in force."""
    return own.written(list(_values()))


def _values() -> Iterator[dict[str, Any]]:
    for family, rule in RULES.items():
        for name, value in rule._asdict().items():
            yield {
                "FREQ": "Q",
                "COUNTED": family.upper(),
                "RULE": RULE,
                "MEASURE": name.upper(),
                "TIME_PERIOD": SINCE,
                "OBS_VALUE": value,
            }
