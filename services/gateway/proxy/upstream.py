"""One service behind the door: which of its instances is asked, and whether it is asked at all."""

import asyncio
import random
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from gateway.proxy.connection import Connection
from gateway.proxy.exchange import Exchange, UpstreamFailed
from gateway.proxy.instance import IDEMPOTENT, Instance, Request
from gateway.resilience.breaker import Breaker, Rule, Ticket
from gateway.resilience.retries import Budget, pause

__all__ = ["Begun", "Member", "Policy", "Request", "Upstream"]

_ASK_AGAIN = 503
_BROKEN = 500
_MOST_PATIENCE = 1.0
"""Seconds that a service's Retry-After is waited for here; a longer one is the caller's to wait."""

_NOBODYS: Ticket = -1


@dataclass(frozen=True, slots=True)
class Policy:
    """When a service or an instance of it is left alone, and how often one is asked again."""

    breaker: Rule = Rule(base=1.0, longest=30.0)  # noqa: RUF009  # frozen
    ejection: Rule = Rule(base=5.0, longest=60.0)  # noqa: RUF009  # frozen
    eject_percent: int = 50
    """Of the instances, how many may be set aside at once; so a lone one never is."""

    retry_percent: int = 20
    retries: int = 2
    slow_seconds: float = 1.5
    """A silence shorter than this is the haste of the caller, whose deadline it is."""


@dataclass(eq=False, slots=True)
class Member:
    """One instance, and what is thought of it."""

    instance: Instance
    breaker: Breaker
    answered: float = float("-inf")
    """When it answered last, anybody and anything."""

    @property
    def busy(self) -> int:
        """Requests that it has, or that wait for it."""
        return self.instance.in_use + self.instance.waiting


class Begun(NamedTuple):
    """A request that was sent at once, and under which tickets."""

    exchange: Exchange
    member: Member
    ticket: Ticket
    of_member: Ticket
    at: float

    @property
    def is_answered(self) -> bool:
        """Whether a whole answer came, and none that says to ask again."""
        exchange = self.exchange
        is_whole = exchange.failure is None and exchange.complete
        return is_whole and exchange.status != _ASK_AGAIN


class Upstream:
    """Asks the least busy instance, the others when it cannot be reached, none when all fail.

    What its instances answer with 5xx counts against them, not against the service: a route with
    a bug must not close it. Against the service count requests that got no answer at all, except
    where nobody listens: that costs no time, and a service that starts is there at once.
    """

    def __init__(
        self,
        instances: Sequence[Instance],
        policy: Policy | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        dice: random.Random | None = None,
    ) -> None:
        self.policy = policy or Policy()
        self.breaker = Breaker(self.policy.breaker, clock)
        self.members = [
            Member(instance, Breaker(self.policy.ejection, clock)) for instance in instances
        ]
        self.budget = Budget(self.policy.retry_percent)
        self.retries = self.ejections = self.openings = 0
        self._dice = dice or random.Random()  # noqa: S311  # spreads load, keeps no secret
        self._turn = 0

    def ready(self) -> Member | None:
        """Give the one to `begin` with: all is well, and it has an idle connection."""
        if not self.breaker.closed:
            return None
        member = self._choose((), repeatable=True)
        return member if member.breaker.closed and member.instance.is_ready else None

    def begin(self, member: Member, request: Request) -> Begun:
        """Send an idempotent request without body at once, to whom `ready` gave just now.

        It goes on with `send`, or ends with `settle`, when its whole answer is there.
        """
        return self.hear(member, member.instance.ask(request), request)

    def hear(self, member: Member, connection: Connection, request: Request) -> Begun:
        """Do the second half of `begin`, for what was sent in this turn of the loop."""
        at = time.monotonic()
        exchange = member.instance.hear(connection, request)
        self.budget.request()
        ticket, of_member = self.breaker.admit(), member.breaker.admit()
        assert ticket is not None and of_member is not None  # noqa: S101, PT018  # `ready` said so
        return Begun(exchange, member, ticket, of_member, at)

    def settle(self, begun: Begun) -> None:
        """End what was begun, and remember how it went; without a whole answer it was given up."""
        begun.exchange.close()
        if begun.exchange.complete:
            self._answered(begun.member, begun.of_member, begun.exchange)
            self.breaker.succeeded(begun.ticket)
        else:
            begun.member.breaker.abandoned(begun.of_member)
            self.breaker.abandoned(begun.ticket)

    async def send(self, request: Request, begun: Begun | None = None) -> Exchange:
        """Send and wait for the answer's head; raises UpstreamFailed."""
        ticket: Ticket | None
        if begun is None:
            self.budget.request()
            ticket = self.breaker.admit()
        else:
            ticket = begun.ticket
        if ticket is None:
            raise UpstreamFailed("resting", retry_after=self.breaker.opens_in)
        try:
            answer = await self._ask(request, begun)
        except UpstreamFailed as failure:
            if failure.blamed and failure.reason != "unreachable":
                self.openings += self.breaker.failed(ticket)
            else:
                self.breaker.abandoned(ticket)
            raise
        except BaseException:
            self.breaker.abandoned(ticket)
            raise
        self.breaker.succeeded(ticket)
        return answer

    async def _ask(self, request: Request, begun: Begun | None) -> Exchange:
        """Ask until there is an answer to give, or nobody left who may be asked.

        Who refused the connection has seen nothing: any request goes on to the next instance.
        What may have been seen is sent again only when it has no body and is idempotent.
        """
        repeatable = request.body is None and request.method in IDEMPOTENT
        refused: set[Member] = set()
        retry = 0
        while True:
            member = begun.member if begun else self._choose(refused, repeatable=repeatable)
            try:
                answer = await self._attempt(member, request, begun)
            except UpstreamFailed as failure:
                if failure.is_refusal:
                    refused.add(member)
                    if len(refused) < len(self.members):
                        continue
                retry += 1
                wait = None
                if repeatable and failure.reason in {"unreachable", "truncated"}:
                    wait = self._grant(retry, request)
                if wait is None:
                    raise
                refused.clear()
            else:
                if answer.status != _ASK_AGAIN or not repeatable:
                    return answer
                retry += 1
                wait = self._grant(retry, request, _retry_after(answer))
                if wait is None:
                    return answer
                answer.close()
            begun = None
            await asyncio.sleep(wait)

    async def _attempt(self, member: Member, request: Request, begun: Begun | None) -> Exchange:
        """Ask one instance, and remember how it behaved."""
        if begun is None:
            ticket, began = member.breaker.admit(), time.monotonic()
            exchange = None
        else:
            ticket, began, exchange = begun.of_member, begun.at, begun.exchange
        if ticket is None:  # all of them are set aside: the service's own breaker decides
            ticket = _NOBODYS
        try:
            answer = await member.instance.send(request, exchange)
        except UpstreamFailed as failure:
            failure.blamed = self._blames(failure, member, began)
            if failure.blamed:
                self._failed(member, ticket)
            else:
                member.breaker.abandoned(ticket)
            raise
        except BaseException:
            member.breaker.abandoned(ticket)
            raise
        self._answered(member, ticket, answer)
        return answer

    def _answered(self, member: Member, ticket: Ticket, answer: Exchange) -> None:
        member.answered = time.monotonic()
        if answer.status < _BROKEN:
            member.breaker.succeeded(ticket)
        else:
            self._failed(member, ticket)

    def _choose(self, refused: Collection[Member], *, repeatable: bool) -> Member:
        """Take the least busy one that is not set aside, in turn; a write is no trial."""
        members = self.members
        count = len(members)
        if count == 1:
            return members[0]
        first = self._turn + 1
        best = spare = None
        for place in range(first, first + count):
            member = members[place % count]
            if member in refused:
                continue
            spare = spare or member
            breaker = member.breaker
            may = breaker.closed or (repeatable and breaker.ready)
            if may and (best is None or member.busy < best.busy):
                best = member
                self._turn = place % count
        return best or spare or members[0]

    def _failed(self, member: Member, ticket: Ticket) -> None:
        aside = sum(not each.breaker.closed for each in self.members if each is not member)
        room = (aside + 1) * 100 <= self.policy.eject_percent * len(self.members)
        self.ejections += member.breaker.failed(ticket, may_open=room)

    def _blames(self, failure: UpstreamFailed, member: Member, began: float) -> bool:
        """Tell whether the instance is at fault, and not the caller, our own bounds or the crowd.

        One that has answered others meanwhile has more to do than it can, and is not gone: put to
        rest, it would answer nobody.
        """
        if failure.reason != "timeout":
            return failure.reason in {"unreachable", "invalid", "truncated"}
        if member.answered >= began:
            return False
        seconds = time.monotonic() - began
        if not failure.begun:
            return seconds >= member.instance.connect_within * 0.9
        return failure.asked and seconds >= self.policy.slow_seconds

    def _grant(self, retry: int, request: Request, after: float = 0.0) -> float | None:
        """Give the seconds to wait before this retry, None where there must be none."""
        if retry > self.policy.retries or after > _MOST_PATIENCE or not self.breaker.closed:
            return None
        wait = max(after, pause(retry, self._dice))
        if asyncio.get_running_loop().time() + wait >= request.deadline or not self.budget.take():
            return None
        self.retries += 1
        return wait

    def close(self) -> None:
        """Close idle connections."""
        for member in self.members:
            member.instance.close()

    @property
    def opened(self) -> int:
        """Connections open now, used or idle."""
        return sum(member.instance.opened for member in self.members)


def _retry_after(answer: Exchange) -> float:
    """Read the header's seconds; a date, or nonsense, is longer than anybody here waits."""
    for name, value in answer.headers:
        if name == b"retry-after":
            return float(value) if value.isdigit() else float("inf")
    return 0.0
