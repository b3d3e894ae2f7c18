"""The indicators of a programme: formula, unit, limits and reading sentence, published as they are.

A change of a formula is another version of these definitions, told in the changelog.
"""

from dataclasses import dataclass
from typing import Final

from platformkit.i18n import Text

VERSION: Final = "2.0.0"


@dataclass(frozen=True, slots=True)
class Kpi:
    """One indicator: the things with one of these measures, counted, or their amounts summed."""

    code: str
    peer: str
    measures: tuple[str, ...]
    name: Text
    unit: Text
    formula: Text
    reading: Text
    limits: Text
    is_sum: bool = False
    by_programme: bool = False
    """Whether the feed tells of which programme a thing is."""


_TAKEN_OUT: Final = Text(
    "Ce qui est retiré du fil (annulation, erreur, retrait du consentement) n’est plus compté.",
    "What is taken out of the feed (cancellation, error, consent withdrawn) no longer counts.",
)
_SEATS: Final = Text(
    "Une inscription est du programme de sa cohorte. Le fil ne dit pas l’entreprise : inscrite à"
    " deux semaines, elle compte deux fois. Les entreprises distinctes : companies_accompanied.",
    "An enrolment is of the programme of its cohort. The feed tells no company: one enrolled in two"
    " weeks counts twice. Distinct companies: companies_accompanied.",
)
_OF_PROPOSALS: Final = Text(
    "Seulement ce qui est entré au catalogue par une proposition acceptée : pas les fiches"
    " nationales.",
    "Only what came into the catalogue by an accepted proposal: no national certification.",
)

KPIS: Final = (
    Kpi(
        "smes_accompanied",
        "diagnostic",
        ("enrolment.confirmed", "enrolment.attended"),
        Text("PME accompagnées", "SMEs accompanied"),
        Text("inscriptions", "enrolments"),
        Text(
            "Nombre d’inscriptions distinctes dont le dernier état est « confirmée » ou"
            " « suivie » : Σ 1[état ∈ {confirmed, attended}].",
            "Number of distinct enrolments whose latest status is confirmed or attended:"
            " Σ 1[status ∈ {confirmed, attended}].",
        ),
        Text(
            "Lecture : {value} inscriptions de PME ont une place ou ont été suivies.",
            "Reading: {value} enrolments of SMEs have a seat or were attended.",
        ),
        _SEATS,
        by_programme=True,
    ),
    Kpi(
        "companies_accompanied",
        "diagnostic",
        ("programme_statistics.enrolled",),
        Text("Entreprises distinctes accompagnées", "Distinct companies accompanied"),
        Text("entreprises", "companies"),
        Text(
            "Entreprises (SIREN) ayant une place dans une cohorte du programme, comptées par le"
            " diagnostic et publiées par lui, arrondies au multiple de cinq inférieur.",
            "Companies (SIREN) that have a seat in a cohort of the programme, counted by the"
            " diagnostic and published by it, rounded down to a multiple of five.",
        ),
        Text(
            "Lecture : au moins {value} entreprises distinctes ont une place ou ont été suivies.",
            "Reading: at least {value} distinct companies have a seat or were attended.",
        ),
        Text(
            "0 tant que moins de k entreprises sont connues ; renouvelé chaque nuit. Une entreprise"
            " de deux programmes compte dans chacun, et deux fois dans l’ensemble.",
            "0 as long as fewer than k companies are known; renewed each night. A company of two"
            " programmes counts in each, and twice in all of them.",
        ),
        is_sum=True,
        by_programme=True,
    ),
    Kpi(
        "smes_attended",
        "diagnostic",
        ("enrolment.attended",),
        Text("PME venues", "SMEs that came"),
        Text("inscriptions", "enrolments"),
        Text(
            "Nombre d’inscriptions distinctes dont le dernier état est « suivie ».",
            "Number of distinct enrolments whose latest status is attended.",
        ),
        Text(
            "Lecture : {value} inscriptions de PME ont été suivies jusqu’à leur semaine.",
            "Reading: {value} enrolments of SMEs were attended.",
        ),
        _SEATS,
        by_programme=True,
    ),
    Kpi(
        "cohorts_held",
        "diagnostic",
        ("cohort.completed",),
        Text("Semaines tenues", "Cohorts held"),
        Text("cohortes", "cohorts"),
        Text(
            "Nombre de cohortes dont le dernier état est « terminée ».",
            "Number of cohorts whose latest status is completed.",
        ),
        Text("Lecture : {value} semaines ont eu lieu.", "Reading: {value} weeks were held."),
        Text(
            "Une semaine commencée n’est comptée qu’à sa fin.",
            "A week that has begun counts at its end only.",
        ),
        by_programme=True,
    ),
    Kpi(
        "diagnostics_submitted",
        "diagnostic",
        ("assessment.submitted",),
        Text("Diagnostics remis", "Diagnostics submitted"),
        Text("diagnostics", "diagnostics"),
        Text(
            "Nombre de diagnostics qui ont un score figé et qui ne sont pas retirés du fil.",
            "Number of diagnostics that have a frozen score and were not taken out of the feed.",
        ),
        Text(
            "Lecture : {value} diagnostics ont été remis.",
            "Reading: {value} diagnostics were submitted.",
        ),
        _TAKEN_OUT,
        by_programme=True,
    ),
    Kpi(
        "certifications_opened",
        "training",
        ("certification.regional",),
        Text("Certifications ouvertes", "Certifications opened"),
        Text("certifications", "certifications"),
        Text(
            "Nombre de certifications au catalogue, issues d’une proposition, ni retirées ni"
            " absentes.",
            "Number of certifications in the catalogue that came from a proposal, neither"
            " withdrawn nor absent.",
        ),
        Text(
            "Lecture : {value} certifications du programme sont au catalogue.",
            "Reading: {value} certifications of the programme are in the catalogue.",
        ),
        _OF_PROPOSALS,
    ),
    Kpi(
        "sessions_opened",
        "training",
        ("formation.regional",),
        Text("Sessions ouvertes", "Sessions opened"),
        Text("sessions", "sessions"),
        Text(
            "Somme des sessions des offres au catalogue, issues d’une proposition, non retirées.",
            "Sum of the sessions of offers in the catalogue that came from a proposal, not"
            " withdrawn.",
        ),
        Text(
            "Lecture : les offres du programme ont {value} sessions, passées ou à venir.",
            "Reading: the offers of the programme have {value} sessions, past or to come.",
        ),
        _OF_PROPOSALS,
        is_sum=True,
    ),
    Kpi(
        "proposals_published",
        "training",
        ("proposal.offer", "proposal.certification"),
        Text("Propositions publiées", "Proposals published"),
        Text("propositions", "proposals"),
        Text(
            "Nombre de propositions d’écoles acceptées et publiées au catalogue.",
            "Number of proposals of schools that were accepted and published in the catalogue.",
        ),
        Text(
            "Lecture : {value} propositions ont été publiées.",
            "Reading: {value} proposals were published.",
        ),
        Text(
            "Une proposition publiée le reste, même si son offre est retirée plus tard.",
            "A proposal stays published even where its offer is withdrawn later.",
        ),
    ),
)

BY_CODE: Final = {one.code: one for one in KPIS}
