"""Loads what the service ships with: `python -m diagnostic.bootstrap [--demo]`.

The grids are published, the recommendations and the funding follow; all idempotent by content.
`--demo` adds a programme and a cohort in a coming week, unless one is open already.
"""

import argparse
import asyncio
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from diagnostic.cohorts import service as cohorts
from diagnostic.cohorts.models import Cohort, CohortStatus, Programme
from diagnostic.cohorts.schemas import Bilingual, CohortCreate, ProgrammeCreate
from diagnostic.funders import service as funders
from diagnostic.questionnaires import service as questionnaires
from diagnostic.reference import load as shipped
from diagnostic.roadmaps import service as roadmaps
from diagnostic.settings import Settings
from platformkit.auth import Principal
from platformkit.db import transaction

OWNER = "Vigie"
HOUSE = "vigie"
"""The tenant of what ships: no client has it, so nobody else writes versions of these grids."""
PROGRAMME = "PRIA-HDF"
MEDEF = "medef-hdf"

_ALONE = text("SELECT pg_advisory_xact_lock(hashtext('diagnostic.bootstrap'))")
_NOTICE = timedelta(days=4)
"""How long a demo cohort stays open at least."""

ITSELF = Principal("diagnostic", "bootstrap", "bootstrap", MEDEF)
PUBLISHER = Principal("diagnostic", "bootstrap", "bootstrap", HOUSE)


async def load(session: AsyncSession, now: datetime) -> Counter[str]:
    """Load everything in the session's transaction; return how many entries are new."""
    await session.execute(_ALONE)
    counts = Counter[str]()
    for grid in shipped.grids():
        published = await questionnaires.publish(session, PUBLISHER, grid, OWNER, now)
        counts["grids"] += published.published_at == now
    for questionnaire, catalogue in shipped.recommendations().items():
        counts["recommendations"] += await roadmaps.load(session, questionnaire, catalogue)
    counts["opportunities"] += await funders.load(session, HOUSE, shipped.opportunities(), now)
    return counts


async def load_demo(session: AsyncSession, now: datetime) -> Counter[str]:
    """Add the demo's programme, and a cohort when none with a free seat is open."""
    await session.execute(_ALONE)
    counts = Counter[str]()
    if await session.scalar(select(Programme.id).where(Programme.code == PROGRAMME)) is None:
        title = Bilingual(
            fr="Programme régional IA des Hauts-de-France",
            en="Hauts-de-France regional AI programme",
        )
        await cohorts.create_programme(session, ProgrammeCreate(code=PROGRAMME, title=title))
        counts["programmes"] += 1
    free = await session.scalar(
        select(func.count())
        .select_from(Cohort)
        .where(
            Cohort.status == CohortStatus.OPEN,
            Cohort.enrol_closes_at > now,
            Cohort.seats_taken < Cohort.capacity,
            Cohort.tenant == MEDEF,
        )
    )
    if not free:
        monday = await _free_monday(session, now)
        year, week, _ = monday.isocalendar()
        body = CohortCreate(
            programme=PROGRAMME,
            code=f"HDF-{year}-S{week:02d}",
            title=f"Cohorte Hauts-de-France, semaine {week} de {year}",
            facilitator="Medef Hauts-de-France",
            starts_on=monday,
            ends_on=monday + timedelta(days=4),
        )
        await cohorts.create(session, ITSELF, body, now)
        counts["cohorts"] += 1
    return counts


async def _free_monday(session: AsyncSession, now: datetime) -> date:
    """Find the first Monday far enough ahead in whose week no demo cohort was opened before."""
    taken = set(await session.scalars(select(Cohort.starts_on)))
    monday = (now + _NOTICE).date()
    monday += timedelta(days=-monday.weekday() % 7)
    while monday in taken:
        monday += timedelta(days=7)
    return monday


async def run(settings: Settings, *, demo: bool) -> Counter[str]:
    """Load in one transaction each, with the service's own role."""
    counts = Counter[str]()
    for step in (load, load_demo) if demo else (load,):
        async with transaction(settings, "diagnostic") as session:
            counts += await step(session, datetime.now(UTC))
    return counts


def main(arguments: Sequence[str] | None = None) -> int:
    """Load with the service's own role, and say what was new."""
    parser = argparse.ArgumentParser(prog="diagnostic.bootstrap")
    parser.add_argument("--demo", action="store_true", help="add a demo programme and cohort")
    chosen = parser.parse_args(arguments)
    counts = asyncio.run(run(Settings(), demo=chosen.demo))
    told = ", ".join(f"{count} {name}" for name, count in sorted(counts.items())) or "nothing new"
    sys.stdout.write(f"diagnostic: {told}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
