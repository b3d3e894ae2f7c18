"""The log of changes does not grow for ever."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from gateway.feeds import queries


async def forget(session: AsyncSession, _: datetime) -> None:
    """Delete what is older than the log promises to keep."""
    connection = await session.connection()
    await connection.exec_driver_sql(queries.FORGET)
