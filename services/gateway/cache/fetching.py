"""Asks a service, keeps what may be kept, and passes through what may not."""

import asyncio
import logging
import time
from typing import Final, NamedTuple

from gateway.cache import status
from gateway.cache.announcements import Announcements
from gateway.cache.behind import Answer
from gateway.cache.conditions import is_same
from gateway.cache.directives import values
from gateway.cache.entries import Entry
from gateway.cache.flights import Flight
from gateway.cache.freshness import may_keep, terms
from gateway.cache.store import Store
from gateway.cache.visits import Visit
from platformkit.errors import ProblemError

_OK, _NOT_MODIFIED, _ERROR = 200, 304, 500
_PASS_SECONDS: Final = 10.0
"""How long nobody waits for another's answer where the last one was not to be shared."""

_log = logging.getLogger(__name__)


class Fetched(NamedTuple):
    """What to show, and the status with which the service answered."""

    entry: Entry
    status: int


class Fetcher:
    """Fills the store; answers on their way take at most half as much as those that are kept."""

    def __init__(
        self, store: Store, announcements: Announcements, *, most: int, largest: int
    ) -> None:
        self._store, self._announcements = store, announcements
        self._largest = largest
        self._room = most // 2

    def may_fall_back(self, visit: Visit) -> bool:
        """Tell whether the last good answer may be shown for want of a new one (RFC 5861 §4).

        What was changed since is not shown, whatever happens.
        """
        entry = visit.entry
        return (
            entry is not None
            and asyncio.get_running_loop().time() < entry.kept_until
            and entry.epoch == self._announcements.epoch(visit.call.service)
            and not visit.asked.is_strict
        )

    async def fetch(self, visit: Visit, flight: Flight | None, told: bytes) -> Fetched | None:
        """Ask; None when the answer passed through to the visitor, with `told` in its head.

        Raises ProblemError or Departed before anything is sent.
        """
        epoch = self._announcements.epoch(visit.call.service)
        asked_at = asyncio.get_running_loop().time()
        is_begun = False
        try:
            async with visit.ask() as answer:
                if answer.status >= _ERROR and visit.entry and self.may_fall_back(visit):
                    return Fetched(visit.entry, answer.status)
                delay = asyncio.get_running_loop().time() - asked_at
                is_other = visit.entry is not None and _is_of_another(answer, visit.entry)
                if not is_other:
                    entry, pieces = await self._take(visit, answer, delay, epoch)
                    if entry is not None:
                        return Fetched(entry, answer.status)
                    if flight is not None:
                        flight.release()
                    if visit.send is None:
                        return None
                    status.note("miss")
                    seen = visit.call.seen(answer.status, answer.headers)
                    first = b"".join(pieces) if pieces else await answer.chunk()
                    is_begun = True
                    last = await visit.pass_on(answer, [*seen, (status.HEADER, told)], first)
        except ProblemError as problem:
            if not is_begun:
                raise
            _log.warning("answer cut", extra={"error.type": problem.code})
            return None
        if is_other:
            self._store.drop(visit.address, visit.asked.headers)
            visit.entry = None
            return await self.fetch(visit, flight, told)
        await visit.finish(last)
        return None

    async def _take(
        self, visit: Visit, answer: Answer, delay: float, epoch: int
    ) -> tuple[Entry | None, list[bytes]]:
        """Return the entry that the answer makes or renews; else what was read of it so far."""
        seen, until = (
            visit.call.seen(answer.status, answer.headers),
            terms(answer.headers, time.time(), delay),
        )
        asked = visit.asked.directives
        if visit.entry is not None and answer.status == _NOT_MODIFIED:
            entry = visit.entry.renewed(seen, until, epoch)
            if may_keep(entry.status, entry.headers, until, asked):
                self._store.put(visit.address, visit.asked.headers, entry)
            else:
                self._turn_away(visit, answer)
            return entry, []
        pieces: list[bytes] = []
        if may_keep(answer.status, answer.headers, until, asked):
            pieces, is_whole = await self._gather(answer)
            if is_whole:
                entry = Entry.of(answer.status, seen, b"".join(pieces), until, epoch)
                self._store.put(visit.address, visit.asked.headers, entry)
                return entry, []
        self._turn_away(visit, answer)
        return None, pieces

    async def _gather(self, answer: Answer) -> tuple[list[bytes], bool]:
        """Read an answer that is not too large, and for which there is room; tell whether whole."""
        told = values(answer.headers, b"content-length")
        most = int(told[0]) if told else self._largest
        if most > min(self._largest, self._room):
            return [], False
        self._room -= most
        pieces: list[bytes] = []
        size = 0
        try:
            while size <= most:
                piece = await answer.chunk()
                if piece is None:
                    return pieces, True
                pieces.append(piece)
                size += len(piece)
        finally:
            self._room += most
        return pieces, False

    def _turn_away(self, visit: Visit, answer: Answer) -> None:
        """Forget what the answer replaces; for the next one here, nobody waits."""
        if answer.status < _ERROR:
            self._store.drop(visit.address, visit.asked.headers)
        if answer.status == _OK:
            then = asyncio.get_running_loop().time() + _PASS_SECONDS
            self._store.pass_by(visit.address, then)


def _is_of_another(answer: Answer, entry: Entry) -> bool:
    """Tell of a 304 that names another tag than we asked about (RFC 9111 §4.3.4)."""
    named = values(answer.headers, b"etag")
    is_named = answer.status == _NOT_MODIFIED and named and entry.etag is not None
    return bool(is_named) and not is_same(named[0], entry.etag or b"")
