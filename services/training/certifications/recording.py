"""How a certification enters the catalogue: whole, once, and published when it changed."""

import uuid
from collections.abc import Sequence
from typing import Any, Literal

from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from platformkit import feed
from training.certifications.models import (
    Bloc,
    Certification,
    CertifyingBody,
    Classification,
    Equivalence,
    Partner,
    Succession,
)
from training.certifications.records import CertificationRecord, Part

Outcome = Literal["created", "updated", "unchanged"]

_MARKS = ("title_en", "themes", "audience", "ai_literacy_level")
_LAST = text(
    "SELECT payload FROM training.change WHERE entity = 'certification' AND entity_id = :number"
    " ORDER BY xid DESC, seq DESC LIMIT 1"
)


async def record(session: AsyncSession, entry: CertificationRecord) -> Outcome:
    """Create or replace a certification, and publish it; equal content changes nothing.

    Where an import has given the facts, they prevail: of the entry only our own marks are taken.
    """
    columns = _columns(entry)
    kept = [getattr(Certification, name) for name in columns]
    found = (
        await session.execute(
            select(
                Certification.id,
                Certification.version,
                Certification.import_run_id,
                Certification.withdrawn_on,
                *kept,
            )
            .where(Certification.code == entry.number)
            .with_for_update(of=Certification)
        )
    ).one_or_none()
    payload = entry.model_dump(mode="json") | {
        "unknown": entry.unknown,
        "absent_since": None,
        "import_run": None,
    }
    outcome: Literal["created", "updated"]
    if found is None:
        outcome, version = "created", 1
        statement = insert(Certification).values(**columns).returning(Certification.id)
        owner = (await session.execute(statement)).scalar_one()
        await _add_parts(session, owner, entry)
    elif found.withdrawn_on is not None:
        return "unchanged"  # only the directory itself brings it back
    else:
        outcome, version, owner = "updated", found.version + 1, found.id
        if found.import_run_id is not None:
            columns = {name: columns[name] for name in _MARKS}
            payload = await _last_published(session, entry.number) | {
                "editorial": payload["editorial"]
            }
        if all(getattr(found, name) == value for name, value in columns.items()):
            return "unchanged"
        await session.execute(
            update(Certification)
            .where(Certification.id == found.id)
            .values(**columns, version=version)
        )
        if found.import_run_id is None:
            await _clear_parts(session, found.id)
            await _add_parts(session, found.id, entry)
    await feed.publish(
        session,
        entity="certification",
        entity_id=entry.number,
        kind=outcome,
        version=version,
        payload=payload | {"id": str(owner)},
    )
    return outcome


async def _last_published(session: AsyncSession, number: str) -> dict[str, Any]:
    """Return the document of the last change: that of the import, which no table holds whole."""
    found = await session.execute(_LAST, {"number": number})
    document: dict[str, Any] = found.scalar_one()
    return document


async def _clear_parts(session: AsyncSession, owner: uuid.UUID) -> None:
    for part in (Bloc, Classification, CertifyingBody, Partner):
        await session.execute(delete(part).where(part.certification_id == owner))
    for stated in (Succession, Equivalence):
        await session.execute(delete(stated).where(stated.stated_by == owner))


def _columns(entry: CertificationRecord) -> dict[str, Any]:
    reference, editorial, source = entry.reference, entry.editorial, entry.source
    return {
        "directory": reference.directory,
        "number": reference.number,
        "title": entry.title,
        "title_en": editorial.title_en,
        "abbreviation": entry.abbreviation,
        "level": entry.level,
        "registration_type": entry.registration_type,
        "decided_on": entry.decided_on,
        "effective_on": entry.effective_on,
        "registration_end": entry.registration_end,
        "registration_end_year": entry.registration_end_year,
        "delivery_limit": entry.delivery_limit,
        "source_state": entry.source_state,
        "source_active": entry.source_active,
        "access_routes": entry.access_routes,
        "registration_years": entry.registration_years,
        "published_on": entry.published_on,
        "objectives": entry.objectives,
        "activities": entry.activities,
        "capacities": entry.capacities,
        "sectors": entry.sectors,
        "accessible_jobs": entry.accessible_jobs,
        "prerequisites": entry.prerequisites,
        "regulations": entry.regulations,
        "url": entry.url,
        "statistics": None
        if entry.statistics is None
        else [promotion.model_dump(mode="json") for promotion in entry.statistics],
        "source_id": entry.source_id,
        "unknown": entry.unknown,
        "themes": editorial.themes,
        "audience": editorial.audience,
        "ai_literacy_level": editorial.ai_literacy_level,
        "source_kind": source.kind,
        "source_name": source.name,
        "source_url": source.url,
        "source_dated_on": source.dated_on,
        "source_licence": source.licence,
        "search_text": entry.search_text,
        "fingerprint": entry.fingerprint,
    }


async def _add_parts(session: AsyncSession, owner: uuid.UUID, entry: CertificationRecord) -> None:
    schemes = {
        "rome": entry.rome,
        "nsf": entry.nsf,
        "formacode": entry.formacodes,
        "idcc": entry.idcc,
    }
    rows: dict[type[Any], list[dict[str, Any]]] = {
        Bloc: _numbered(entry.blocs),
        Classification: [
            {"scheme": scheme, **term}
            for scheme, terms in schemes.items()
            for term in _numbered(terms)
        ],
        CertifyingBody: _numbered(entry.certifying_bodies),
        Partner: _numbered(entry.partners),
    }
    for part, values in rows.items():
        if values:
            await session.execute(
                insert(part), [{"certification_id": owner, **row} for row in values]
            )
    links = [(old, entry.number) for old in entry.predecessors or ()]
    links += [(entry.number, new) for new in entry.successors or ()]
    if links:
        await session.execute(
            insert(Succession),
            [{"stated_by": owner, "predecessor": old, "successor": new} for old, new in links],
        )
    if entry.equivalences:
        whose = {"stated_by": owner, "source": entry.number}
        await session.execute(
            insert(Equivalence), [whose | row for row in _numbered(entry.equivalences)]
        )


def _numbered(parts: Sequence[Part] | None) -> list[dict[str, Any]]:
    """Give each part its place in the fiche."""
    return [part.model_dump() | {"position": place} for place, part in enumerate(parts or ())]
