"""Load the shipped reference tables: `python -m observatory.bootstrap`.

A table whose bytes and provenance are already in the database is left alone, so a second run
changes nothing; so is one that an operator has loaded from an official file (`vigie load`). Each
new version of a table is announced on the change feed.
"""

import argparse
import asyncio
import sys
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from observatory.reference import loading
from observatory.references import models
from observatory.settings import Settings
from observatory.shipped import loading as shipped
from platformkit.db import alone


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


async def run(settings: Settings) -> list[str]:
    """Load the tables, then publish the figures that follow, with the service's own role.

    Killed between the two, the next run publishes them.
    """
    async with alone(settings, "observatory", loading.TASK) as sessions:
        async with sessions.begin() as session:
            changed = await load(session)
        return changed + await shipped.ship(sessions, settings.agency)


def main(arguments: Sequence[str] | None = None) -> int:
    """Load, and say what changed."""
    parser = argparse.ArgumentParser(prog="observatory.bootstrap")
    parser.add_argument("--demo", action="store_true", help="nothing to add: all data are real")
    parser.parse_args(arguments)
    changed = asyncio.run(run(Settings()))
    sys.stdout.write(f"observatory: {', '.join(changed) or 'nothing'} loaded\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
