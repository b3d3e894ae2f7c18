"""Publishes the shipped structures and figures, once, and again only what changed."""

import contextlib
import hashlib
from collections.abc import AsyncIterator
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from observatory.announcements.service import AnnouncedForLater
from observatory.references import library as references
from observatory.releases import service as releases
from observatory.releases.schemas import ReleaseDraft
from observatory.releases.staging import DataInvalid
from observatory.shipped import dataflows, figures, origins
from observatory.structures import library, publishing
from observatory.structures.schemas import Names
from platformkit.db import driver

_WHO: Final = releases.Actor("", "vigie", "vigie")
_NOTES: Final = Names(
    fr="Calculée des tables livrées avec Vigie.", en="Computed from the tables shipped with Vigie."
)
_LAST: Final = """
SELECT file_sha256, client FROM observatory.release
 WHERE flow = $1 AND ordinal IS NOT NULL ORDER BY ordinal DESC LIMIT 1
"""


async def ship(session: AsyncSession, agency: str) -> list[str]:
    """Bring the shipped dataflows to the shipped facts; return those that have a new release.

    A region that publishes into them itself keeps what it published: only a dataflow whose last
    release is ours gets another. Facts of an official file that the stable lists do not know wait
    for structures of a newer version, and figures for the instant that is announced.
    """
    raw: Any = await driver(session)
    facts = await references.load(raw)
    structures = await library.load(raw, agency)
    if any(structures.flow(each.id, dataflows.VERSION) is None for each in dataflows.FLOWS):
        await publishing.publish(session, agency, dataflows.structures(facts))
        structures = await library.load(raw, agency)
    changed = []
    for flow in dataflows.FLOWS:
        found = structures.flow(flow.id)
        assert found is not None  # noqa: S101  # published above
        data = figures.file(facts, flow.id)
        digest = hashlib.sha256(data).hexdigest()
        last = await raw.fetchrow(_LAST, found.number)
        if last is not None and (last["file_sha256"] == digest or last["client"] != _WHO.client):
            continue
        draft = ReleaseDraft(
            dataflow=flow.id,
            notes=_NOTES,
            method=figures.ROWS[flow.id][0],
            formula=origins.formula(flow.id),
            source=flow.source,
            origins=origins.origins(facts, flow.id),
        )
        with contextlib.suppress(DataInvalid, AnnouncedForLater):
            if await releases.release(session, structures, _WHO, draft, _pieces(data), "complete"):
                changed.append(flow.id)
    return changed


async def _pieces(data: bytes) -> AsyncIterator[bytes]:
    yield data
