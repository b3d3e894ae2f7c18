"""The code lists and crosswalks of the shipped facts.

They are stable: whoever changes a shipped table raises `VERSION` (MAJOR where a code goes).
"""

from collections.abc import Iterable, Mapping
from typing import Final

from observatory.exposure.classes import Grade
from observatory.exposure.texts import GRADES
from observatory.references.facts import Facts
from observatory.shipped import places
from observatory.structures.schemas import Code, Codelist, CodeMap, Names
from observatory.structures.schemas import Mapping as Part
from platformkit.i18n import Text

VERSION: Final = "1.0.0"

INDEX: Final = "ILO_2025"
UNCLASSIFIED: Final = "UNCLASSIFIED"
GRADE_CODES: Final[Mapping[Grade, str]] = {grade: grade.value.upper() for grade in Grade}
"""Codes of the classes of exposure."""

_FREQUENCIES: Final = {
    "A": Text("Annuelle", "Annual"),
    "S": Text("Semestrielle", "Half-yearly"),
    "Q": Text("Trimestrielle", "Quarterly"),
    "M": Text("Mensuelle", "Monthly"),
    "W": Text("Hebdomadaire", "Weekly"),
    "D": Text("Quotidienne", "Daily"),
}
_STATUSES: Final = {
    "A": Text("Valeur normale", "Normal value"),
    "B": Text("Rupture de série", "Time series break"),
    "D": Text("Définition différente", "Definition differs"),
    "E": Text("Valeur estimée", "Estimated value"),
    "F": Text("Valeur prévue", "Forecast value"),
    "I": Text("Valeur imputée", "Imputed value"),
    "L": Text("Manquante : non collectée", "Missing value; data exist but were not collected"),
    "M": Text("Manquante : ne peut exister", "Missing value; data cannot exist"),
    "O": Text("Valeur manquante", "Missing value"),
    "P": Text("Valeur provisoire", "Provisional value"),
    "Q": Text("Manquante : secret statistique", "Missing value; suppressed"),
    "U": Text("Peu fiable", "Low reliability"),
}
_CONFIDENTIALITIES: Final = {
    "F": Text("Libre", "Free (free for publication)"),
    "C": Text("Confidentielle", "Confidential statistical information"),
    "D": Text(
        "Secret secondaire, fixé par l’émetteur", "Secondary confidentiality set by the sender"
    ),
    "N": Text("Non publiable, usage interne", "Not for publication, restricted for internal use"),
}
_MEASURES: Final = {
    "MEAN": Text("Exposition moyenne", "Mean exposure"),
    "EXPOSED_SHARE": Text("Part exposée (gradients 1 à 4)", "Share exposed (gradients 1 to 4)"),
    **{code: GRADES[grade] for grade, code in GRADE_CODES.items()},
    UNCLASSIFIED: Text("Sans classe", "Unclassified"),
    "COVERAGE": Text("Part couverte par le score", "Share covered by a score"),
}
_FAMILY_MEASURES: Final = {
    "EXPOSED_SHARE": _MEASURES["EXPOSED_SHARE"],
    "QUOTIENT": Text("Quotient de localisation", "Location quotient"),
}
_SCORES: Final = {
    "MEAN": Text("Score moyen des tâches", "Mean score of tasks"),
    "SD": Text("Écart-type entre tâches", "Standard deviation over tasks"),
    "TASKS": Text("Nombre de tâches", "Number of tasks"),
    "CLASS": Text(
        "Classe : 0 non exposé, 1 minimale, 2 à 5 gradients 1 à 4",
        "Class: 0 not exposed, 1 minimal, 2 to 5 gradients 1 to 4",
    ),
}


def _names(text: Text) -> Names:
    return Names(fr=text.fr, en=text.en)


def _list(name: str, title: Text, codes: Iterable[tuple[str, Text, str | None]]) -> Codelist:
    return Codelist(
        id=name,
        version=VERSION,
        name=_names(title),
        codes=[Code(id=code, name=_names(text), parent=parent) for code, text, parent in codes],
    )


def fixed(name: str, title: Text, codes: Mapping[str, Text]) -> Codelist:
    """Make a list of codes that are beside each other."""
    return _list(name, title, ((code, text, None) for code, text in codes.items()))


def codelists(facts: Facts) -> list[Codelist]:
    """Make every list that the shipped dataflows use."""
    return [
        fixed("CL_FREQ", Text("Fréquence", "Frequency"), _FREQUENCIES),
        fixed("CL_OBS_STATUS", Text("Statut d’observation", "Observation status"), _STATUSES),
        fixed("CL_CONF_STATUS", Text("Confidentialité", "Confidentiality"), _CONFIDENTIALITIES),
        fixed(
            "CL_INDEX",
            Text("Indice d’exposition", "Index of exposure"),
            {INDEX: Text("OIT 2025 (IA générative)", "ILO 2025 (generative AI)")},
        ),
        fixed("CL_METHOD", Text("Indices d’exposition", "Indices of exposure"), places.indices()),
        fixed("CL_PLACE", Text("Mesure de rang", "Measure of a place"), places.MEASURES),
        fixed("CL_EXPOSURE", Text("Mesure d’exposition", "Measure of exposure"), _MEASURES),
        fixed(
            "CL_FAMILY_EXPOSURE",
            Text("Mesure d’une famille", "Measure of a family"),
            _FAMILY_MEASURES,
        ),
        fixed("CL_SCORE", Text("Mesure de score", "Measure of a score"), _SCORES),
        _list(
            "CL_TERRITORY",
            Text("Territoires", "Territories"),
            ((each.id, each.label, each.parent or None) for each in facts.territories.values()),
        ),
        _list(
            "CL_ACTIVITY",
            Text("Sections et divisions de la NAF rév. 2", "Sections and divisions, NAF rev. 2"),
            (
                (each.code, each.label, each.parent or None)
                for each in facts.sectors.values()
                if each.level != "subclass"
            ),
        ),
        _list(
            "CL_ISCO08",
            Text("Groupes de base de la CITP-08", "ISCO-08 unit groups"),
            ((each.code, each.label, None) for each in facts.occupations.values()),
        ),
        _list(
            "CL_ROME4",
            Text("Métiers du ROME 4.0", "ROME 4.0 jobs"),
            ((each.code, Text(each.label, each.label), None) for each in facts.jobs.values()),
        ),
        _list(
            "CL_ROME3",
            Text("Métiers du ROME v3", "ROME v3 jobs"),
            ((each.code, Text(each.label, each.label), None) for each in facts.links.values()),
        ),
        _list(
            "CL_FAP87",
            Text("Familles professionnelles (FAP-2009)", "Job families (FAP-2009)"),
            ((each.code, each.label, None) for each in facts.families.values()),
        ),
    ]


def code_maps(facts: Facts) -> list[CodeMap]:
    """Make the crosswalks: one unit group per job, jobs of a family weigh the same."""

    def made(
        name: str, title: Text, ends: tuple[str, str], basis: str, parts: Iterable[Part]
    ) -> CodeMap:
        source, target = (f"{end}({VERSION})" for end in ends)
        return CodeMap(
            id=name,
            version=VERSION,
            name=_names(title),
            source=source,
            target=target,
            basis=basis,
            mappings=list(parts),
        )

    return [
        made(
            "CM_ROME4_ROME3",
            Text("ROME 4.0 vers ROME v3", "ROME 4.0 to ROME v3"),
            ("CL_ROME4", "CL_ROME3"),
            "France Travail, code parent",
            (Part(source=each.code, target=each.basis, weight=1) for each in facts.jobs.values()),
        ),
        made(
            "CM_ROME3_ISCO08",
            Text("ROME v3 vers CITP-08", "ROME v3 to ISCO-08"),
            ("CL_ROME3", "CL_ISCO08"),
            "France Travail, EURES",
            (
                Part(source=each.code, target=each.occupation, weight=1)
                for each in facts.links.values()
            ),
        ),
        made(
            "CM_FAP87_ROME3",
            Text("FAP-2009 vers ROME v3", "FAP-2009 to ROME v3"),
            ("CL_FAP87", "CL_ROME3"),
            "DARES; the jobs of a family weigh the same, no source weighs them",
            (
                Part(source=family.code, target=job, weight=1 / len(family.jobs))
                for family in facts.families.values()
                for job in family.jobs
            ),
        ),
    ]
