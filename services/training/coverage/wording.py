"""What coverage says in words: definitions, classes, and the sentences that read its figures."""

from datetime import date
from typing import Final

from platformkit.i18n import Text, language

METHOD: Final = "coverage/1.0.0"
"""Counted up whenever a figure is made otherwise."""

EXPOSURE_METHOD: Final = "ilo-2025/1.0.0"

AUDIENCES: Final = {
    "at_work": Text("personnes en emploi", "people at work"),
    "young": Text("jeunes", "young people"),
    "job_seeker": Text("demandeurs d’emploi", "jobseekers"),
}

GRADES: Final = {
    "not_exposed": Text("Non exposé", "Not exposed"),
    "minimal": Text("Exposition minimale", "Minimal exposure"),
    "gradient_1": Text("Gradient 1 : exposition faible", "Gradient 1: low exposure"),
    "gradient_2": Text("Gradient 2 : exposition modérée", "Gradient 2: moderate exposure"),
    "gradient_3": Text("Gradient 3 : exposition importante", "Gradient 3: significant exposure"),
    "gradient_4": Text("Gradient 4 : exposition la plus forte", "Gradient 4: highest exposure"),
}

_ORIGINS: Final = {
    "inherited": Text("offre héritée", "inherited offer"),
    "new": Text("offre nouvelle du programme", "programme’s new offer"),
}
_LEVEL: Final = Text("niveau {level}", "level {level}")
_NO_LEVEL: Final = Text("niveau non indiqué", "level not stated")

FORMULA: Final = Text(
    "Un métier exposé (gradients 1 à 4 de l’OIT, 2025) est couvert quand au moins une offre où l’on"
    " peut s’inscrire ce jour, ayant lieu sur le territoire, prépare une certification active dont"
    " la fiche cite ce métier ou un métier qui en est issu (« y mène »), ou cite elle-même ce"
    " métier (« l’entretient »). La part couverte est l’emploi régional des métiers exposés"
    " couverts, rapporté à l’emploi régional de tous les métiers exposés : un rapport de totaux."
    " L’emploi d’une famille professionnelle est réparti également entre ses métiers.",
    "An exposed job (ILO gradients 1 to 4, 2025) is covered when at least one offer that one may"
    " enrol in on that day, taking place in the territory, prepares an active certification whose"
    " record names the job or one that came from it (“leads to it”), or names the job itself"
    " (“maintains it”). The covered share is the regional employment of covered exposed jobs over"
    " that of all exposed jobs: a ratio of totals. The employment of a job family is split equally"
    " between its jobs.",
)

_JOB: Final = Text(
    "Lecture : le {day}, offres ouvertes ({place}) pour le métier « {label} » : {offers}, dont y"
    " menant par une certification active : {leads}, l’entretenant : {maintains}{employment}.",
    "Reading: on {day}, open offers ({place}) for the job “{label}”: {offers}, of which leading to"
    " it through an active certification: {leads}, maintaining it: {maintains}{employment}.",
)
_EMPLOYMENT: Final = Text(
    " ; emplois dans la région (estimation) : {count}",
    "; jobs held in the region (estimate): {count}",
)
_GAPS: Final = {
    "offer": Text(
        "Lecture : le {day}, aucune offre ouverte ({place}) pour le métier « {label} » ;"
        " certifications actives qui y mènent : {certifications}{employment} ; rang : {rank}.",
        "Reading: on {day}, no open offer ({place}) for the job “{label}”; active certifications"
        " that lead to it: {certifications}{employment}; rank: {rank}.",
    ),
    "certification": Text(
        "Lecture : le {day}, ni offre ouverte ({place}) ni certification active pour le métier"
        " « {label} »{employment} ; rang : {rank}.",
        "Reading: on {day}, neither an open offer ({place}) nor an active certification for the"
        " job “{label}”{employment}; rank: {rank}.",
    ),
}
_PARTS: Final = {
    "covered": Text("couverts par l’offre ouverte", "covered by the open offer"),
    "audience": Text(
        "couverts par l’offre ouverte aux {audience}", "covered by the offer open to {audience}"
    ),
    "inherited_only": Text(
        "couverts par la seule offre héritée", "covered by the inherited offer only"
    ),
    "new_only": Text(
        "couverts par la seule offre nouvelle du programme",
        "covered by the programme’s new offer only",
    ),
    "both": Text(
        "couverts par l’offre héritée et par la nouvelle",
        "covered by both the inherited and the new offer",
    ),
    "none": Text("sans aucune offre ouverte", "without any open offer"),
    "offer": Text(
        "sans offre ouverte, alors qu’une certification active y mène",
        "without an open offer, though an active certification leads there",
    ),
    "certification": Text(
        "sans offre ouverte ni certification active",
        "without an open offer or an active certification",
    ),
}
_WHOLES: Final = {
    "existing": Text("métiers exposés", "exposed jobs"),
    "emerging": Text("métiers émergents", "emerging jobs"),
    "class": Text("métiers de la classe « {grade} »", "jobs of the class “{grade}”"),
}
_PART: Final = Text(
    "Lecture : le {day} ({place}), {whole} {what} : {jobs} sur {of_jobs}{employed}.",
    "Reading: on {day} ({place}), {whole} {what}: {jobs} of {of_jobs}{employed}.",
)
_EMPLOYED: Final = Text(
    ", soit {employment} des {of_employment} emplois régionaux ({share})",
    ", that is {employment} of {of_employment} jobs held in the region ({share})",
)
_TERRITORY: Final = Text(
    "Lecture : le {day}, offres ouvertes ({place}) : {offers} ; part de l’emploi exposé de la"
    " région qu’elles couvrent : {share}.",
    "Reading: on {day}, open offers ({place}): {offers}; share of the exposed employment of the"
    " region that they cover: {share}.",
)
_UNKNOWN: Final = Text("inconnue", "unknown")


def number(value: float) -> str:
    """Write a whole number as the language of the request does."""
    written = f"{value:,.0f}"
    return written if language() == "en" else written.replace(",", "\u202f")


def percent(share: float | None) -> str:
    """Write a share with one decimal; French puts a no-break space before the sign."""
    if share is None:
        return _UNKNOWN()
    written = f"{100 * share:.1f}"
    return f"{written}%" if language() == "en" else f"{written.replace('.', ',')}\u00a0%"


def day_of(day: date) -> str:
    """Write a day as the language of the request does."""
    return day.isoformat() if language() == "en" else f"{day:%d/%m/%Y}"


def where(label: str, audience: str | None, origin: str | None, level: str | None) -> str:
    """Name the territory, and whatever else narrows the offers that a sentence is about."""
    said = [label]
    if audience:
        said.append(AUDIENCES[audience]())
    if origin:
        said.append(_ORIGINS[origin]())
    if level:
        said.append(_NO_LEVEL() if level == "not_stated" else _LEVEL(level=level))
    return ", ".join(said)


def grade(code: str | None) -> str | None:
    """Name a class of exposure; one that we do not know keeps its code."""
    return None if code is None else GRADES[code]() if code in GRADES else code


def _employment(count: float | None) -> str:
    return "" if count is None else _EMPLOYMENT(count=number(count))


def job(
    day: date, place: str, label: str, leads: int, maintains: int, employment: float | None
) -> str:
    """Read what answers a job."""
    return _JOB(
        day=day_of(day),
        place=place,
        label=label,
        offers=number(leads + maintains),
        leads=number(leads),
        maintains=number(maintains),
        employment=_employment(employment),
    )


def gap(missing: str, day: date, employment: float | None, **facts: object) -> str:
    """Read what is missing for a job."""
    return _GAPS[missing](day=day_of(day), employment=_employment(employment), **facts)


def part(
    what: str,
    whole: str,
    day: date,
    place: str,
    jobs: tuple[int, int],
    employment: tuple[float, float] | None,
    share: float | None,
    **named: str,
) -> str:
    """Read a part of the jobs and of their employment."""
    employed = ""
    if employment is not None:
        some, all_ = employment
        employed = _EMPLOYED(
            employment=number(some), of_employment=number(all_), share=percent(share)
        )
    return _PART(
        day=day_of(day),
        place=place,
        jobs=number(jobs[0]),
        of_jobs=number(jobs[1]),
        whole=_WHOLES[whole](**named),
        what=_PARTS[what](**named),
        employed=employed,
    )


def territory(day: date, place: str, offers: int, share: float | None) -> str:
    """Read the open offer of a territory."""
    return _TERRITORY(day=day_of(day), place=place, offers=number(offers), share=percent(share))
