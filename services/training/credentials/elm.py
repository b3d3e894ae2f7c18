"""The vocabulary and the common parts of the European Learning Model 3; pure.

Application profile "Learning Opportunities and Qualifications" (LOQ), version 1.1.0 of 17 May
2023. The context is written into each document: nothing has to be fetched to read it.
"""

from typing import Any, Final

from training.credentials import concepts
from training.credentials.members import FRANCE_COMPETENCES, Members, establishment, told


def _typed(iri: str, kind: str) -> Members:
    return {"@id": iri, "@type": kind}


def _spoken(iri: str) -> Members:
    return {"@id": iri, "@container": "@language"}


_LINKS: Final = [
    "accreditation",
    "accreditingAgent",
    "additionalNote",
    "address",
    "amount",
    "awardingBody",
    "awardingOpportunity",
    "countryCode",
    "defaultLanguage",
    "educationSubject",
    "entryRequirement",
    "fullAddress",
    "hasPart",
    "isPartOf",
    "learningAchievementSpecification",
    "learningActivitySpecification",
    "learningOutcome",
    "learningOutcomeSummary",
    "limitQualification",
    "location",
    "mode",
    "organisation",
    "priceDetail",
    "providedBy",
    "supplementaryDocument",
    "unit",
    "EQFLevel",
    "ISCEDFCode",
    "NQFLevel",
]
_CLASSES: Final = [
    "Accreditation",
    "Address",
    "Agent",
    "Amount",
    "AwardingOpportunity",
    "Identifier",
    "LearningAchievementSpecification",
    "LearningActivitySpecification",
    "LearningOpportunity",
    "LearningOutcome",
    "LegalIdentifier",
    "Note",
    "Organisation",
    "PriceDetail",
    "Qualification",
    "WebResource",
]
CONTEXT: Final[dict[str, Any]] = {
    "@version": 1.1,
    "id": "@id",
    "type": "@type",
    "adms": "http://www.w3.org/ns/adms#",
    "dc": "http://purl.org/dc/terms/",
    "elm": "http://data.europa.eu/snb/model/elm/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rov": "http://www.w3.org/ns/regorg#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    **{name: f"elm:{name}" for name in (*_CLASSES, *_LINKS)},
    "Concept": "skos:Concept",
    "ConceptScheme": "skos:ConceptScheme",
    "Location": "dc:Location",
    "PeriodOfTime": "dc:PeriodOfTime",
    "altLabel": _spoken("skos:altLabel"),
    "applicationDeadline": _typed("elm:applicationDeadline", "xsd:dateTime"),
    "contentUrl": _typed("elm:contentUrl", "xsd:anyURI"),
    "description": _spoken("dc:description"),
    "endDate": _typed("elm:endDate", "xsd:dateTime"),
    "expiryDate": _typed("elm:expiryDate", "xsd:dateTime"),
    "geographicName": _spoken("elm:geographicName"),
    "homepage": "foaf:homepage",
    "identifier": "adms:identifier",
    "inScheme": "skos:inScheme",
    "isPartialQualification": _typed("elm:isPartialQualification", "xsd:boolean"),
    "issued": _typed("dc:issued", "xsd:dateTime"),
    "language": "dc:language",
    "legalName": _spoken("rov:legalName"),
    "modified": _typed("dc:modified", "xsd:dateTime"),
    "notation": "skos:notation",
    "noteLiteral": _spoken("elm:noteLiteral"),
    "prefLabel": _spoken("skos:prefLabel"),
    "registration": "rov:registration",
    "schemeAgency": _spoken("adms:schemeAgency"),
    "schemeName": "elm:schemeName",
    "spatial": "dc:spatial",
    "startDate": _typed("elm:startDate", "xsd:dateTime"),
    "temporal": "dc:temporal",
    "title": _spoken("dc:title"),
    "dcType": "dc:type",
    "value": _typed("rdf:value", "xsd:decimal"),
    "volumeOfLearning": _typed("elm:volumeOfLearning", "xsd:duration"),
}


def note(text: str | None) -> Members | None:
    """Return a free text, in French as all sources are."""
    return None if not text else {"type": "Note", "noteLiteral": {"fr": text}}


def identifier(value: str, scheme: str, agency: str | None = None) -> Members:
    """Return what somebody else calls it."""
    return told(
        type="Identifier",
        notation=value,
        schemeName=scheme,
        schemeAgency=None if agency is None else {"fr": agency},
    )


def page(address: str) -> Members:
    """Return a page of the web, which is named by its address."""
    return {"id": address, "type": "WebResource", "contentUrl": address}


def location(
    address: str | None = None, town: str | None = None, country: str | None = None
) -> Members:
    """Return a place, in France where nobody says otherwise."""
    return told(
        type="Location",
        geographicName=None if not town else {"fr": town},
        address=[
            told(
                type="Address",
                fullAddress=note(address),
                countryCode=concepts.country(country or "FR"),
            )
        ],
    )


def organisation(siret: str, name: str, **more: Any) -> Members:  # noqa: ANN401  # members of JSON
    """Return an organisation that is registered in France; twice in a document, it is one."""
    identity = establishment(siret)
    legal = {
        "id": f"{identity}#siret",
        "type": "LegalIdentifier",
        "notation": siret,
        "schemeName": "SIRET",
        "spatial": concepts.country(),
    }
    return told(
        id=identity,
        type="Organisation",
        legalName={"fr": name},
        registration=legal,
        **{"location": [location()], **more},
    )


def france_competences() -> Members:
    """Return the authority that registers certifications (Code du travail, L. 6123-5)."""
    return {
        "id": FRANCE_COMPETENCES,
        "type": "Organisation",
        "legalName": {"fr": "France compétences"},
        "location": [location()],
    }
