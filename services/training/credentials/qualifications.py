"""A certification in the European Learning Model 3; pure.

What has a level of the national framework is a Qualification. Registrations of the RS have none:
LOQ wants a level of every Qualification, so they are LearningAchievementSpecifications.
"""

from training.credentials import concepts, elm
from training.credentials.members import Members, summary, told
from training.facts import days, fields
from training.facts.certifications import CertificationFacts
from training.facts.formations import link


def document(facts: CertificationFacts, address: str) -> Members:
    """Return the certification as a document of its own."""
    return {"@context": elm.CONTEXT, **specification(facts, address)}


def specification(facts: CertificationFacts, address: str) -> Members:
    """Return the certification, `address` its identity."""
    common = told(
        id=address,
        type="LearningAchievementSpecification",
        identifier=[elm.identifier(facts.number, facts.directory, "France compétences")],
        title=told(fr=facts.title.fr, en=facts.title.en),
        altLabel=_other_name(facts),
        description=_spoken(summary(facts)),
        homepage=[elm.page(facts.page)],
        supplementaryDocument=_documents(facts),
        modified=facts.updated_at,
        ISCEDFCode=[concepts.field(one) for one in _fields(facts)],
        educationSubject=[
            concepts.subject(scheme, one.code, one.label)
            for scheme, found in (("NSF", facts.nsf), ("Formacode", facts.formacodes))
            for one in found
        ],
        learningOutcomeSummary=elm.note(facts.capacities),
        entryRequirement=elm.note(facts.prerequisites),
        language=[concepts.language(concepts.FRENCH)],
        learningOutcome=outcomes(facts),
        awardingOpportunity=_awarded(facts, address),
    )
    if facts.level is None:
        return common
    return common | told(
        type="Qualification",
        isPartialQualification=False,
        EQFLevel=concepts.european_level(facts.level),
        NQFLevel=[concepts.french_level(facts.level)],
        accreditation=_accredited(facts, address),
    )


def outcomes(facts: CertificationFacts) -> list[Members]:
    """Return the blocs as learning outcomes; a fiche without blocs attests one thing, itself."""
    found = [
        told(
            id=one.id.urn,
            type="LearningOutcome",
            identifier=[elm.identifier(f"{facts.number}/{one.code}", "bloc")],
            title={"fr": one.title},
            additionalNote=[note] if (note := elm.note(one.competences)) else None,
        )
        for one in facts.blocs
    ]
    return found or [{"type": "LearningOutcome", "title": {"fr": facts.title.fr}}]


def _spoken(text: str | None) -> Members | None:
    return None if not text else {"fr": text}


def _other_name(facts: CertificationFacts) -> Members | None:
    """LOQ wants another name to be another one."""
    short = facts.abbreviation
    return None if not short or short == facts.title.fr else {"fr": short}


def _documents(facts: CertificationFacts) -> list[Members]:
    address = link([facts.url or ""])
    return [] if address is None else [elm.page(address)]


def _fields(facts: CertificationFacts) -> list[str]:
    return fields.fields_of_study(one.code for one in facts.nsf) or [fields.UNKNOWN_FIELD]


def _awarded(facts: CertificationFacts, address: str) -> list[Members]:
    """Say who delivers it; who has no SIRET in the source is an Agent, whose country is unknown."""
    bodies = [
        elm.organisation(one.siret, one.name)
        if one.siret
        else {"type": "Agent", "prefLabel": {"fr": one.name}}
        for one in facts.certifying_bodies
    ]
    if not bodies:
        return []
    awarded = {"id": address}
    return [
        {
            "type": "AwardingOpportunity",
            "awardingBody": bodies,
            "location": elm.location(),
            "learningAchievementSpecification": awarded,
        }
    ]


def _accredited(facts: CertificationFacts, address: str) -> list[Members]:
    """Return the registration, which LOQ takes of organisations that it can name."""
    bodies = [elm.organisation(one.siret, one.name) for one in facts.certifying_bodies if one.siret]
    if not bodies:
        return []
    return [
        told(
            type="Accreditation",
            identifier=[elm.identifier(facts.number, facts.directory, "France compétences")],
            dcType=concepts.accreditation_type(),
            title={
                "fr": f"Enregistrement au {facts.directory}",
                "en": f"Registration in the {facts.directory}",
            },
            organisation=bodies,
            limitQualification={"id": address},
            accreditingAgent=elm.france_competences(),
            issued=days.morning(facts.starts_on),
            expiryDate=days.evening(facts.registration_end),
            homepage=[elm.page(facts.page)],
        )
    ]
