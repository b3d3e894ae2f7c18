"""Keeps the webhooks of this process going: looks what is due, and works on each by itself."""

import asyncio
import contextlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Final
from uuid import UUID

from gateway.feeds.entry import Entry
from gateway.webhooks import work_queries as queries
from gateway.webhooks.sending import Sender, Target
from gateway.webhooks.work import Claim, Outcome, Turn, Work
from platformkit.reads import ReadPool

_LOOK_SECONDS: Final = 1.0
_RETRY_SECONDS: Final = 1.0
_MOST: Final = 1_000
_STOP_SECONDS: Final = 5.0
_AWAY: Final = (*ReadPool.errors, OSError, TimeoutError)
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Runner:
    """One webhook as long as it has something to do; a slow receiver delays no other one."""

    webhook: UUID
    work: Work
    sender: Sender
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    is_stopping: bool = False

    async def run(self) -> None:
        """Take turns until nothing is under way."""
        flying: set[asyncio.Task[Outcome]] = set()
        outcomes: list[Outcome] = []
        try:
            while True:
                self.wake.clear()
                turn = await self._turn(outcomes)
                outcomes = []
                if turn is not None:
                    flying |= {
                        asyncio.create_task(self._attempt(turn.target, claim))
                        for claim in turn.claims
                    }
                if not flying:
                    if turn is None or not turn.has_more:
                        return
                    continue
                waking = asyncio.create_task(self.wake.wait())
                done, _ = await asyncio.wait({*flying, waking}, return_when="FIRST_COMPLETED")
                waking.cancel()
                outcomes = [task.result() for task in flying & done]
                flying -= done
        finally:
            for task in flying:
                task.cancel()

    async def _turn(self, outcomes: Sequence[Outcome]) -> Turn | None:
        """Take a turn, as soon as there is a database."""
        while True:
            now = datetime.now(UTC)
            try:
                return await self.work.turn(
                    self.webhook, outcomes, now, is_stopping=self.is_stopping
                )
            except _AWAY as failure:
                told = {"error.type": type(failure).__qualname__}
                _log.warning("webhook cannot be worked on", extra=told)
                await asyncio.sleep(_RETRY_SECONDS)

    async def _attempt(self, target: Target, claim: Claim) -> Outcome:
        return Outcome(claim, await self.sender.send(target, claim.event, claim.body))


class Dispatcher:
    """Starts a runner for each webhook that is due, here or in another gateway."""

    def __init__(self, work: Work, sender: Sender, reads: ReadPool) -> None:
        self._work, self._sender, self._reads = work, sender, reads
        self._running: dict[UUID, tuple[_Runner, asyncio.Task[None]]] = {}
        self._woken = asyncio.Event()
        self._is_away = False

    def hear(self, _: Sequence[Entry]) -> None:
        """Look at once: there is something new in the log."""
        self._woken.set()

    async def run(self) -> None:
        """Look until cancelled; then let what is under way come to its end, for a while."""
        try:
            while True:
                self._woken.clear()
                try:
                    await self._look()
                    self._is_away = False
                except _AWAY as failure:
                    if not self._is_away:
                        told = {"error.type": type(failure).__qualname__}
                        _log.warning("webhooks cannot be read", extra=told)
                    self._is_away = True
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(_LOOK_SECONDS):
                        await self._woken.wait()
        finally:
            await self._stop()

    async def _look(self) -> None:
        rows = await self._reads.fetch("webhooks due", queries.DUE, datetime.now(UTC), _MOST)
        for row in rows:
            webhook = row["id"]
            if webhook in self._running:
                self._running[webhook][0].wake.set()
            else:
                runner = _Runner(webhook, self._work, self._sender)
                task = asyncio.create_task(runner.run())
                self._running[webhook] = runner, task
                task.add_done_callback(partial(self._ended, webhook))

    def _ended(self, webhook: UUID, task: asyncio.Task[None]) -> None:
        del self._running[webhook]
        if not task.cancelled() and (failure := task.exception()) is not None:
            told = {"error.type": type(failure).__qualname__}
            _log.error("webhook stopped", extra=told, exc_info=failure)

    async def _stop(self) -> None:
        tasks = [task for _, task in self._running.values()]
        for runner, _ in self._running.values():
            runner.is_stopping = True
            runner.wake.set()
        if tasks:
            await asyncio.wait(tasks, timeout=_STOP_SECONDS)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
