"""The hourly work of expiries: what was not told yet is told, and who is over is flagged.

Whatever is due on the day of the work is done, however long nobody worked: the stage is that of the
day, so that nothing stale is told; what was told is a row, so that nothing is told twice. Notices
and their events, flags and theirs, are of one statement each: killed, it leaves neither.
"""

from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from platformkit.db import driver
from platformkit.paris import day_in_paris
from training.expiries import queries
from training.habilitations import gate

BATCH: Final = 5_000
"""Offers that are flagged anew in one transaction, which is one an hour."""

_ALONE: Final = "SELECT pg_try_advisory_xact_lock(hashtext('training.expiries'))"


async def tell(session: AsyncSession, now: datetime, batch: int = BATCH) -> bool:
    """Do what is due by the day in Paris; False where another process is at it."""
    raw = await driver(session)
    if not await raw.fetchval(_ALONE):
        return False
    day = day_in_paris(now)
    await raw.execute(queries.TELL, day)
    wrong = [row["id"] for row in await raw.fetch(queries.FLAGGED_WRONGLY, day, batch)]
    if wrong:
        await gate.flag_offers(raw, wrong, day)
    return True
