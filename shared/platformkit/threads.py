"""Where heavy work is done: a few at a time, off the event loop, and only so many waiting."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from typing import TypeVar

from platformkit.errors import Unavailable

T = TypeVar("T")


class Threads:
    """Some threads, started at their first use, and a queue of a known length before them."""

    def __init__(self, threads: int, queue: int, busy: type[Unavailable]) -> None:
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix=busy.code)
        self._queue, self._busy = queue, busy
        self._waiting = 0

    async def run(self, work: Callable[..., T], *given: object, patient: bool = False) -> T:
        """Return what the work makes of what is given, or raise `busy` when the queue is full.

        Who is patient waits behind a queue however long.
        """
        if self._waiting >= self._queue and not patient:
            raise self._busy
        self._waiting += 1
        try:
            within = copy_context().run  # of the request: its language above all
            return await asyncio.get_running_loop().run_in_executor(
                self._threads, partial(within, work, *given)
            )
        finally:
            self._waiting -= 1
