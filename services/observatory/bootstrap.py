"""Load the shipped reference tables: `python -m observatory.bootstrap [--demo]`.

A table whose bytes and provenance are already in the database is left alone, so a second run
changes nothing; so is one that an operator has loaded from an official file (`vigie load`). Each
new version of a table is announced on the change feed. `--demo` opens a programme, unless it is
open already.
"""

import argparse
import asyncio
import datetime as dt
import sys
from collections.abc import Sequence
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from observatory.programme import service as programmes
from observatory.programme.problems import CodeTaken
from observatory.programme.schemas import ProgrammeDraft
from observatory.reference import loading
from observatory.references import models
from observatory.settings import Settings
from observatory.shipped import loading as shipped
from observatory.structures.schemas import Names
from platformkit.auth import Principal
from platformkit.db import alone

DEMO: Final = ProgrammeDraft(
    code="PRIA-HDF",
    title=Names(
        fr="Programme régional IA des Hauts-de-France",
        en="Hauts-de-France regional AI programme",
    ),
    region="32",
    starts_on=dt.date(2026, 1, 1),
    ends_on=dt.date(2027, 12, 31),
    budget="1400000.00",
)
"""The programme of the diagnostic's demo, whose cohorts its indicators count; no money yet."""

ITSELF: Final = Principal("observatory", "bootstrap", "bootstrap", "medef-hdf")


async def load(session: AsyncSession) -> list[str]:
    """Bring every table to its shipped content; return the names of those that changed."""
    sources = loading.sources()
    kept = set(
        await session.scalars(select(models.Dataset.name).where(models.Dataset.origin == "loaded"))
    )
    changed = [
        name
        for name, content in loading.shipped().items()
        if name not in kept
        and await loading.replace(session, name, content, sources[name], "shipped")
    ]
    await loading.release(session)
    return changed


async def load_demo(session: AsyncSession) -> list[str]:
    """Open the demo's programme; return its code when it was not there."""
    try:
        await programmes.open_programme(session, ITSELF, DEMO)
    except CodeTaken:
        return []
    return [DEMO.code]


async def run(settings: Settings, *, demo: bool = False) -> list[str]:
    """Load the tables, then publish the figures that follow, with the service's own role.

    Killed between the two, the next run publishes them.
    """
    async with alone(settings, "observatory", loading.TASK) as sessions:
        async with sessions.begin() as session:
            changed = await load(session)
            if demo:
                changed += await load_demo(session)
        return changed + await shipped.ship(sessions, settings.agency)


def main(arguments: Sequence[str] | None = None) -> int:
    """Load, and say what changed."""
    parser = argparse.ArgumentParser(prog="observatory.bootstrap")
    parser.add_argument("--demo", action="store_true", help="open the demo programme")
    chosen = parser.parse_args(arguments)
    changed = asyncio.run(run(Settings(), demo=chosen.demo))
    sys.stdout.write(f"observatory: {', '.join(changed) or 'nothing'} loaded\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
