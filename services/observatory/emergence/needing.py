"""Counts the needs of each quarter that is over, once, when the feed was read to its end."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any, Final

from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncSession

from observatory.emergence import loading, needs, queries
from observatory.emergence.sources import NEEDS, Source
from observatory.references import library as references
from observatory.settings import Settings
from observatory.structures import library as structures
from platformkit.auth import Principal
from platformkit.beside import repeated, working
from platformkit.db import driver

SECONDS: Final = 3_600.0
"""Between two looks: how late the counts of a quarter may be, after months."""

_log = logging.getLogger(__name__)
_WHO: Final = Principal("observatory", "vigie", "needs", "vigie")


def source_of(programme: str, questionnaire: str) -> Source:
    """Name what the diagnostics of a programme with one questionnaire are counted as."""
    return Source(f"{NEEDS}{programme}-{questionnaire}".lower(), "skill")


async def count(session: AsyncSession, settings: Settings, now: datetime) -> list[str]:
    """Count every quarter that is over and was not counted; return the sources that were.

    What is counted stays, as any published aggregate: a company that withdraws later was one of k.
    Until the feed was read past the end of a quarter, it waits.
    """
    raw: Any = await driver(session)
    read_at = await raw.fetchval(queries.READ_AT)
    if read_at is None:
        return []
    over = min(needs.quarter_at(read_at), needs.quarter_at(now))
    await raw.execute(queries.LOCK, NEEDS, "skill")
    done = []
    for group in await raw.fetch(queries.NEEDING, over):
        source = source_of(group["programme"], group["questionnaire"])
        told = {row["quarter"] for row in await raw.fetch(queries.TOTALS, source.name, source.kind)}
        due = [quarter for quarter in range(group["first"], over) if quarter not in told]
        if due:
            asked = (group["programme"], group["questionnaire"], due)
            counted = needs.tallied(await raw.fetch(queries.NEEDED, *asked), due, settings.needs_k)
            facts = await references.load(raw)
            catalogue = await structures.load(raw, settings.agency)
            await loading.load(session, facts, catalogue, _WHO, source, counted)
            done.append(source.name)
    return done


@asynccontextmanager
async def beside(app: FastAPI) -> AsyncIterator[None]:
    """Look for quarters that are over, while the application runs."""

    async def look() -> None:
        async with app.state.sessions() as session, session.begin():
            await count(session, app.state.settings, datetime.now(UTC))

    async with working(repeated(look, SECONDS, _log, "needs cannot be counted")):
        yield
