"""One request that is being answered, and how an answer is sent."""

import asyncio
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Final

from starlette.types import Message, Send

from gateway.cache import status
from gateway.cache.asking import Asked
from gateway.cache.behind import Answer, Behind, Call
from gateway.cache.conditions import holds
from gateway.cache.entries import Entry
from gateway.cache.store import Address
from gateway.cache.variants import KEYED

HIT: Final = "vigie.hit"
"""Member of a scope whose answer was kept and fresh: what was asked, and of which address."""

_OK: Final = 200
NOT_MODIFIED: Final = 304


@dataclass(slots=True)
class Visit:
    """A GET, or the validation of an entry that was shown; `send` is None where nobody waits."""

    behind: Behind
    call: Call
    asked: Asked
    address: Address
    send: Send | None
    entry: Entry | None = None
    """What is kept for it, right or not."""

    def ask(self) -> AbstractAsyncContextManager[Answer]:
        """Ask the service: for what has changed since, where something is here or there."""
        headers = [pair for pair in self.call.scope["headers"] if pair[0] in KEYED]
        headers += self.asked.conditions if self.entry is None else self.entry.validators
        return self.behind.ask(self.call, headers, is_awaited=self.send is not None)

    async def show(self, entry: Entry, told: bytes) -> None:
        """Send a kept answer, or a 304 to whoever holds it already (RFC 9111 §4.3.2)."""
        if self.send is not None:
            await show(self.call, self.asked, self.send, entry, told)

    async def pass_on(
        self, answer: Answer, headers: list[tuple[bytes, bytes]], piece: bytes | None
    ) -> bytes:
        """Pass an answer through from its first piece on; returns its end, for `finish`."""
        await self._send(
            {"type": "http.response.start", "status": answer.status, "headers": headers}
        )
        while piece is not None and not answer.drained:
            await self._send({"type": "http.response.body", "body": piece, "more_body": True})
            piece = await answer.chunk()
        return piece or b""

    async def finish(self, last: bytes) -> None:
        """Send the end of an answer, when its service needs to be heard no more."""
        await self._send({"type": "http.response.body", "body": last})

    async def _send(self, message: Message) -> None:
        if self.send is not None:
            await self.send(message)


async def show(call: Call, asked: Asked, send: Send, entry: Entry, told: bytes) -> None:
    """Send a kept answer, or a 304 to whoever holds it already (RFC 9111 §4.3.2)."""
    age = int(asyncio.get_running_loop().time() - entry.born)
    added = [(b"age", b"%d" % age), (status.HEADER, told)]
    body = b"" if call.scope["method"] == "HEAD" else entry.body
    code, headers = entry.status, entry.headers
    if is_known(entry, asked):
        code, headers, body = NOT_MODIFIED, entry.brief, b""
    await send({"type": "http.response.start", "status": code, "headers": [*headers, *added]})
    await send({"type": "http.response.body", "body": body})


def is_known(entry: Entry, asked: Asked) -> bool:
    """Tell whether the client holds the answer already."""
    return entry.status == _OK and asked.is_conditional and holds(asked.headers, entry.etag)


def telling(send: Send, told: bytes) -> Send:
    """Add Cache-Status to an answer in which the cache has no part."""

    async def add(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message["headers"], (status.HEADER, told)]
        await send(message)

    return add
