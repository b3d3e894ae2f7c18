"""What the answers say in words: names of classes, the method, reasons and reading sentences."""

from observatory.exposure.classes import Grade
from platformkit.i18n import Text, language

GRADES = {
    Grade.NOT_EXPOSED: Text("Non exposé", "Not exposed"),
    Grade.MINIMAL: Text("Exposition minimale", "Minimal exposure"),
    Grade.GRADIENT_1: Text(
        "Gradient 1 : exposition faible, tâches très diverses",
        "Gradient 1: low exposure, very diverse tasks",
    ),
    Grade.GRADIENT_2: Text(
        "Gradient 2 : exposition modérée, tâches diverses",
        "Gradient 2: moderate exposure, diverse tasks",
    ),
    Grade.GRADIENT_3: Text(
        "Gradient 3 : exposition importante, tâches diverses",
        "Gradient 3: significant exposure, diverse tasks",
    ),
    Grade.GRADIENT_4: Text(
        "Gradient 4 : exposition la plus forte, tâches peu diverses",
        "Gradient 4: highest exposure, tasks much alike",
    ),
}

METHOD_NAME = Text(
    "Exposition à l’IA générative, indice de l’OIT 2025",
    "Exposure to generative AI, ILO index 2025",
)
METHOD_FORMULA = Text(
    "Un métier a la moyenne des tâches de son groupe CITP-08. Un secteur ou un territoire a la "
    "moyenne de ses métiers pondérée par les embauches ou les emplois (rapport de totaux). "
    "Intervalles à 95 % par la méthode delta : dispersion des tâches (σ²/n), table de passage, "
    "pondérations.",
    "A job has the mean of the tasks of its ISCO-08 unit group. A sector or territory has the mean "
    "of its jobs weighted by hires or employment (a ratio of totals). 95% intervals by the delta "
    "method: dispersion of tasks (σ²/n), crosswalk, weights.",
)
METHOD_LIMITS = (
    Text(
        "L’indice mesure ce que l’IA générative pourrait faire ou aider à faire, pas des "
        "suppressions d’emplois ni un usage observé.",
        "The index measures what generative AI could do or help to do, not job losses nor "
        "observed use.",
    ),
    Text(
        "Scores mondiaux établis avec des modèles de langue et des experts ; ils ne décrivent pas "
        "l’organisation du travail d’une entreprise donnée.",
        "World-wide scores made with language models and experts; they do not describe how work "
        "is organised in a given company.",
    ),
    Text(
        "Les intervalles sont un minimum : les tâches ne sont pas un échantillon aléatoire, et un "
        "autre indice donnerait d’autres niveaux.",
        "The intervals are a minimum: tasks are not a random sample, and another index would give "
        "other levels.",
    ),
    Text(
        "Dans une famille professionnelle les métiers pèsent autant : aucune source ne les "
        "pondère. Emploi du recensement 2017.",
        "Within a job family all jobs weigh the same: no source weighs them. Employment of the "
        "2017 census.",
    ),
    Text(
        "Le profil d’un secteur est celui de ses embauches en France, pas de ses effectifs ; "
        "l’intérim (78) est compté chez l’agence.",
        "The profile of a sector is that of its hires in France, not of its staff; agency work "
        "(78) counts with the agency.",
    ),
)

JOB_DIRECT = Text(
    "Métier présent dans la table de passage ROME / CITP-08.",
    "Job present in the ROME / ISCO-08 crosswalk.",
)
JOB_FROM_PARENT = Text(
    "La table de passage porte sur le ROME v3 : ce métier du ROME 4.0 prend l’exposition du "
    "métier dont il est issu.",
    "The crosswalk covers ROME v3: this ROME 4.0 job takes the exposure of the job that it was "
    "split from.",
)
JOB_IMPUTED = Text(
    "Son groupe CITP n’a pas de score de l’OIT : moyenne des groupes notés du même sous-groupe "
    "à trois chiffres, sans classe.",
    "Its ISCO group has no ILO score: mean of the scored groups of the same three-digit minor "
    "group, without a class.",
)
SECTOR_DIRECT = Text(
    "Les embauches par métier sont connues à ce niveau.", "Hires by job are known at this level."
)
SECTOR_FROM_DIVISION = Text(
    "Les embauches par métier sont connues par division : c’est l’exposition de la division.",
    "Hires by job are known by division: this is the exposure of the division.",
)
SECTOR_FROM_SECTION = Text(
    "Aucune embauche connue pour la division : c’est l’exposition de la section.",
    "No hires are known for the division: this is the exposure of the section.",
)
TERRITORY_DIRECT = Text(
    "L’emploi par famille professionnelle est connu pour ce territoire (recensement 2017).",
    "Employment by job family is known for this territory (census 2017).",
)
TERRITORY_FROM_PARENT = Text(
    "L’emploi par famille professionnelle n’est pas connu à cette échelle : ce sont les chiffres "
    "du plus petit territoire qui le contient et pour lequel il l’est.",
    "Employment by job family is not known at this scale: these are the figures of the smallest "
    "territory around it for which it is.",
)
TERRITORY_CROSSES = Text(
    " Le territoire déborde sur une autre région.", " The territory extends into another region."
)

READ_JOB = Text(
    "Lecture : l’exposition moyenne des tâches du métier {code} ({label}) à l’IA générative est "
    "de {mean} sur une échelle de 0 à 1 ; {klass}. Exposé ne veut pas dire supprimé.",
    "Reading: the tasks of job {code} ({label}) have a mean exposure to generative AI of {mean} "
    "on a scale from 0 to 1; {klass}. Exposed does not mean lost.",
)
READ_CLASS = Text("classe de l’OIT « {name} »", "ILO class “{name}”")
READ_NO_CLASS = Text("pas de classe de l’OIT", "no ILO class")
READ_SECTOR = Text(
    "Lecture : pondérée par les embauches, l’exposition moyenne des métiers de « {label} » à l’IA "
    "générative est de {mean} (intervalle à 95 % : {low} à {high}) ; {exposed} des embauches "
    "portent sur des métiers des gradients 1 à 4.",
    "Reading: weighted by hires, the mean exposure of the jobs of “{label}” to generative AI is "
    "{mean} (95% interval: {low} to {high}); {exposed} of hires are in jobs of gradients 1 to 4.",
)
READ_TERRITORY = Text(
    "Lecture : pour le territoire « {label} », l’exposition moyenne des emplois à l’IA générative "
    "est de {mean} (intervalle à 95 % : {low} à {high}) contre {reference} en {country} ; "
    "{exposed} des emplois sont des gradients 1 à 4.",
    "Reading: for the territory “{label}”, the mean exposure of jobs to generative AI is {mean} "
    "(95% interval: {low} to {high}) against {reference} in {country}; {exposed} of jobs are in "
    "gradients 1 to 4.",
)


def number(value: float, decimals: int = 3) -> str:
    """Write a number as the language of the request does."""
    written = f"{value:.{decimals}f}"
    return written if language() == "en" else written.replace(".", ",")


def percent(share: float) -> str:
    """Write a share with one decimal; French puts a narrow no-break space before the sign."""
    return f"{number(100 * share, 1)}%" if language() == "en" else f"{number(100 * share, 1)} %"
