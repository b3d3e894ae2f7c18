"""From our facts to the objects of the Open Education API 6.0; pure.

A certification is a Programme, a formation a Course, a bloc a LearningOutcome, a session an
offering of both. What OEAPI has no place for is in the consumer profile `x-vigie`.
"""

from typing import Any, Final

from training.facts import days, fields
from training.facts.certifications import CertificationFacts
from training.facts.formations import link
from training.oeapi.facts import CourseFacts, OrganisationFacts, OutcomeFacts
from training.oeapi.identities import organisation_id, outcome_id
from training.oeapi.negotiation import CONSUMER
from training.oeapi.schemas import (
    Address,
    Code,
    Consumer,
    Country,
    Course,
    LearningOutcome,
    Organisation,
    Programme,
    Said,
    StudyLoad,
)
from training.offers.schemas import Teaching

FRANCE: Final = Country(alpha2="FR")
MODES: Final[dict[Teaching, str]] = {
    "on_site": "presential",
    "remote": "online",
    "mixed": "blended",
}
_LONGEST_ABBREVIATION: Final = 256


def said(french: str | None, english: str | None = None) -> list[Said] | None:
    """Return a text in the languages that it is in; None where there is none."""
    spoken = (("fr", french), ("en", english))
    return [Said(language=code, value=text) for code, text in spoken if text] or None


def named(french: str, english: str | None = None) -> list[Said]:
    """Return a name, which is never empty."""
    return said(french, english) or [Said(language="fr", value="")]


def profile(**more: Any) -> Consumer:  # noqa: ANN401  # values of JSON
    """Return what the profile `x-vigie` adds; null is "the source does not say"."""
    return Consumer.model_validate({"consumerKey": CONSUMER, **more})


def tongues(languages: list[str]) -> list[str] | None:
    """Return languages as OEAPI writes them; no language told is none."""
    return list(dict.fromkeys(one.lower() for one in languages)) or None


def _field(specialities: list[str]) -> str | None:
    return next(iter(fields.fields_of_study(specialities)), None)


def organisation(facts: OrganisationFacts) -> Organisation:
    """Describe whoever has the SIRET; all are whole establishments, so `root`."""
    others = [Code(code_type="x-siren", code=facts.siret[:9])]
    if facts.activity_number:
        others.append(Code(code_type="x-nda", code=facts.activity_number))
    at = facts.address
    address = at and Address(
        address_type="visit", post_code=at.postcode, city=at.city, country_code=FRANCE
    )
    return Organisation(
        organisation_id=organisation_id(facts.siret),
        organisation_type="root",
        primary_code=Code(code_type="x-siret", code=facts.siret),
        name=named(facts.name),
        addresses=[address] if address else None,
        other_codes=others,
        consumer=profile(qualiopi=facts.qualiopi),
    )


def outcome(facts: OutcomeFacts) -> LearningOutcome:
    """Describe a bloc, valid as long as its certification is registered."""
    return LearningOutcome(
        learning_outcome_id=outcome_id(facts.number, facts.code),
        primary_code=Code(code_type="identifier", code=f"{facts.number}/{facts.code}"),
        name=named(facts.title),
        description=said(facts.competences),
        fields_of_study=_field(facts.nsf),
        other_codes=[Code(code_type="uuid", code=str(facts.id))],
        valid_from=days.morning(facts.starts_on),
        valid_to=days.after(facts.ends_on),
        consumer=profile(certification=facts.number, licence=facts.source.licence),
    )


def programme(facts: CertificationFacts, expanded: OrganisationFacts | None = None) -> Programme:
    """Describe a certification; what the RS certifies is a certificate, without level."""
    certifier = next((one.siret for one in facts.certifying_bodies if one.siret), None)
    document = "certificate" if facts.directory == "RS" else "diploma"
    short = facts.abbreviation
    assessed = "\n".join(f"{one.code} : {one.assessment}" for one in facts.blocs if one.assessment)
    classified = (("x-rome", facts.rome), ("x-nsf", facts.nsf), ("x-formacode", facts.formacodes))
    return Programme(
        programme_id=facts.id,
        programme_type="programme",
        primary_code=Code(code_type="programme_code", code=facts.number),
        name=named(facts.title.fr, facts.title.en),
        abbreviation=short if short and len(short) <= _LONGEST_ABBREVIATION else None,
        description=said(facts.objectives or facts.activities or facts.capacities),
        qualification_awarded=document,
        level_of_qualification=None if facts.level is None else f"eqf_{facts.level}",
        fields_of_study=_field([one.code for one in facts.nsf]),
        learning_outcome_ids=[outcome_id(facts.number, one.code) for one in facts.blocs],
        admission_requirements=said(facts.prerequisites),
        assessment=said(assessed),
        formal_document=document,
        link=facts.page,
        other_codes=[
            Code(code_type=kind, code=one.code) for kind, terms in classified for one in terms
        ],
        valid_from=days.morning(facts.starts_on),
        valid_to=days.after(facts.registration_end),
        organisation_id=organisation_id(certifier) if certifier else None,
        organisation=organisation(expanded) if expanded else None,
        consumer=profile(
            directory=facts.directory,
            state=facts.state,
            registrationEnd=facts.registration_end,
            deliveryLimit=facts.delivery_limit,
            accessRoutes=facts.access_routes,
            certifiers=[one.model_dump() for one in facts.certifying_bodies],
            predecessors=facts.predecessors,
            successors=facts.successors,
            themes=facts.editorial.themes,
            licence=facts.source.licence,
        ),
    )


def course(
    facts: CourseFacts,
    expanded: OrganisationFacts | None = None,
    programmes: list[Programme] | None = None,
) -> Course:
    """Describe a formation; hours are told where all its actions have as many."""
    classified = (("x-rome", facts.rome), ("x-nsf", facts.nsf), ("x-formacode", facts.formacodes))
    codes = [("x-rs" if one.startswith("RS") else "x-rncp", one) for one in facts.codes]
    only = facts.hours[0] if len(facts.hours) == 1 else None
    return Course(
        course_id=facts.id,
        primary_code=Code(code_type="identifier", code=facts.number),
        name=named(facts.title),
        description=named(facts.objectives),
        study_load=None if only is None else [StudyLoad(study_load_unit="hour", value=only)],
        modes_of_delivery=[MODES[one] for one in facts.modes],
        first_start_date=days.morning(facts.starts_on),
        teaching_languages=tongues(facts.languages),
        fields_of_study=_field(facts.nsf),
        qualification_requirements=said(facts.expected_results),
        link=link(facts.web),
        other_codes=[
            *(Code(code_type=kind, code=one) for kind, one in codes),
            *(Code(code_type=kind, code=one) for kind, found in classified for one in found),
        ],
        programme_ids=[one.id for one in facts.programmes],
        programmes=programmes,
        organisation_id=organisation_id(facts.provider),
        organisation=organisation(expanded) if expanded else None,
        consumer=profile(
            content=facts.content,
            quality=facts.quality,
            flags=facts.flags,
            licence=facts.source.licence,
        ),
    )
