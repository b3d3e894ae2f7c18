"""The hourly work of reminders, done at an instant of the test's choice."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from diagnostic.reminders import service as reminders
from tests.diagnostic.acting import Reachable

Run = Callable[..., Awaitable[int]]


async def remind(database: Reachable, now: datetime, **options: int) -> int:
    """Remind as the service does, with its own role and in one transaction."""
    dsn = database.dsn("diagnostic").replace("postgresql://", "postgresql+asyncpg://", 1)
    engine = create_async_engine(dsn)
    try:
        async with AsyncSession(engine, info={"schema": "diagnostic"}) as session, session.begin():
            return await reminders.run(session, now, **options)
    finally:
        await engine.dispose()
