"""Leaving in good order: first not ready, then no new connection, then the last answers.

SIGTERM makes the door say on `/readyz` that it is leaving and end each connection with its next
answer, while whoever spreads the load looks elsewhere. After `seconds` uvicorn stops as it would
have: it closes the socket and grants the requests inside its own time.
"""

import asyncio
import logging
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import current_thread, main_thread
from types import FrameType
from typing import Any

from starlette.types import Message, Send

_log = logging.getLogger(__name__)


class Drain:
    """Whether the door is leaving."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self.begun = False

    @contextmanager
    def on_sigterm(self, begin: Callable[[], None]) -> Iterator[None]:
        """Put ourselves before the server's handler; a second signal goes straight to it.

        Where signals cannot be had (a server in a thread), leaving is the server's alone.
        """
        theirs = signal.getsignal(signal.SIGTERM)
        if current_thread() is not main_thread() or not callable(theirs):
            yield
            return
        loop = asyncio.get_running_loop()

        def ours(number: int, frame: FrameType | None) -> Any:  # noqa: ANN401  # as signal's
            if self.begun:
                return theirs(number, frame)
            self.begun = True
            loop.call_soon_threadsafe(leave, number)
            return None

        def leave(number: int) -> None:
            _log.info("leaving", extra={"seconds": self._seconds})
            begin()
            loop.call_later(self._seconds, theirs, number, None)

        signal.signal(signal.SIGTERM, ours)
        try:
            yield
        finally:
            if signal.getsignal(signal.SIGTERM) is ours:
                signal.signal(signal.SIGTERM, theirs)


def closing(send: Send) -> Send:
    """Tell the client that this answer is the last one on its connection."""

    async def told(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message["headers"], (b"connection", b"close")]
        await send(message)

    return told
