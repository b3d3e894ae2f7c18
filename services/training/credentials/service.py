"""Describing a certification, a bloc, an offer or a session in the words of others."""

import uuid
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from platformkit.errors import NotFound
from platformkit.i18n import Language, Text
from platformkit.reads import ReadPool
from training.credentials import achievements, opportunities, qualifications, schema_org
from training.credentials.members import Members
from training.facts import service as facts
from training.facts.certifications import CertificationFacts


class BlocUnknown(NotFound):
    """The certification has no bloc of this code."""

    code = "bloc-unknown"
    title = Text("Bloc inconnu", "Unknown bloc")
    detail = Text("{number} n’a pas ce bloc de compétences.", "{number} has no such bloc.")


class FormationSessionUnknown(NotFound):
    """The formation has no session of this id."""

    code = "formation-session-unknown"
    title = Text("Session inconnue", "Unknown session")


@dataclass(frozen=True, slots=True)
class Asked:
    """Where to read, for which day, and what our addresses begin with."""

    reads: ReadPool
    day: date
    base: str

    def certification(self, number: str, view: str) -> str:
        """Return the address of a view of a certification."""
        return f"{self.base}/v1/training/certifications/{number}/{view}"

    def formation(self, formation_id: uuid.UUID, *view: str) -> str:
        """Return the address of a formation, or of a view of it."""
        return "/".join((self.base, "v1/training/formations", str(formation_id), *view))


@dataclass(frozen=True, slots=True)
class Described:
    """A document, and the languages that it speaks."""

    members: Members
    languages: tuple[Language, ...]


async def badge(asked: Asked, spelling: str, language: Language) -> Described:
    """Describe a certification as an Achievement, named in that language where it can be."""
    found = await facts.certification(asked.reads, spelling, asked.day)
    address = asked.certification(found.number, "open-badge")
    members = achievements.of_certification(found, address, language)
    return Described(members, (_named_in(found, language),))


async def bloc_badge(asked: Asked, spelling: str, code: str) -> Described:
    """Describe a bloc as an Achievement; raises BlocUnknown."""
    found = await facts.certification(asked.reads, spelling, asked.day)
    bloc = next((one for one in found.blocs if one.code == code), None)
    if bloc is None:
        raise BlocUnknown(number=found.number)
    view = f"blocs/{quote(code, safe='')}/open-badge"
    return Described(
        achievements.of_bloc(found, bloc, asked.certification(found.number, view)), ("fr",)
    )


async def qualification(asked: Asked, spelling: str) -> Described:
    """Describe a certification in the European Learning Model."""
    found = await facts.certification(asked.reads, spelling, asked.day)
    members = qualifications.document(found, asked.certification(found.number, "elm"))
    return Described(members, ("fr", "en") if found.title.en else ("fr",))


async def opportunity(asked: Asked, formation_id: uuid.UUID) -> Described:
    """Describe an offer in the European Learning Model."""
    found = await facts.formation(asked.reads, formation_id, asked.day)

    def addressed(number: str) -> str:
        return asked.certification(number, "elm")

    address, plain = asked.formation(found.id, "elm"), asked.formation(found.id)
    members = opportunities.document(found, address, plain, addressed)
    return Described(members, ("fr",))


async def credential(asked: Asked, spelling: str, language: Language) -> Described:
    """Describe a certification in schema.org, named in that language where it can be."""
    found = await facts.certification(asked.reads, spelling, asked.day)
    members = schema_org.credential(
        found, asked.certification(found.number, "schema-org"), language
    )
    return Described(members, (_named_in(found, language),))


async def course(asked: Asked, formation_id: uuid.UUID) -> Described:
    """Describe an offer in schema.org."""
    found = await facts.formation(asked.reads, formation_id, asked.day)
    credentials = {
        one.number: asked.certification(one.number, "schema-org") for one in found.certifications
    }
    members = schema_org.course(found, asked.formation(found.id, "schema-org"), credentials)
    return Described(members, ("fr",))


async def course_instance(
    asked: Asked, formation_id: uuid.UUID, session_id: uuid.UUID
) -> Described:
    """Describe a session in schema.org; raises FormationSessionUnknown."""
    found = await facts.formation(asked.reads, formation_id, asked.day)
    for action in found.actions:
        for session in action.sessions:
            if session.id == session_id:
                address = asked.formation(found.id, f"sessions/{session.id}/schema-org")
                course_ = asked.formation(found.id, "schema-org")
                members = schema_org.instance(found, action, session, address, course_)
                return Described(members, ("fr",))
    raise FormationSessionUnknown


def _named_in(found: CertificationFacts, language: Language) -> Language:
    return "en" if language == "en" and found.title.en else "fr"
