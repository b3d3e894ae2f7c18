"""Parts that are asked for in the turn of the loop that wants them, and waited for together."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Final

from gateway.overviews import parts
from gateway.overviews.parts import Ask, Gap, Part, missing
from gateway.overviews.told import MOST_BYTES, Answer
from gateway.proxy.exchange import UpstreamFailed
from gateway.proxy.upstream import Begun, Member, Request, Upstream

_HELD: Final = 131_072
"""Bytes of an answer that are held while its end is waited for."""


class Coming:
    """A part that was asked for at once, without a task to wait for it.

    A whole answer is read as it comes. With what is late, large or wrong a task goes on, as others
    would have from the start. `hear` is to be called in the turn that made it: between stand the
    other parts, which so are sent sooner.
    """

    __slots__ = (
        "_ask",
        "_begun",
        "_connection",
        "_later",
        "_member",
        "_request",
        "_upstream",
        "found",
        "told",
    )

    _begun: Begun

    def __init__(self, ask: Ask, upstream: Upstream, member: Member, request: Request) -> None:
        self._connection = member.instance.ask(request)
        self._ask, self._upstream, self._member, self._request = ask, upstream, member, request
        self.found: Part | Gap | None = None
        self._later: asyncio.Task[Part | Gap] | None = None
        self.told: Callable[[], None] | None = None
        """Told once, when it is found or late."""

    def hear(self) -> None:
        """Begin to hear what comes."""
        self._begun = self._upstream.hear(self._member, self._connection, self._request)
        self._begun.exchange.listener = self._hear
        self._hear()

    def _hear(self) -> None:
        exchange = self._begun.exchange
        if exchange.failure is None and exchange.awaits_more(_HELD):
            return
        exchange.listener = None
        is_answered = self._begun.is_answered
        if is_answered:
            answer = Answer(exchange.status, exchange.headers, exchange.taken())
            self.found = parts.read(self._ask, answer)
        else:
            self._later = asyncio.get_running_loop().create_task(self._go_on())
        if self.told is not None:
            self.told()
        if is_answered:  # nobody waits for this
            self._upstream.settle(self._begun)

    async def _go_on(self) -> Part | Gap:
        try:
            return parts.read(self._ask, await whole(self._upstream, self._request, self._begun))
        except UpstreamFailed as failure:
            return missing(self._ask, failure)

    async def part(self) -> Part | Gap:
        """Give it, or say why not."""
        if self.found is None and self._later is None:
            waiter = asyncio.Event()
            self.told = waiter.set
            await waiter.wait()
        if self._later is not None:
            return await self._later
        assert self.found is not None  # noqa: S101  # the waiter was told
        return self.found

    def close(self) -> None:
        """Give it up, unless it came."""
        if self._later is not None:
            self._later.cancel()
        elif self.found is None:
            self._begun.exchange.listener = None
            self._upstream.settle(self._begun)


Started = Part | Gap | Coming | asyncio.Task[Part | Gap]
"""A part that is there, that was asked for, or that a task reads."""


async def together(started: Sequence[Started]) -> list[Part | Gap]:
    """Wait for all of them; whoever leaves meanwhile leaves them all."""
    found: list[Part | Gap] = []
    try:
        for part in started:
            if isinstance(part, Coming):
                found.append(await part.part())
            else:
                found.append(await part if isinstance(part, asyncio.Task) else part)
    finally:
        for part in started[len(found) :]:
            if isinstance(part, Coming):
                part.close()
            elif isinstance(part, asyncio.Task):
                part.cancel()
    return found


async def whole(upstream: Upstream, request: Request, begun: Begun | None = None) -> Answer:
    """Ask, or go on with what was begun, until all of the answer is there."""
    with await upstream.send(request, begun) as answer:
        return Answer(answer.status, answer.headers, await answer.read(MOST_BYTES))
