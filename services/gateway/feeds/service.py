"""The log of changes: what can be read of it; it does not grow for ever."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from gateway.feeds import queries
from gateway.feeds.entry import Entry
from platformkit.db import driver


@dataclass(frozen=True, slots=True)
class Known:
    """Everything after `forgotten` up to `last` is in the log."""

    forgotten: int
    last: int


async def known(session: AsyncSession) -> Known:
    """Say from where to where the log goes."""
    row = await (await driver(session)).fetchrow(queries.KNOWN)
    return Known(**row)


async def after(session: AsyncSession, position: int, most: int) -> list[Entry]:
    """Read on from a position."""
    rows = await (await driver(session)).fetch(queries.AFTER, position, most)
    return [Entry(**row) for row in rows]


async def forget(session: AsyncSession, now: datetime) -> None:
    """Delete what is older than the log promises to keep, and remember how far that went."""
    await (await driver(session)).execute(queries.FORGET, now)
