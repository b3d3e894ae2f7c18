"""What the indices are, in words, and the versioned sentences that read their figures."""

from dataclasses import dataclass

from observatory.formulas.percentiles import Band
from platformkit.i18n import Text

BANDS = {
    Band.VERY_LOW: Text("très faible", "very low"),
    Band.LOW: Text("faible", "low"),
    Band.MIDDLE: Text("moyenne", "middle"),
    Band.HIGH: Text("forte", "high"),
    Band.VERY_HIGH: Text("très forte", "very high"),
}

GRID_NAME = Text("Exposition en cinq classes", "Exposure in five classes")
GRID_RULE = Text(
    "Une classe va de sa borne, comprise, à la suivante, exclue ; le rang est coupé à l’entier, "
    "il ne change donc jamais de classe en étant montré.",
    "A class goes from its bound, included, to the next one, excluded; the place is cut to a whole "
    "number, so that showing it never changes its class.",
)

_SHARE = Text("part de 0 à 1", "share from 0 to 1")
_STANDARD = Text("écarts-types, sans bornes", "standard deviations, unbounded")

_POTENTIAL = Text(
    "Ce que l’IA pourrait faire ou aider à faire, pas un usage observé ni des suppressions "
    "d’emplois.",
    "What AI could do or help to do, neither observed use nor job losses.",
)
_OBSERVED = Text(
    "Usage d’un seul produit grand public (Bing Copilot) aux États-Unis en 2024 : ni capacité, "
    "ni remplacement.",
    "Use of one consumer product (Bing Copilot) in the United States in 2024: neither capability "
    "nor replacement.",
)
_AMERICAN = Text(
    "Nomenclature américaine : passage à la CITP-08 par la table du BLS, dont les liens pèsent "
    "autant faute de poids publiés ; des métiers recodés en 2018 y manquent.",
    "American classification: carried to ISCO-08 by the table of the BLS, whose links weigh the "
    "same as no weights are published; occupations recoded in 2018 are missing from it.",
)
_NO_ERROR = Text(
    "Aucune erreur n’est publiée pour les scores : l’incertitude montrée est un minimum.",
    "No error is published for the scores: the uncertainty shown is a minimum.",
)

COMMON_LIMITS = (
    Text(
        "Un rang compare des métiers entre eux ; un rang deux fois plus haut n’est pas une "
        "exposition double.",
        "A place compares jobs with each other; a place twice as high is not twice the exposure.",
    ),
)

FORMULA = Text(
    "aₖ = Σₒ Wₖₒ·P(aₒ) ; X = Σₖ wₖ·aₖ, wₖ = Eₖ/E. P est le rang de 0 à 100 sur l’échelle figée de "
    "la méthode. Var X = Σ w²·Var(a) (scores, table de passage) + Σ w(a−X)²/n (effectifs).",
    "aₖ = Σₒ Wₖₒ·P(aₒ); X = Σₖ wₖ·aₖ, wₖ = Eₖ/E. P is the place from 0 to 100 on the frozen scale "
    "of the method. Var X = Σ w²·Var(a) (scores, crosswalk) + Σ w(a−X)²/n (employment).",
)


@dataclass(frozen=True, slots=True)
class IndexText:
    """What is said of an index."""

    id: str
    dataset: str
    name: Text
    measures: Text
    scale: Text
    dispersed: bool
    limits: tuple[Text, ...]


def _eloundou(measure: str, fr: str, en: str) -> tuple[IndexText, IndexText]:
    greek = {"alpha": "α", "beta": "β", "gamma": "γ"}[measure]
    measures = Text(f"Part des tâches exposées : {fr}", f"Share of tasks exposed: {en}")
    return (
        IndexText(
            f"eloundou-{measure}",
            "eloundou",
            Text(
                f"GPTs are GPTs, {greek} (annotateurs humains)",
                f"GPTs are GPTs, {greek} (human raters)",
            ),
            measures,
            _SHARE,
            dispersed=False,
            limits=(_POTENTIAL, _AMERICAN, _NO_ERROR),
        ),
        IndexText(
            f"eloundou-{measure}-gpt4",
            "eloundou",
            Text(f"GPTs are GPTs, {greek} (noté par GPT-4)", f"GPTs are GPTs, {greek} (GPT-4)"),
            measures,
            _SHARE,
            dispersed=False,
            limits=(_POTENTIAL, _AMERICAN, _NO_ERROR),
        ),
    )


def _felten(variant: str, dataset: str, fr: str, en: str) -> IndexText:
    return IndexText(
        f"felten-{variant}",
        dataset,
        Text(f"AIOE de Felten, Raj et Seamans ({fr})", f"AIOE of Felten, Raj and Seamans ({en})"),
        Text(
            "Lien entre les progrès d’applications de l’IA et les aptitudes que le métier demande",
            "Link between progress in AI applications and the abilities that the job requires",
        ),
        _STANDARD,
        dispersed=False,
        limits=(_POTENTIAL, _AMERICAN, _NO_ERROR),
    )


def _ilo(year: int, dataset: str) -> IndexText:
    return IndexText(
        f"ilo-{year}",
        dataset,
        Text(
            f"Exposition à l’IA générative, indice de l’OIT {year}",
            f"Exposure to generative AI, ILO index {year}",
        ),
        Text(
            "Moyenne, sur les tâches du groupe CITP-08, de ce que l’IA générative pourrait en "
            "automatiser",
            "Mean over the tasks of the ISCO-08 group of what generative AI could automate of them",
        ),
        _SHARE,
        dispersed=True,
        limits=(
            _POTENTIAL,
            Text(
                "Scores mondiaux établis avec des modèles de langue et des experts ; les tâches "
                "ne sont pas un échantillon aléatoire.",
                "World-wide scores made with language models and experts; tasks are not a random "
                "sample.",
            ),
        ),
    )


INDICES = (
    _ilo(2025, "scores"),
    _felten("aioe", "felten", "2021, toute l’IA", "2021, all of AI"),
    *_eloundou("beta", "E1 + ½ E2", "E1 + ½ E2"),
    IndexText(
        "microsoft-2025",
        "microsoft",
        Text("Applicabilité de l’IA, Microsoft 2025", "AI applicability, Microsoft 2025"),
        Text(
            "Activités du métier pour lesquelles un assistant est utilisé avec succès : poids × "
            "aboutissement × portée",
            "Activities of the job that an assistant is used for with success: weight × completion "
            "× scope",
        ),
        Text("score de 0 à 1", "score from 0 to 1"),
        dispersed=False,
        limits=(_OBSERVED, _AMERICAN, _NO_ERROR),
    ),
    _ilo(2023, "ilo_2023"),
    *_eloundou("alpha", "E1, directement", "E1, directly"),
    *_eloundou("gamma", "E1 + E2, avec des logiciels", "E1 + E2, with software"),
    _felten("language", "felten_language", "modèles de langue", "language modelling"),
    _felten("image", "felten_image", "génération d’images", "image generation"),
)
"""Headlines first, each with its variant."""

READ_CELL = Text(
    "Lecture : selon l’indice « {method} », l’exposition de « {label} » à l’IA est {klass} "
    "(rang {place} sur 100 parmi les groupes de professions) ; {counts}. Couverture : {coverage}.",
    "Reading: by the index “{method}”, the exposure of “{label}” to AI is {klass} (place {place} "
    "out of 100 among occupations); {counts}. Coverage: {coverage}.",
)
READ_RANGE = Text(
    "Lecture : selon l’indice retenu, l’exposition de « {label} » à l’IA va de {low} (rang "
    "{low_place} sur 100, {low_method}) à {high} (rang {high_place}, {high_method}) ; classe la "
    "plus fréquente : {klass} ({agreeing} sur {of}). Couverture : {coverage} au moins.",
    "Reading: depending on the index, the exposure of “{label}” to AI goes from {low} (place "
    "{low_place} out of 100, {low_method}) to {high} (place {high_place}, {high_method}); "
    "most frequent class: {klass} ({agreeing} of {of}). Coverage: {coverage} at least.",
)
READ_AGREED = Text(
    "Lecture : quel que soit l’indice retenu, l’exposition de « {label} » à l’IA est {klass} "
    "({of} indices, rang de {low_place} à {high_place} sur 100). Couverture : {coverage} au moins.",
    "Reading: whatever the index, the exposure of “{label}” to AI is {klass} ({of} indices, place "
    "from {low_place} to {high_place} out of 100). Coverage: {coverage} at least.",
)
PLACE_UNIT = Text("rang de 0 à 100", "place from 0 to 100")
COUNTS = {
    "job": Text("un rang compare des métiers entre eux", "a place compares jobs with each other"),
    "jobs": Text(
        "{exposed} des emplois sont des classes forte et très forte",
        "{exposed} of jobs are in the classes high and very high",
    ),
    "hires": Text(
        "{exposed} des embauches sont des classes forte et très forte",
        "{exposed} of hires are in the classes high and very high",
    ),
}
READ_HIRES = Text(
    "Lecture : « {label} » est au rang {hires} sur {of} d’après les métiers qu’elle embauche en "
    "France.",
    "Reading: “{label}” has rank {hires} of {of} by the jobs it hires in France.",
)
READ_ROUTES = Text(
    "Lecture : « {label} » est au rang {hires} sur {of} d’après les métiers qu’elle embauche en "
    "France, et au rang {industry} sur {among} d’après l’indice américain des branches ; sur "
    "toutes les divisions, les deux ordres ont une corrélation de {agreement}.",
    "Reading: “{label}” has rank {hires} of {of} by the jobs it hires in France, and rank "
    "{industry} of {among} by the American index of industries; over all divisions the two orders "
    "have a correlation of {agreement}.",
)
READ_CHANGE = Text(
    "Lecture : l’exposition de « {label} » passe de {before} à {after} ({unit}), soit {total} : "
    "{structure} par la structure des emplois, {score} par les scores ou la méthode, {revision} "
    "par des révisions, {boundary} par le périmètre ou les nomenclatures.",
    "Reading: the exposure of “{label}” goes from {before} to {after} ({unit}), that is "
    "{total}: {structure} by the structure of jobs, {score} by scores or method, {revision} by "
    "revisions, {boundary} by perimeter or classifications.",
)
READ_SHIFT = Text(
    "Lecture : l’emploi de « {label} » varie de {total} ; il aurait varié de {national} comme "
    "l’ensemble du pays, ses métiers y ajoutent {mix} et le territoire lui-même {local}.",
    "Reading: employment in “{label}” changes by {total}; it would have changed by {national} as "
    "the whole country did, its mix of jobs adds {mix} and the territory itself {local}.",
)
READ_SPECIALISATION = Text(
    "Lecture : les « {family} » pèsent {value} fois plus dans l’emploi de « {label} » que dans "
    "celui de la France métropolitaine (intervalle à 95 % : {low} à {high}).",
    "Reading: “{family}” weigh {value} times as much in the employment of “{label}” as in that of "
    "metropolitan France (95% interval: {low} to {high}).",
)
READ_ABSENT = Text(
    "Lecture : aucun emploi de « {family} » n’a été observé dans « {label} ».",
    "Reading: no job of “{family}” was observed in “{label}”.",
)
TEMPLATES = {
    "cell": READ_CELL,
    "range": READ_RANGE,
    "agreed": READ_AGREED,
    "sector_hires": READ_HIRES,
    "sector_routes": READ_ROUTES,
    "change": READ_CHANGE,
    "shift_share": READ_SHIFT,
    "specialisation": READ_SPECIALISATION,
    "specialisation_absent": READ_ABSENT,
}
DO_NOT_READ = (_POTENTIAL, *COMMON_LIMITS)
