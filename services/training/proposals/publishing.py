"""How an accepted proposal becomes part of the catalogue, in the transaction that publishes it.

An offer is written as LHÉO and goes the way of every import – read, judged, merged, indexed, put in
the feed – so that there is one way into the catalogue, and a certificate of what came.
"""

from datetime import datetime
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from platformkit import feed
from platformkit.db import driver
from platformkit.errors import Fault
from platformkit.paris import day_in_paris
from training.certifications.recording import record
from training.certifications.records import CertificationRecord
from training.entering.service import Entry, enter, patient
from training.indexing import writing
from training.proposals import gate, queries
from training.proposals.models import Proposal
from training.proposals.problems import PublicationBlocked

LICENCE: Final = "Licence Ouverte 2.0"
"""Of whatever is published this way; the guide says so to who proposes."""

SOURCE: Final = {
    "kind": "regional_proposal",
    "name": "Vigie, proposition acceptée par la Région Hauts-de-France",
}


async def publish(session: AsyncSession, found: Proposal, now: datetime) -> str:
    """Put it into the catalogue; raises PublicationBlocked with all that is in the way."""
    raw = await driver(session)
    examined = await gate.examine(raw, found, now)
    if examined.faults:
        raise blocked(examined.faults)
    async with patient(raw):
        if found.kind == "offer":
            entity, known = "formation", await _offer(raw, found, examined.document, now)
        else:
            entity, known = "certification", await _certification(session, raw, found, now)
    await feed.publish(
        session,
        entity="proposal",
        entity_id=str(found.id),
        kind="created",
        payload={"kind": found.kind, "title": found.title, "entity": entity, "id": known},
    )
    return known


def blocked(faults: list[Fault]) -> PublicationBlocked:
    """Tell what is in the way, in places of the payload."""
    return PublicationBlocked(
        [Fault(f"/payload{one.pointer}", one.code, one.detail) for one in faults]
    )


async def _offer(raw: Any, found: Proposal, document: dict[str, Any], now: datetime) -> str:  # noqa: ANN401  # asyncpg's, which has no types
    dated_on = day_in_paris(now).isoformat()
    origin = {**SOURCE, "url": None, "dated_on": dated_on, "licence": LICENCE}
    refused = await enter(raw, found.tenant, found.client, [Entry(document, origin)], now)
    if refused:
        raise blocked([fault for faults in refused.values() for fault in faults])
    return str(document["id"])


async def _certification(session: AsyncSession, raw: Any, found: Proposal, now: datetime) -> str:  # noqa: ANN401  # likewise
    """Give it the next number of our own directory, which is neither the RNCP nor the RS."""
    await raw.execute(queries.NUMBERED)
    number = f"REG{await raw.fetchval(queries.NEXT_NUMBER)}"
    payload = found.payload
    terms = {
        scheme: [dict(row) for row in await raw.fetch(labels, payload.get(scheme, []))]
        for scheme, labels in queries.LABELS.items()
    }
    same = ("title", "objectives", "activities", "capacities", "sectors", "accessible_jobs")
    more = ("prerequisites", "url", "access_routes", "blocs", "certifying_bodies")
    today = day_in_paris(now)
    entry = CertificationRecord.model_validate(
        {name: payload.get(name) for name in (*same, *more)}
        | terms
        | {
            "number": number,
            "abbreviation": payload.get("abbreviation"),
            "level": payload.get("level"),
            "registration_type": None,
            "decided_on": today,
            "effective_on": payload.get("effective_on"),
            "registration_end": payload["offered_until"],
            "registration_end_year": None,
            "delivery_limit": None,
            "source_state": "Proposée par la Région",
            "source_active": None,
            "predecessors": None,
            "successors": None,
            "published_on": today,
            "source_id": str(found.id),
            "source": {**SOURCE, "url": payload["url"], "dated_on": today, "licence": LICENCE},
            "editorial": {
                "title_en": payload.get("title_en"),
                "audience": payload.get("audience", []),
            },
        }
    )
    await record(session, entry)
    await writing.follow_numbers(raw, [number])
    return number
