"""How an accepted proposal becomes part of the catalogue, in the transaction that publishes it.

An offer is written as LHÉO and goes the way of every import – read, judged, merged, indexed, put in
the feed – so that there is one way into the catalogue, and a certificate of what came.
"""

import hashlib
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import IO, Any, Final

import asyncpg
from sqlalchemy.ext.asyncio import AsyncSession

from platformkit import feed
from platformkit.db import driver
from platformkit.errors import Fault, Unavailable
from platformkit.i18n import Text
from training.certifications.lifecycle import legal_day
from training.certifications.recording import record
from training.certifications.records import CertificationRecord
from training.habilitations.gate import gated
from training.imports import engine
from training.imports.formats import Format, Reader, Reading, Told
from training.imports.service import Asked, enqueue
from training.imports.uploads import Received
from training.indexing import writing
from training.offers import importing
from training.offers.writing import TAIL, head, written
from training.proposals import gate, queries
from training.proposals.models import Proposal
from training.proposals.problems import PublicationBlocked

LICENCE: Final = "Licence Ouverte 2.0"
"""Of whatever is published this way; the guide says so to who proposes."""

SOURCE: Final = {
    "kind": "regional_proposal",
    "name": "Vigie, proposition acceptée par la Région Hauts-de-France",
}


class CatalogueBusy(Unavailable):
    """An import is writing the catalogue just now."""

    code = "catalogue-busy"
    title = Text("Catalogue en cours d’écriture", "Catalogue being written")
    detail = Text(
        "Un import écrit le catalogue : réessayez dans un instant.",
        "An import is writing the catalogue: try again in a moment.",
    )


async def publish(session: AsyncSession, found: Proposal, now: datetime) -> str:
    """Put it into the catalogue; raises PublicationBlocked with all that is in the way."""
    raw = await driver(session)
    examined = await gate.examine(raw, found, now)
    if examined.faults:
        raise blocked(examined.faults)
    await raw.execute(queries.PATIENCE)
    try:
        if found.kind == "offer":
            entity, known = "formation", await _offer(raw, found, examined.document, now)
        else:
            entity, known = "certification", await _certification(session, raw, found, now)
    except asyncpg.LockNotAvailableError as busy:
        raise CatalogueBusy from busy
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


class _Proposed:
    """A LHÉO of our own writing: its records come from the proposal, not from a file."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self.version, self.is_known_version = reader.version, reader.is_known_version
        self.dated_on, self.parts, self.remarks = reader.dated_on, reader.parts, reader.remarks

    def __iter__(self) -> Iterator[Reading]:
        for reading in self._reader:
            reading.origin = {
                **SOURCE,
                "url": None,
                "dated_on": self.dated_on,
                "licence": LICENCE,
            }
            yield reading


@contextmanager
def _opened(file: IO[bytes], told: Told) -> Iterator[Reader]:
    with importing.opened(file, told) as reader:
        yield _Proposed(reader)


_FORMAT: Final[Format] = gated(replace(importing.LHEO, open=_opened), only_own=True)


async def _offer(raw: Any, found: Proposal, document: dict[str, Any], now: datetime) -> str:  # noqa: ANN401  # asyncpg's, which has no types
    file = (head("2.3") + written(document, "2.3") + TAIL).encode()
    asked = Asked("atomic", False, True, legal_day(now), "application/xml", LICENCE, None)  # noqa: FBT003  # not forced; an extract
    received = Received(len(file), hashlib.sha256(file).hexdigest())
    run = await enqueue(
        raw, found.tenant, found.client, None, _FORMAT, asked, io.BytesIO(file), received
    )
    assert run is not None  # noqa: S101  # no key, so none that is taken
    state = await engine.execute(raw, run, {_FORMAT.name: _FORMAT}, lambda _: None)
    if state != "done":
        anomalies = await raw.fetch(queries.ANOMALIES, run)
        raise blocked(
            [Fault("", one["rule"], Text(one["detail_fr"], one["detail_en"])) for one in anomalies]
        )
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
    today = legal_day(now)
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
