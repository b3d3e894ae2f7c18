"""What a service does beside its requests: it ends with the service, and by no fault before."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, Never


@asynccontextmanager
async def working(work: Coroutine[Any, Any, object]) -> AsyncIterator[None]:
    """Have this work done while the block runs; it has ended when the block is left."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def repeated(
    turn: Callable[[], Awaitable[bool | None]], seconds: float, log: logging.Logger, trouble: str
) -> Never:
    """Take a turn every so many seconds, at once when the last one says that there is more.

    What one fails by is logged as `trouble`, and the next is taken all the same.
    """
    while True:
        more: bool | None = False
        try:
            more = await turn()
        except Exception as failure:  # noqa: BLE001  # else the work would end in silence
            log.warning(trouble, extra={"why": type(failure).__qualname__})
        if not more:
            await asyncio.sleep(seconds)
