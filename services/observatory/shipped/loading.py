"""Publishes the shipped structures and figures, once, and again only what changed."""

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from observatory.references import library as references
from observatory.references.facts import Facts
from observatory.releases import own
from observatory.releases.schemas import ReleaseDraft
from observatory.shipped import dataflows, emergence, figures, origins, readings
from observatory.structures import library, publishing
from observatory.structures.bundles import KINDS, Structures
from observatory.structures.catalogue import Catalogue
from observatory.structures.schemas import Names
from platformkit.db import SessionMaker, driver

PILOT: Final = "HDF"
"""Whose figures are shipped; whoever else operates Vigie installs a kit and loads own files."""

_NOTES: Final = Names(
    fr="Calculée des tables livrées avec Vigie.", en="Computed from the tables shipped with Vigie."
)
_SOURCES: Final = {each.id: each.source for each in dataflows.FLOWS}
_TABLES: Final = "SELECT name, sha256 FROM observatory.dataset"
_MADE: Final = "SELECT flow, made_from FROM observatory.shipped_flow"
_MAKE: Final = """
INSERT INTO observatory.shipped_flow (flow, made_from) VALUES ($1, $2)
    ON CONFLICT (flow) DO UPDATE SET made_from = excluded.made_from
"""


async def ship(sessions: SessionMaker, agency: str) -> list[str]:
    """Bring the shipped dataflows to the loaded facts; return those that have a new release.

    Figures take seconds: they are computed while no transaction is open, which the database would
    end, and only those that another state of the tables or of this program has made. Under another
    agency than the pilot's there are only the thresholds that this program computes with, where a
    kit has brought their dataflow.
    """
    async with sessions.begin() as session:
        raw = await driver(session)
        behind = await _behind(raw, agency)
        if not behind:
            return []
        facts = await references.load(raw)
        if agency == PILOT:
            await _publish_structures(session, facts)
    files = {name: _file(facts, name) for name in behind}
    async with sessions.begin() as session:
        return await _publish(session, agency, facts, behind, files)


async def _behind(raw: Any, agency: str) -> dict[str, str]:  # noqa: ANN401  # asyncpg's
    """Return the dataflows that are made from another state than today's, with today's."""
    structures = await library.load(raw, agency)
    made = {row["flow"]: row["made_from"] for row in await raw.fetch(_MADE)}
    tables = {row["name"]: row["sha256"] for row in await raw.fetch(_TABLES)}
    found = {}
    for name in (*(_SOURCES if agency == PILOT else ()), emergence.THRESHOLDS.dataflow):
        flow = structures.flow(name)
        if flow is None and agency != PILOT:
            continue
        state = _state(name, tables)
        if flow is None or made.get(flow.number) != state:
            found[name] = state
    return found


def _state(name: str, tables: Mapping[str, str]) -> str:
    """Name a state of what decides the figures of a dataflow."""
    used = origins.tables(name) if name in _SOURCES else []
    parts = [_program(), *(f"{table} {tables.get(table)}" for table in used)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


@cache
def _program() -> str:
    """Hash the modules of the observatory: what computes the figures, and all that it uses."""
    folder = Path(__file__).parents[1]
    digest = hashlib.sha256()
    for file in sorted(folder.rglob("*.py")):
        digest.update(f"{file.relative_to(folder)}\0".encode() + file.read_bytes())
    return digest.hexdigest()


async def _publish_structures(session: AsyncSession, facts: Facts) -> None:
    """Publish what an earlier version of Vigie has not."""
    structures = await library.load(await driver(session), PILOT)
    for shipped in (dataflows.structures(facts), emergence.structures(), readings.structures()):
        missing = _missing(structures, shipped)
        if missing is not None:
            await publishing.publish(session, PILOT, missing)


async def _publish(
    session: AsyncSession,
    agency: str,
    facts: Facts,
    behind: Mapping[str, str],
    files: Mapping[str, bytes],
) -> list[str]:
    """Release the files that differ from what is published, and remember what has no more to do."""
    raw = await driver(session)
    structures = await library.load(raw, agency)
    changed = []
    for name, state in behind.items():
        flow = structures.flow(name)
        outcome = await own.release(session, structures, _draft(facts, name), files[name])
        if outcome is own.Outcome.PUBLISHED:
            changed.append(name)
        if flow is not None and outcome is not own.Outcome.WAITING:
            await raw.execute(_MAKE, flow.number, state)
    return changed


def _file(facts: Facts, name: str) -> bytes:
    return figures.file(facts, name) if name in _SOURCES else emergence.thresholds()


def _draft(facts: Facts, name: str) -> ReleaseDraft:
    if name not in _SOURCES:
        return emergence.THRESHOLDS
    return ReleaseDraft(
        dataflow=name,
        notes=_NOTES,
        method=figures.ROWS[name][0],
        formula=origins.formula(name),
        source=_SOURCES[name],
        origins=origins.origins(facts, name),
    )


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
