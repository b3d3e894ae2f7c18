"""The sentences of studies, by id: another sentence is another version of the template."""

from collections.abc import Mapping
from typing import Final

from observatory.study.schemas import SectionId
from platformkit.i18n import Text, language

ID: Final = "impact-study"
VERSION: Final = "1.0.0"

TITLE: Final = Text("Étude d’impact de l’IA", "Impact study of AI")

SECTIONS: Final[Mapping[SectionId, Text]] = {
    "changes": Text("Ce qui change", "What changes"),
    "people": Text("Pour combien de personnes", "For how many people"),
    "certainty": Text("Avec quelle certitude", "How sure it is"),
    "strengths": Text("Points forts", "Strong points"),
    "weaknesses": Text("Points faibles", "Weak points"),
    "problems": Text("Problèmes à venir", "Problems ahead"),
    "training": Text(
        "Réponses : certifications et formations", "Answers: certifications, training"
    ),
    "calls": Text("Réponses : appels à projets", "Answers: calls for projects"),
    "mobilities": Text(
        "Réponses : métiers moins exposés qui recrutent", "Answers: less exposed jobs that recruit"
    ),
}

TEMPLATES: Final[Mapping[str, Text]] = {
    "mean": Text(
        "L’exposition moyenne de « {label} » à l’IA générative est de {value} sur une échelle de 0"
        " à 1 (intervalle à 95 % : {low} à {high}). Exposé ne veut pas dire supprimé.",
        "The mean exposure of “{label}” to generative AI is {value} on a scale from 0 to 1 (95%"
        " interval: {low} to {high}). Exposed does not mean lost.",
    ),
    "class": Text(
        "Classe d’exposition de « {label} » selon l’OIT : « {name} ».",
        "Class of exposure of “{label}” by the ILO: “{name}”.",
    ),
    "country": Text(
        "En « {label} », l’exposition moyenne est de {value} ({low} à {high}).",
        "In “{label}”, the mean exposure is {value} ({low} to {high}).",
    ),
    "exposed": Text(
        "{count} {unit} sur {total} ({share}) sont dans des métiers exposés (gradients 1 à 4).",
        "{count} {unit} of {total} ({share}) are in exposed jobs (gradients 1 to 4).",
    ),
    "class-people": Text(
        "« {name} » : {count} {unit} sur {total} ({share}).",
        "“{name}”: {count} {unit} of {total} ({share}).",
    ),
    "job-hires": Text(
        "« {label} » (« {name} ») : {count} embauches du secteur en France.",
        "“{label}” (“{name}”): {count} hires of the sector in France.",
    ),
    "job-people": Text(
        "« {label} » : environ {count} personnes en emploi dans « {place} », tous secteurs"
        " (estimation : chaque famille professionnelle partagée également entre ses métiers).",
        "“{label}”: about {count} persons employed in “{place}”, all sectors (an estimate: each job"
        " family split equally between its jobs).",
    ),
    "job-country": Text(
        "« {label} » : environ {count} personnes en emploi dans l’ensemble des régions"
        " (même estimation).",
        "“{label}”: about {count} persons employed in all regions (same estimate).",
    ),
    "coverage": Text(
        "{share} des {unit} ont un score : les chiffres portent sur ceux-là.",
        "{share} of {unit} have a score: the figures are about these.",
    ),
    "index": Text(
        "Selon l’indice « {name} », le rang est {value} sur 100 (intervalle à 95 % : {low} à"
        " {high}), classe « {band} ».",
        "By the index “{name}”, the place is {value} out of 100 (95% interval: {low} to {high}),"
        " class “{band}”.",
    ),
    "index-bare": Text(
        "Selon l’indice « {name} », le rang est {value} sur 100, classe « {band} » ; son producteur"
        " ne publie pas de dispersion, il n’y a donc pas d’intervalle.",
        "By the index “{name}”, the place is {value} out of 100, class “{band}”; its producer"
        " publishes no dispersion, so there is no interval.",
    ),
    "agreed": Text(
        "Les {of} indices donnent la même classe, « {band} » ; rangs de {low} à {high}.",
        "The {of} indices give the same class, “{band}”; places from {low} to {high}.",
    ),
    "disagreed": Text(
        "Les indices ne s’accordent pas : {agreeing} sur {of} donnent la classe « {band} » ; rangs"
        " de {low} à {high}.",
        "The indices disagree: {agreeing} of {of} give the class “{band}”; places from {low} to"
        " {high}.",
    ),
    "imputed": Text(
        "Le métier n’a pas de score propre : {value} est la moyenne de son sous-groupe CITP.",
        "The job has no score of its own: {value} is the mean of its ISCO minor group.",
    ),
    "rank": Text(
        "{name} : {value} pour « {label} », place {position} sur {of} parmi {among}, de la plus"
        " basse à la plus haute (médiane : {median}).",
        "{name}: {value} for “{label}”, place {position} of {of} among {among}, from the lowest to"
        " the highest (median: {median}).",
    ),
    "family-exposed": Text(
        "Spécialisation dans une famille exposée, « {label} » : {quotient} fois son poids en France"
        " (intervalle à 95 % : {low} à {high}), {count} emplois dont {share} exposés.",
        "Specialised in an exposed family, “{label}”: {quotient} times its weight in France (95%"
        " interval: {low} to {high}), {count} jobs of which {share} exposed.",
    ),
    "family-spared": Text(
        "Spécialisation dans une famille peu exposée, « {label} » : {quotient} fois son poids en"
        " France (intervalle à 95 % : {low} à {high}), {count} emplois dont {share} exposés.",
        "Specialised in a family that is little exposed, “{label}”: {quotient} times its weight in"
        " France (95% interval: {low} to {high}), {count} jobs of which {share} exposed.",
    ),
    "covered": Text(
        "L’offre de formation ouverte répond à {share} de l’emploi exposé de « {place} » ({count}"
        " sur {total}).",
        "Open training answers {share} of the exposed employment of “{place}” ({count} of"
        " {total}).",
    ),
    "ahead-people": Text(
        "« {label} » (« {name} ») : environ {count} personnes en emploi dans « {place} »"
        " (estimation).",
        "“{label}” (“{name}”): about {count} persons employed in “{place}” (an estimate).",
    ),
    "ahead-class": Text(
        "« {label} » est de la classe « {name} » : ses tâches changent.",
        "“{label}” is of the class “{name}”: its tasks change.",
    ),
    "unanswered": Text(
        "Offres de formation ouvertes pour le métier « {label} » dans « {place} » : {count}.",
        "Open training for the job “{label}” in “{place}”: {count}.",
    ),
    "answered": Text(
        "« {label} » : {offers} offres de formation ouvertes dans « {place} », {certifications}"
        " certifications actives.",
        "“{label}”: {offers} open training offers in “{place}”, {certifications} active"
        " certifications.",
    ),
    "certification": Text("Certification « {label} ».", "Certification “{label}”."),
    "call": Text(
        "Appel à projets « {label} », opérateur « {operator} »{until}.",
        "Call for projects “{label}”, operator “{operator}”{until}.",
    ),
    "way-out": Text(
        "De « {origin} » vers « {label} » : exposition de {value} au lieu de {own}, et {count}"
        " embauches du métier « {basis} » en France (médiane des métiers : {median}).",
        "From “{origin}” to “{label}”: exposure of {value} instead of {own}, and {count} hires of"
        " the job “{basis}” in France (median of jobs: {median}).",
    ),
}

UNTIL: Final = Text(", ouvert jusqu’au « {day} »", ", open until “{day}”")

LIVE: Final = {
    "covered": Text(
        "Part de l’emploi exposé de « {label} » à laquelle répond l’offre ouverte",
        "Share of the exposed employment of “{label}” that open training answers",
    ),
    "offers": Text("Offres ouvertes pour « {label} »", "Open offers for “{label}”"),
    "certifications": Text(
        "Certifications actives pour « {label} »", "Active certifications for “{label}”"
    ),
}
NO_CALL: Final = Text("Aucun appel à projets n’est ouvert.", "No call for projects is open.")

RULES: Final = Text(
    "Un chiffre est comparé à ceux de la même livraison et de la même période : une région aux"
    " régions, un secteur aux secteurs du même niveau, un métier aux métiers du même domaine ROME."
    " Une exposition plus basse est favorable. Point fort : premier quart et intervalle à 95 % tout"
    " entier sous la médiane. Point faible : dernier quart et intervalle tout entier au-dessus. Il"
    " faut au moins 8 comparables. Une famille dont l’intervalle du quotient de localisation est"
    " au-dessus de 1 est un point faible dès 50 % d’emplois exposés, un point fort jusqu’à 10 %."
    " La couverture de l’emploi exposé par la formation ouverte est un point fort dès 50 %, faible"
    " en dessous. Un métier est un problème à venir dès le gradient 3. Une mobilité est proposée"
    " si le métier visé est moins exposé d’au moins 0,05 et recrute au moins autant que le métier"
    " médian.",
    "A figure is compared with those of the same release and period: a region with regions, a"
    " sector with sectors of the same level, a job with jobs of the same ROME domain. A lower"
    " exposure is favourable. Strong point: first quarter, and the whole 95% interval below the"
    " median. Weak point: last quarter, and the whole interval above. It takes 8 comparables. A"
    " family whose interval of the location quotient is above 1 is a weak point from 50% of jobs"
    " exposed, a strong point up to 10%. The share of exposed employment that open training answers"
    " is a strong point from 50%, weak below. A job is a problem ahead from gradient 3. A mobility"
    " is proposed if the job is less exposed by at least 0.05 and recruits at least as much as the"
    " median job.",
)

NOTHING: Final = Text(
    "Aucun chiffre publié n’atteint le seuil de la règle.",
    "No published figure reaches the threshold of the rule.",
)
UNTOLD: Final = Text(
    "Aucun chiffre publié ne le mesure à cette échelle.",
    "No published figure measures it at this scale.",
)
AWAY: Final = Text(
    "Le service « {peer} » ne répond pas ({reason}).",
    "The service “{peer}” does not answer ({reason}).",
)
REFUSED: Final = Text(
    "Le service « {peer} » ne connaît pas cette demande ({reason}).",
    "The service “{peer}” does not know this question ({reason}).",
)
PINNED: Final = Text(
    "Les services voisins ne disent que le présent : rien n’en est repris dans une étude à une"
    " date donnée (asOf).",
    "The neighbouring services tell the present only: nothing of them is in a study as of a given"
    " date (asOf).",
)

UNITS: Final = {
    "territories": Text("emplois", "jobs held"),
    "sectors": Text("embauches", "hires"),
}
AMONG: Final = {
    "territories": Text("les régions mesurées", "measured regions"),
    "sectors": Text("les secteurs du même niveau", "sectors of the same level"),
    "jobs": Text("les métiers du même domaine ROME", "jobs of the same ROME domain"),
}


def written(value: float, decimals: int = 0) -> str:
    """Write a number with thousands apart, as the language of the request does."""
    text = f"{value:,.{decimals}f}"
    if language() == "en":
        return text
    return text.replace(",", "\u202f").replace(".", ",")
