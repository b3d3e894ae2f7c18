"""Offers, sessions and certifications in schema.org's words, for the web and search engines; pure.

What Google's "course info" asks of a Course: name, description, provider, offers with a category,
and instances with a mode and a workload or a schedule.
"""

from typing import Final

from platformkit.i18n import Language
from training.credentials.members import FRANCE_COMPETENCES, Members, establishment, summary, told
from training.facts import fields
from training.facts.certifications import CertificationFacts
from training.facts.formations import (
    ActionFacts,
    Address,
    FormationFacts,
    ProviderFacts,
    SessionFacts,
    link,
)
from training.offers.schemas import Teaching

CONTEXT: Final = "https://schema.org"
_MODES: Final[dict[Teaching, str]] = {
    "on_site": "Onsite",
    "remote": "Online",
    "mixed": "Blended",
}
_ATTENDANCE: Final[dict[Teaching, str]] = {
    "on_site": "OfflineEventAttendanceMode",
    "remote": "OnlineEventAttendanceMode",
    "mixed": "MixedEventAttendanceMode",
}


def credential(facts: CertificationFacts, address: str, language: Language) -> Members:
    """Describe a certification as an EducationalOccupationalCredential."""
    return {"@context": CONTEXT, **_credential(facts, address, language)}


def course(facts: FormationFacts, address: str, credentials: dict[str, str]) -> Members:
    """Describe an offer as a Course; `credentials` are the addresses of its certifications."""
    return told(
        _context=CONTEXT,
        _type="Course",
        _id=address,
        name=facts.title,
        description=facts.objectives,
        courseCode=facts.number,
        url=link(facts.web),
        inLanguage=facts.tongues,
        provider=_provider(facts.provider),
        about=[_term(one.code, "Formacode", None) for one in facts.domain.formacodes],
        teaches=facts.expected_results,
        timeRequired=_hours(facts.actions),
        educationalCredentialAwarded=[
            _credential(one, credentials[one.number], "fr") for one in facts.certifications
        ],
        offers=[_offer(one) for one in facts.actions],
        hasCourseInstance=[
            _instance(facts, action, session)
            for action in facts.actions
            for session in action.sessions
        ],
        dateModified=facts.updated_at,
    )


def instance(
    facts: FormationFacts, action: ActionFacts, session: SessionFacts, address: str, course_: str
) -> Members:
    """Describe a session as a CourseInstance of its own."""
    return {
        "@context": CONTEXT,
        **_instance(facts, action, session),
        "@id": address,
        "name": facts.title,
        "description": facts.objectives,
        "organizer": _provider(facts.provider),
        "about": {"@type": "Course", "@id": course_, "name": facts.title},
    }


def _credential(facts: CertificationFacts, address: str, language: Language) -> Members:
    english = language == "en" and facts.title.en
    return told(
        _type="EducationalOccupationalCredential",
        _id=address,
        name=facts.title.en if english else facts.title.fr,
        alternateName=facts.abbreviation,
        description=summary(facts),
        inLanguage="fr",
        identifier={
            "@type": "PropertyValue",
            "propertyID": facts.directory,
            "value": facts.number,
        },
        sameAs=facts.page,
        url=facts.page,
        credentialCategory="certification professionnelle",
        educationalLevel=_level(facts.level),
        competencyRequired=[_term(one.code, facts.number, one.title) for one in facts.blocs],
        about=[
            *(_term(one.code, "NSF", one.label) for one in facts.nsf),
            *(
                _term(one.code, "ISCO-08", one.label_fr, one.uri)
                for one in fields.unit_groups(one.code for one in facts.rome)
            ),
        ],
        recognizedBy={
            "@type": "Organization",
            "@id": FRANCE_COMPETENCES,
            "name": "France compétences",
        },
        creator=[_body(one.name, one.siret) for one in facts.certifying_bodies],
        validIn={"@type": "Country", "name": "France"},
        expires=facts.registration_end,
        dateModified=facts.updated_at,
    )


def _term(code: str, scheme: str, name: str | None, url: str | None = None) -> Members:
    return told(
        _type="DefinedTerm", termCode=code, inDefinedTermSet=scheme, name=name or code, url=url
    )


def _level(level: int | None) -> Members | None:
    return None if level is None else _term(str(level), "EQF", f"Niveau {level}")


def _body(name: str, siret: str | None) -> Members:
    return told(
        _type="Organization",
        _id=establishment(siret) if siret else None,
        name=name,
        identifier=_siret(siret) if siret else None,
    )


def _siret(siret: str) -> Members:
    return {"@type": "PropertyValue", "propertyID": "SIRET", "value": siret}


def _provider(facts: ProviderFacts) -> Members:
    return {**_body(facts.name, facts.siret), **told(url=link(facts.details.web))}


def _offer(action: ActionFacts) -> Members:
    """Return the price: schema.org's category is free or paid, and paid where nobody says."""
    price = action.price
    is_free = price is not None and bool(price.free)
    known = None if price is None else price.amount
    return told(
        _type="Offer",
        category="Free" if is_free else "Paid",
        price=known,
        priceCurrency="EUR" if known is not None else None,
        description=price.text if price is not None else None,
    )


def _hours(actions: list[ActionFacts]) -> str | None:
    hours = {one.hours for one in actions}
    only = hours.pop() if len(hours) == 1 else None
    return f"PT{only}H" if only else None


def _instance(facts: FormationFacts, action: ActionFacts, session: SessionFacts) -> Members:
    start, end = session.period.start, session.period.end
    schedule = told(_type="Schedule", startDate=start, endDate=end, description=action.rhythm)
    return told(
        _type="CourseInstance",
        _id=session.id.urn,
        courseMode=_MODES[action.mode],
        eventAttendanceMode=f"https://schema.org/{_ATTENDANCE[action.mode]}",
        inLanguage=action.tongues,
        startDate=start,
        endDate=end,
        courseWorkload=f"PT{action.hours}H" if action.hours else None,
        courseSchedule=schedule,
        location=[
            _place(one.details.address) for one in action.places if one.details.address is not None
        ],
        offers=_offer(action),
        url=link(session.web) or link(action.web) or link(facts.web),
    )


def _place(address: Address) -> Members:
    at = address.coordinates
    geo = None
    if at is not None and at.latitude and at.longitude:
        geo = {"@type": "GeoCoordinates", "latitude": at.latitude, "longitude": at.longitude}
    return told(
        _type="Place",
        address=told(
            _type="PostalAddress",
            streetAddress=", ".join(address.lines) or None,
            postalCode=address.postcode,
            addressLocality=address.city,
            addressCountry=address.country or "FR",
        ),
        geo=geo,
    )
