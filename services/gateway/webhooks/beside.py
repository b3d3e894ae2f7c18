"""What of webhooks runs beside the requests of a gateway."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncSession

from gateway.webhooks import work_queries
from gateway.webhooks.dispatcher import Dispatcher
from gateway.webhooks.sealing import Seal
from gateway.webhooks.sending import Sender
from gateway.webhooks.work import Work
from platformkit.db import driver


@asynccontextmanager
async def delivering(app: FastAPI) -> AsyncIterator[None]:
    """Deliver until the end; what is under way then has a few seconds."""
    state, settings = app.state, app.state.settings
    state.seal = Seal(settings.sealing)
    if not settings.delivers_webhooks:
        yield
        return
    async with Sender(settings) as sender:
        work = Work(state.writes, state.seal, settings.issuer)
        dispatcher = Dispatcher(work, sender, state.reads)
        state.tail.listeners.append(dispatcher.hear)
        task = asyncio.create_task(dispatcher.run())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


async def forget(session: AsyncSession, now: datetime) -> None:
    """Delete old deliveries, and say of who fell behind the log that it did."""
    connection = await driver(session)
    await connection.execute(work_queries.FORGET, now)
    await connection.execute(work_queries.BEHIND)
