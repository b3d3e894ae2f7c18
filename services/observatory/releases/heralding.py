"""Tells the change feed of a release at its instant, never before.

Nothing is moved at the instant of an embargo: reads compare instants. Only the feed, which is
written, needs somebody to write: every instance looks, and one of them does it.
"""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import orjson
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncSession

from observatory.releases import queries
from platformkit import feed
from platformkit.beside import repeated, working
from platformkit.db import driver

SECONDS: Final = 5.0
"""Between two looks: how late the feed may be."""

_log = logging.getLogger(__name__)


async def announce(session: AsyncSession) -> int:
    """Publish every release whose instant has come and that the feed has not told of yet."""
    raw = await driver(session)
    rows = await raw.fetch(queries.ANNOUNCE)
    if rows:  # what these releases hide is in no earlier file any longer
        await raw.execute(queries.FORGET_HIDDEN, [row["flow"] for row in rows])
    for row in sorted(rows, key=lambda each: (each["published_at"], each["ordinal"])):
        await feed.publish(
            session,
            entity="release",
            entity_id=f"{row['agency']}:{row['dataflow']}/{row['ordinal']}",
            kind="created",
            version=row["ordinal"],
            payload={
                "dataflow": row["dataflow"],
                "published_at": row["published_at"].isoformat(),
                "reason": row["reason"],
                "diff": orjson.loads(row["diff"]),
            },
        )
    return len(rows)


async def tell_withdrawal(session: AsyncSession, agency: str, dataflow: str, ordinal: int) -> None:
    """Publish that the values of a release are hidden from now on."""
    await feed.publish(
        session,
        entity="release",
        entity_id=f"{agency}:{dataflow}/{ordinal}",
        kind="deleted",
        version=ordinal,
        payload={"dataflow": dataflow, "reason": "withdrawn"},
    )


@asynccontextmanager
async def beside(app: FastAPI) -> AsyncIterator[None]:
    """Look for instants that have come, while the application runs."""

    async def look() -> None:
        async with app.state.sessions() as session, session.begin():
            await announce(session)

    async with working(repeated(look, SECONDS, _log, "releases cannot be announced")):
        yield
