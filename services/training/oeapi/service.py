"""Reading the objects of the Open Education API, a page of a list in one statement."""

import uuid
from collections.abc import Collection
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter

from platformkit.reads import ReadPool
from training.certifications import moments, numbers
from training.facts.certifications import CertificationFacts
from training.oeapi import identities, mapping, queries
from training.oeapi.facts import CourseFacts, OrganisationFacts, OutcomeFacts
from training.oeapi.pages import PageAsked
from training.oeapi.problems import ItemUnknown, ItemWithdrawn
from training.oeapi.schemas import Course, LearningOutcome, Listed, Organisation, Programme

LEAST_ID = uuid.UUID(int=0)
_CERTIFICATIONS = TypeAdapter(list[CertificationFacts])


def pattern(words: str | None) -> str | None:
    """Return a term as OEAPI looks for it: anywhere, as it stands, whatever the case."""
    if words is None:
        return None
    escaped = words.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    return f"%{escaped}%"


def expanded(text: str | None) -> OrganisationFacts | None:
    """Read an organisation that was asked for, where there is one."""
    return None if text is None else OrganisationFacts.model_validate_json(text)


async def programmes(
    reads: ReadPool,
    asked: PageAsked,
    *,
    code: str | None,
    words: str | None,
    level: int | None,
    certifier: str | None,
) -> Listed[Programme]:
    """List certifications by name; a code may be spelt as people do."""
    reference = None if code is None else numbers.parse(code)
    codes = None if code is None else list(reference.codes) if reference else []
    filters = (moments.now().day, codes, pattern(words), level, certifier)
    name, last = asked.key("", str(LEAST_ID))
    rows = await reads.fetch(
        "OEAPI programmes",
        queries.PROGRAMMES,
        *filters,
        name,
        UUID(last),
        asked.skip,
        asked.size + 1,
    )
    return asked.of(
        rows,
        lambda row: [row["name"], str(row["id"])],
        lambda row: mapping.programme(CertificationFacts.model_validate_json(row["facts"])),
    )


async def programme(reads: ReadPool, programme_id: UUID, expand: Collection[str]) -> Programme:
    """Read a certification; raises ItemUnknown, ItemWithdrawn."""
    day = moments.now().day
    row = await reads.fetchrow(
        "OEAPI programme", queries.PROGRAMME, day, programme_id, "organisation" in expand
    )
    if row is None:
        raise ItemUnknown
    if row["gone"] is not None:
        raise ItemWithdrawn(address=f"/v1/training/certifications/{row['code']}")
    facts = CertificationFacts.model_validate_json(row["facts"])
    return mapping.programme(facts, expanded(row["organisation"]))


async def courses(
    reads: ReadPool,
    asked: PageAsked,
    *,
    code: str | None = None,
    words: str | None = None,
    language: str | None = None,
    mode: str | None = None,
    provider: str | None = None,
    programme_id: UUID | None = None,
) -> Listed[Course]:
    """List formations by name; a mode that no formation can have has none."""
    name, last = asked.key("", str(LEAST_ID))
    rows = await reads.fetch(
        "OEAPI courses",
        queries.COURSES,
        code,
        pattern(words),
        language,
        mode_of(mode),
        provider,
        programme_id,
        name,
        UUID(last),
        asked.skip,
        asked.size + 1,
    )
    return asked.of(
        rows,
        lambda row: [row["name"], str(row["id"])],
        lambda row: mapping.course(CourseFacts.model_validate_json(row["facts"])),
    )


def mode_of(delivery: str | None) -> str | None:
    """Return our word for a mode of delivery; one that we do not have stays, and fits nothing."""
    ours = {theirs: mode for mode, theirs in mapping.MODES.items()}
    return None if delivery is None else ours.get(delivery, delivery)


async def course(reads: ReadPool, course_id: UUID, expand: Collection[str]) -> Course:
    """Read a formation; raises ItemUnknown, ItemWithdrawn."""
    asked = "organisation" in expand, "programmes" in expand
    day = moments.now().day
    row = present(
        await reads.fetchrow("OEAPI course", queries.COURSE, day, course_id, *asked),
        f"/v1/training/formations/{course_id}",
    )
    told = row["programmes"]
    led_to = None if told is None else _CERTIFICATIONS.validate_json(told)
    return mapping.course(
        CourseFacts.model_validate_json(row["facts"]),
        expanded(row["organisation"]),
        None if led_to is None else [mapping.programme(one) for one in led_to],
    )


def present(row: Any, address: str) -> Any:  # noqa: ANN401  # an asyncpg record
    """Return the row of an offer; ItemUnknown without one, ItemWithdrawn where it says so."""
    if row is None:
        raise ItemUnknown
    if row["withdrawn_reason"] is not None:
        raise ItemWithdrawn(address=address)
    return row


async def organisations(
    reads: ReadPool, asked: PageAsked, *, siret: str | None
) -> Listed[Organisation]:
    """List who gives or certifies training, by SIRET."""
    (last,) = asked.key("")
    rows = await reads.fetch(
        "OEAPI organisations", queries.ORGANISATIONS, last, siret, asked.skip, asked.size + 1
    )
    return asked.of(
        rows,
        lambda row: [row["siret"]],
        lambda row: mapping.organisation(OrganisationFacts.model_validate_json(row["facts"])),
    )


async def organisation(reads: ReadPool, organisation_id: UUID) -> Organisation:
    """Read who has the SIRET that the id says; raises ItemUnknown."""
    siret = identities.siret_of(organisation_id)
    text = siret and await reads.fetchval("OEAPI organisation", queries.ORGANISATION, siret)
    if not text:
        raise ItemUnknown
    return mapping.organisation(OrganisationFacts.model_validate_json(text))


async def outcomes(
    reads: ReadPool, asked: PageAsked, *, words: str | None
) -> Listed[LearningOutcome]:
    """List competency blocs, as their certifications were registered."""
    directory, number, position, code = asked.key("", 0, -1, "")
    rows = await reads.fetch(
        "OEAPI learning outcomes",
        queries.OUTCOMES,
        pattern(words),
        directory,
        number,
        position,
        code,
        asked.skip,
        asked.size + 1,
    )
    return asked.of(
        rows,
        lambda row: [row[name] for name in ("directory", "number", "position", "code")],
        lambda row: mapping.outcome(OutcomeFacts.model_validate_json(row["facts"])),
    )


async def outcome(reads: ReadPool, outcome_id: UUID) -> LearningOutcome:
    """Read a bloc of the certification that the id says; raises ItemUnknown, ItemWithdrawn."""
    number = identities.certification_of_outcome(outcome_id)
    rows = number and await reads.fetch("OEAPI learning outcome", queries.OUTCOMES_OF, number)
    for row in rows or ():
        if identities.outcome_id(row["number"], row["code"]) != outcome_id:
            continue
        if row["withdrawn_on"] is not None:
            raise ItemWithdrawn(address=f"/v1/training/certifications/{row['number']}")
        return mapping.outcome(OutcomeFacts.model_validate_json(row["facts"]))
    raise ItemUnknown
