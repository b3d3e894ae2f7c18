"""A certification or a bloc as an Achievement of Open Badges 3.0; pure.

1EdTech, Open Badges 3.0 (2024), appendix B.1.1. What is described is what a badge would attest;
issuing badges is not ours to do.
"""

from typing import Final

from platformkit.i18n import Language
from training.certifications.schemas import BlocWhole, BodyRead
from training.credentials.members import Members, establishment, summary, told
from training.facts import fields
from training.facts.certifications import CertificationFacts

CONTEXT: Final = (
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
)
_JOB: Final = "https://candidat.francetravail.fr/metierscope/fiche-metier"
_OCCUPATION: Final = "ext:Occupation"


def of_certification(facts: CertificationFacts, address: str, language: Language) -> Members:
    """Describe a whole certification."""
    name, spoken = _name(facts, language)
    return told(
        _context=list(CONTEXT),
        id=address,
        type=["Achievement"],
        achievementType="Certification",
        name=name,
        description=summary(facts) or facts.title.fr,
        inLanguage=spoken,
        humanCode=facts.number,
        otherIdentifier=[_identifier(facts.number, facts.directory)],
        criteria=told(id=facts.page, narrative=facts.capacities),
        creator=_creator(facts.certifying_bodies),
        fieldOfStudy=next(iter(fields.fields_of_study(one.code for one in facts.nsf)), None),
        alignment=[_credential(facts), *_occupations(facts)],
        tag=list(facts.editorial.themes),
        version=str(facts.version),
    )


def of_bloc(facts: CertificationFacts, bloc: BlocWhole, address: str) -> Members:
    """Describe a competency bloc, which is certified by itself (Code du travail, L. 6113-1)."""
    return told(
        _context=list(CONTEXT),
        id=address,
        type=["Achievement"],
        achievementType="Competency",
        name=bloc.title,
        description=bloc.competences or bloc.title,
        inLanguage="fr",
        humanCode=bloc.code,
        otherIdentifier=[
            _identifier(f"{facts.number}/{bloc.code}", "bloc"),
            _identifier(str(bloc.id), "uuid"),
        ],
        criteria=told(id=facts.page, narrative=bloc.assessment),
        creator=_creator(facts.certifying_bodies),
        alignment=[_credential(facts), *_occupations(facts)],
        version=str(facts.version),
    )


def _name(facts: CertificationFacts, language: Language) -> tuple[str, Language]:
    if language == "en" and facts.title.en:
        return facts.title.en, "en"
    return facts.title.fr, "fr"


def _identifier(value: str, kind: str) -> Members:
    return {"type": "IdentifierEntry", "identifier": value, "identifierType": f"ext:{kind}"}


def _creator(bodies: list[BodyRead]) -> Members | None:
    """Return the first certifying body with a SIRET: a creator is one, and has an identity."""
    known = next((one for one in bodies if one.siret), None)
    if known is None or known.siret is None:
        return None
    return {
        "id": establishment(known.siret),
        "type": ["Profile"],
        "name": known.name,
        "otherIdentifier": [_identifier(known.siret, "SIRET")],
    }


def _aligned(name: str, url: str, framework: str, code: str, kind: str) -> Members:
    return {
        "type": ["Alignment"],
        "targetName": name,
        "targetUrl": url,
        "targetFramework": framework,
        "targetCode": code,
        "targetType": kind,
    }


def _credential(facts: CertificationFacts) -> Members:
    return _aligned(facts.title.fr, facts.page, facts.directory, facts.number, "ceterms:Credential")


def _occupations(facts: CertificationFacts) -> list[Members]:
    jobs = [
        _aligned(one.label, f"{_JOB}/{one.code}", "ROME", one.code, _OCCUPATION)
        for one in facts.rome
    ]
    groups = [
        _aligned(one.label_en, one.uri, "ESCO, ISCO-08", one.code, _OCCUPATION)
        for one in fields.unit_groups(one.code for one in facts.rome)
    ]
    return jobs + groups
