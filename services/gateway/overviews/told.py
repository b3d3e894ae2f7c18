"""What the cache is told to send to, where the reader is ourselves."""

import asyncio
from collections.abc import Sequence
from typing import Final, NamedTuple

from starlette.types import Message

from gateway.proxy.exchange import UpstreamFailed

MOST_BYTES: Final = 2_000_000


class Answer(NamedTuple):
    """What a service answered, or what is kept of it."""

    status: int
    headers: Sequence[tuple[bytes, bytes]]
    content: bytes


class Told:
    """Collects an answer, of which more than `MOST_BYTES` is an invalid one."""

    def __init__(self) -> None:
        self._status = 0
        self._headers: Sequence[tuple[bytes, bytes]] = ()
        self._pieces: list[bytes] = []
        self._size = 0
        self._is_whole = False

    async def receive(self) -> Message:
        """Never leave: who reads for itself waits, within its time."""
        await asyncio.Event().wait()
        raise AssertionError

    async def send(self, message: Message) -> None:
        """Take the head, or a piece of the body; raises UpstreamFailed for one too many."""
        if message["type"] == "http.response.start":
            self._status, self._headers = message["status"], message["headers"]
            return
        self._size += len(message["body"])
        if self._size > MOST_BYTES:
            raise UpstreamFailed("invalid")
        self._pieces.append(message["body"])
        self._is_whole = not message.get("more_body", False)

    @property
    def answer(self) -> Answer:
        """Give all of it; raises UpstreamFailed where it was cut."""
        if not self._is_whole:
            raise UpstreamFailed("invalid" if self._size > MOST_BYTES else "truncated")
        return Answer(self._status, self._headers, b"".join(self._pieces))
