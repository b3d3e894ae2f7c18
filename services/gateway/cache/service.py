"""Answers public reads from what is kept, and asks for what is not, once for all who want it.

RFC 9111 decides what may be kept and shown (`freshness`), what the services announce since when it
is in doubt (`announcements`). What was changed is never shown without asking, not even when nobody
answers.
"""

import asyncio
import logging

from starlette.types import Send

from gateway.cache import status
from gateway.cache.announcements import Announcements
from gateway.cache.asking import Asked
from gateway.cache.behind import Behind, Call, Departed
from gateway.cache.entries import Entry
from gateway.cache.fetching import Fetcher
from gateway.cache.flights import Alone, Failed, Flight, Flights
from gateway.cache.store import Address, Resource, Store
from gateway.cache.variants import ACCEPT, KEYED, variant
from gateway.cache.visits import HIT, Visit, show, telling
from platformkit.errors import DeadlineExceeded, ProblemError
from platformkit.i18n import Text

_NOT_MODIFIED = 304
_log = logging.getLogger(__name__)


class NotKept(ProblemError):
    """The caller wants a kept answer only (RFC 9111 §5.2.1.7), and there is none for it."""

    status = 504
    code = "not-kept"
    title = Text("Réponse non conservée", "Answer not kept")
    detail = Text(
        "« only-if-cached » : la porte n’a pas de réponse à jour à cette demande.",
        "`only-if-cached`: the door has no fresh answer to this request.",
    )


class Cache:
    """The door's cache: `most` bytes in all, answers of up to `largest` bytes."""

    def __init__(self, announcements: Announcements, *, most: int, largest: int) -> None:
        self.announcements = announcements
        self.store = Store(most)
        self.flights = Flights()
        self._fetcher = Fetcher(self.store, announcements, most=most, largest=largest)
        self._refreshing: set[asyncio.Task[None]] = set()

    async def serve(self, behind: Behind, call: Call, send: Send) -> None:
        """Answer a GET or HEAD of a public route of a service."""
        scope = call.scope
        asked = Asked.of(scope["headers"], call.length)
        address = (call.path, scope["query_string"])
        resource = self.store.get(address)
        entry = _select(resource, asked)
        now = asyncio.get_running_loop().time()
        if entry is not None and self._is_right(entry, call.service, now):
            if _is_ready(entry, asked, now):
                status.note(status.HIT)
                scope[HIT] = asked, address
                await show(call, asked, send, entry, status.hit(entry, now))
                return
            if now < entry.shown_until and not asked.directives:
                status.note("stale")
                await show(call, asked, send, entry, status.hit(entry, now))
                self._refresh(Visit(behind, call, asked, address, None, entry), resource)
                return
        why = b"method" if scope["method"] == "HEAD" else _why_passed(asked, resource, now)
        if why is not None:
            status.note(status.PASSED)
            await behind.forward(call, telling(send, status.forwarded(why)))
        elif b"only-if-cached" in asked.directives:
            raise NotKept
        else:
            try:
                await self._obtain(Visit(behind, call, asked, address, send, entry), resource, now)
            except Departed:
                return

    def ready(self, service: str, address: Address, asked: Asked) -> Entry | None:
        """Give the kept answer that may be shown as it stands."""
        entry = _select(self.store.get(address), asked)
        now = asyncio.get_running_loop().time()
        if entry is None or not self._is_right(entry, service, now):
            return None
        return entry if _is_ready(entry, asked, now) else None

    def why_passed(self, address: Address, asked: Asked) -> bytes | None:
        """Say why a GET is the service's alone to answer; None where we may have a part in it."""
        resource = self.store.get(address)
        if _select(resource, asked) is not None:
            return None
        return _why_passed(asked, resource, asyncio.get_running_loop().time())

    def passes(self, address: Address) -> bool:
        """Tell whether the last answer there was not to be shared: nobody waits for the next."""
        return _is_passed(self.store.get(address), asyncio.get_running_loop().time())

    def _is_right(self, entry: Entry, service: str, now: float) -> bool:
        """Tell whether nothing was changed since it was asked for, as far as that can be known."""
        heard = self.announcements
        return entry.epoch == heard.epoch(service) and now < heard.sure_until

    async def _obtain(self, visit: Visit, resource: Resource | None, now: float) -> None:
        """Ask for the answer, or wait for that of somebody who is asking."""
        why = b"uri-miss" if resource is None or not resource.entries else b"vary-miss"
        entry, asked = visit.entry, visit.asked
        if entry is not None:
            is_right = now < entry.fresh_until and self._is_right(entry, visit.call.service, now)
            why = b"request" if is_right else b"stale"
        elif asked.is_conditional:  # a 304 may be all that is needed, and is for this client
            await self._lead(visit, None, why)
            return
        key = _key(visit, resource)
        flight = self.flights.get(key)
        if flight is None:
            await self._lead(visit, self.flights.begin(key), why)
            return
        try:
            with visit.behind.attended(visit.call):
                outcome = await flight.wait(visit.call.until, is_strict=asked.is_strict)
        except TimeoutError:
            raise DeadlineExceeded from None
        if isinstance(outcome, Entry):
            status.note("collapsed")
            await visit.show(outcome, status.forwarded(why, b"collapsed"))
        elif isinstance(outcome, Failed):
            await self._fall_back(visit, outcome.problem, why)
        else:
            latest = self.store.get(visit.address)
            visit.entry = latest.select(asked) if latest is not None else None
            await self._lead(visit, None if isinstance(outcome, Alone) else outcome, why)

    def _refresh(self, visit: Visit, resource: Resource | None) -> None:
        """Validate what was just shown, when nobody is waiting any more (RFC 5861 §3)."""
        key = _key(visit, resource)
        if self.flights.get(key) is None:
            work = self._quietly(visit, self.flights.begin(key))
            task = asyncio.get_running_loop().create_task(work)
            self._refreshing.add(task)
            task.add_done_callback(self._refreshing.discard)

    async def _quietly(self, visit: Visit, flight: Flight) -> None:
        try:
            await self._lead(visit, flight, b"stale")
        except ProblemError as problem:
            _log.info("not refreshed", extra={"error.type": problem.code})

    async def _lead(self, visit: Visit, flight: Flight | None, why: bytes) -> None:
        """Ask, tell those who wait, and answer; without a flight nobody waits."""
        failed: ProblemError | None = None
        found = None
        try:
            found = await self._fetcher.fetch(visit, flight, status.forwarded(why))
            if found is not None and flight is not None:
                self._tell(visit, flight, found.entry)
        except ProblemError as problem:
            failed = problem
            if flight is not None and asyncio.get_running_loop().time() < visit.call.until:
                flight.fail(problem)
        finally:
            if flight is not None:
                flight.hand_over()  # we left, or it was only our time that was up
        if failed is not None:
            await self._fall_back(visit, failed, why)
        elif found is None:
            return
        elif found.entry is visit.entry:
            await self._show_stale(visit, found.entry, why, found.status)
        else:
            status.note("revalidated" if found.status == _NOT_MODIFIED else "miss")
            more = [b"fwd-status=%d" % found.status, b"stored"]
            await visit.show(found.entry, status.forwarded(why, *more))

    def _tell(self, visit: Visit, flight: Flight, entry: Entry) -> None:
        now = asyncio.get_running_loop().time()
        if entry is visit.entry:
            flight.fail(None)
        else:
            is_right = now < entry.fresh_until and self._is_right(entry, visit.call.service, now)
            flight.bring(entry, is_fresh=is_right)

    async def _fall_back(self, visit: Visit, problem: ProblemError | None, why: bytes) -> None:
        """Show the last good answer where that is allowed; else say what went wrong."""
        if visit.entry is not None and self._fetcher.may_fall_back(visit):
            await self._show_stale(visit, visit.entry, why, problem.status if problem else None)
        elif problem is not None:
            raise problem.with_traceback(None)
        else:
            await self._lead(visit, None, why)

    async def _show_stale(self, visit: Visit, entry: Entry, why: bytes, came: int | None) -> None:
        if visit.send is not None:
            status.note("stale")
        ttl = int(entry.fresh_until - asyncio.get_running_loop().time())
        more = [b"ttl=%d" % ttl, b"detail=stale-if-error"]
        if came is not None:
            more.insert(0, b"fwd-status=%d" % came)
        await visit.show(entry, status.forwarded(why, *more))


def _select(resource: Resource | None, asked: Asked) -> Entry | None:
    """Find what is kept for it; whether to a version that it names, the service alone can say."""
    if resource is None or not asked.is_plain:
        return None
    if asked.is_versioned and ACCEPT not in resource.vary:
        asked.is_plain = False
        return None
    return resource.select(asked)


def _is_ready(entry: Entry, asked: Asked, now: float) -> bool:
    return now < entry.fresh_until and (not asked.directives or entry.suits(asked.directives, now))


def _why_passed(asked: Asked, resource: Resource | None, now: float) -> bytes | None:
    """Say why the service alone answers this GET, in the words of RFC 9211 §2.2."""
    if b"no-store" in asked.directives:
        return b"request"
    return b"bypass" if _is_passed(resource, now) or not asked.is_plain else None


def _is_passed(resource: Resource | None, now: float) -> bool:
    return resource is not None and now < resource.passed_until


def _key(visit: Visit, resource: Resource | None) -> object:
    """Tell apart what may be told apart: by all headers, where nothing is known yet."""
    vary = resource.vary if resource is not None and resource.entries else KEYED
    return visit.address, variant(visit.asked.headers, vary)
