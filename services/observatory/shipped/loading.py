"""Publishes the shipped structures and figures, once, and again only what changed."""

from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from observatory.references import library as references
from observatory.releases import own
from observatory.releases.schemas import ReleaseDraft
from observatory.shipped import dataflows, emergence, figures, origins, readings
from observatory.structures import library, publishing
from observatory.structures.bundles import KINDS, Structures
from observatory.structures.catalogue import Catalogue
from observatory.structures.schemas import Names
from platformkit.db import driver

PILOT: Final = "HDF"
"""Whose figures are shipped; whoever else operates Vigie installs a kit and loads own files."""

_NOTES: Final = Names(
    fr="Calculée des tables livrées avec Vigie.", en="Computed from the tables shipped with Vigie."
)


async def ship(session: AsyncSession, agency: str) -> list[str]:
    """Bring the shipped dataflows to the shipped facts; return those that have a new release.

    Under another agency than the pilot's there are only the thresholds that this program computes
    with, where a kit has brought their dataflow.
    """
    changed = await _figures(session, agency) if agency == PILOT else []
    structures = await library.load(await driver(session), agency)
    if await own.release(session, structures, emergence.THRESHOLDS, emergence.thresholds()):
        changed.append(emergence.THRESHOLDS.dataflow)
    return changed


async def _figures(session: AsyncSession, agency: str) -> list[str]:
    """Publish the structures that are missing, and a release of each dataflow that differs."""
    raw: Any = await driver(session)
    facts = await references.load(raw)
    structures = await library.load(raw, agency)
    for shipped in (dataflows.structures(facts), emergence.structures(), readings.structures()):
        missing = _missing(structures, shipped)
        if missing is not None:
            await publishing.publish(session, agency, missing)
    structures = await library.load(raw, agency)
    changed = []
    for flow in dataflows.FLOWS:
        draft = ReleaseDraft(
            dataflow=flow.id,
            notes=_NOTES,
            method=figures.ROWS[flow.id][0],
            formula=origins.formula(flow.id),
            source=flow.source,
            origins=origins.origins(facts, flow.id),
        )
        if await own.release(session, structures, draft, figures.file(facts, flow.id)):
            changed.append(flow.id)
    return changed


def _missing(known: Catalogue, shipped: Structures) -> Structures | None:
    """Leave what an earlier version of Vigie has not published; None when there is nothing."""
    groups: dict[str, list[Any]] = {
        f"{kind}s": [
            each
            for each in getattr(shipped, f"{kind}s")
            if known.find(kind, each.id, each.version) is None
        ]
        for kind in KINDS.values()
    }
    return Structures(**groups) if any(groups.values()) else None
