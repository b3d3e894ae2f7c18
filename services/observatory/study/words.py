"""What a page and a PDF say around the statements, and the study as finished texts."""

from typing import Any, Final

from observatory.study import rules
from observatory.study.schemas import Figure, Study
from observatory.study.texts import RULES, written
from platformkit.glyphs import bound, legible
from platformkit.i18n import Text

_WORDS: Final = {
    "skip": Text("Aller au contenu", "Skip to content"),
    "contents": Text("Sommaire", "Contents"),
    "basis": Text("Les chiffres portent sur", "The figures are about"),
    "as_of": Text("Chiffres connus au", "Figures as known on"),
    "now": Text(
        "Chiffres des dernières livraisons parues", "Figures of the newest published releases"
    ),
    "figures": Text("Chiffres cités", "Figures told"),
    "releases": Text("Livraisons, formules et sources", "Releases, formulas and sources"),
    "rule": Text("Règle des points forts et faibles", "Rule of strong and weak points"),
    "number": Text("N°", "No."),
    "name": Text("Chiffre", "Figure"),
    "key": Text("Clé", "Key"),
    "value": Text("Valeur", "Value"),
    "interval": Text("Intervalle à 95 %", "95% interval"),
    "ratio": Text("Rapport", "Ratio"),
    "release": Text("Livraison", "Release"),
    "address": Text("Adresse", "Address"),
    "provenance": Text("Provenance", "Provenance"),
    "data": Text("Données", "Data"),
    "source": Text("Source", "Source"),
    "sheet": Text("Fiche", "Sheet"),
    "comparables": Text("Chiffres comparés", "Compared figures"),
    "published": Text("Parue le", "Published"),
    "method": Text("Méthode", "Method"),
    "formula": Text("Formule", "Formula"),
    "file": Text("Fichier source", "Source file"),
    "origin": Text("Origine", "Origin"),
    "licence": Text("Licence", "Licence"),
    "since": Text("absent depuis le", "away since"),
    "hidden": Text(
        "Chiffres non cités, couverts par le secret statistique",
        "Figures not told, under statistical confidentiality",
    ),
    "template": Text("Modèle de texte", "Template of the text"),
    "table": Text("Tables de codes et de libellés", "Tables of codes and labels"),
    "page": Text("Page", "Page"),
    "colon": Text(" : ", ": "),
    "semicolon": Text(" ; ", "; "),
    "subtitle": Text("Observatoire de l’IA", "AI observatory"),
}
_QUOTED: Final = Text("« {label} »", "“{label}”")
_DECIMALS: Final = 4


def worded(study: Study) -> dict[str, Any]:
    """Write a study as texts that every format only lays out; none has a sign that hides."""
    words = {name: each() for name, each in _WORDS.items()}
    shown: dict[str, Any] = legible(
        study.model_dump(mode="json")
        | {
            "t": words,
            "quoted": _QUOTED(label=study.basis.label),
            "rule_text": f"{rules.ID}/{rules.VERSION}{words['colon']}{RULES()}",
            "figures": [_figure(each) for each in study.figures],
        }
    )
    return bound(shown) if study.language == "fr" else shown


def _figure(figure: Figure) -> dict[str, Any]:
    low, high = figure.low, figure.high
    ratio = ""
    if figure.numerator is not None and figure.denominator is not None:
        ratio = f"{written(figure.numerator)} / {written(figure.denominator)}"
    return figure.model_dump(mode="json") | {
        "keys": " ".join(f"{each.id}={each.code}" for each in figure.key),
        "between": ""
        if low is None or high is None
        else f"{written(low, _DECIMALS)} – {written(high, _DECIMALS)}",
        "ratio": ratio,
    }
