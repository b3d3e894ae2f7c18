"""A turn of a webhook, in one transaction: what came of its attempts, what is new, what goes next.

Several gateways may work on one webhook: its row's lock puts their turns one after the other. What
a gateway claims is leased to it; if it dies, the lease runs out and another attempt is made.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random, SystemRandom
from typing import Any, Final
from uuid import UUID

import asyncpg
import orjson

from gateway.audit import queries as audit
from gateway.feeds import queries as feeds
from gateway.feeds.entry import Entry
from gateway.webhooks import backoff, catalogue
from gateway.webhooks import work_queries as queries
from gateway.webhooks.sealing import Seal
from gateway.webhooks.sending import Attempt, Target
from platformkit.reads import WritePool

AT_ONCE: Final = 8
"""Attempts of one webhook at the same time, in all gateways; one while its receiver fails."""

MOST_WAITING: Final = 500
"""Events of one webhook taken out of the log; while half of them wait, the log is not read on."""

_PIECE: Final = 1_000
_ACTOR: Final = "gateway"


@dataclass(frozen=True, slots=True)
class Claim:
    """An event that this gateway is to send now."""

    id: int
    event: str
    body: bytes
    attempts: int
    begun_at: datetime


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a claim."""

    claim: Claim
    attempt: Attempt


@dataclass(frozen=True, slots=True)
class Turn:
    """What to send, and to whom."""

    target: Target
    claims: Sequence[Claim]
    has_more: bool
    """The log goes on, and there is room."""


@dataclass(slots=True)
class _State:
    """A webhook's row while its turn lasts."""

    position: int
    held_until: datetime | None
    failing_since: datetime | None
    accepted_at: datetime | None = None
    is_full: bool = False
    has_more: bool = False
    reason: str | None = None

    @property
    def at_once(self) -> int:
        """How many attempts may be under way."""
        return AT_ONCE if self.failing_since is None else 1


@dataclass(frozen=True, slots=True)
class Work:
    """Takes turns; `base` is the public address of the door."""

    writes: WritePool
    seal: Seal
    base: str
    lease: timedelta = timedelta(seconds=60)
    dice: Random = field(default_factory=SystemRandom)

    async def turn(
        self,
        webhook: UUID,
        outcomes: Sequence[Outcome],
        now: datetime,
        *,
        is_stopping: bool = False,
    ) -> Turn | None:
        """Write the outcomes and claim what goes next; None for a webhook that is no more."""
        async with self.writes.transaction("webhook turn") as connection:
            row = await connection.fetchrow(queries.LOCK, webhook, now)
            if row is None:
                return None
            state = _State(row["position"], row["held_until"], row["failing_since"])
            if outcomes:
                await self._record(connection, outcomes, state, now)
            wanted = {f"{service}:feed" for service in catalogue.services(row["events"])}
            if not wanted <= set(row["scopes"]):
                state.reason = "scope-withdrawn"
            claims: list[Claim] = []
            if row["is_active"] and state.reason is None and not is_stopping:
                claims = await self._continue(connection, webhook, row["events"], state, now)
            due = now
            if not state.has_more:
                due = await connection.fetchval(queries.NEXT, webhook, now, state.at_once)
            await connection.execute(
                queries.SETTLE,
                webhook,
                state.position,
                state.is_full,
                due,
                state.held_until,
                state.failing_since,
                state.accepted_at,
            )
            if row["is_active"] and state.reason is not None:
                await _disable(connection, webhook, row["tenant"], state.reason)
        sealed = [row["secret"], row["second_secret"]]
        held = [self.seal.open(one) for one in sealed if one is not None] if claims else []
        return Turn(Target(row["url"], held), claims, state.has_more)

    async def _record(
        self,
        connection: asyncpg.Connection,
        outcomes: Sequence[Outcome],
        state: _State,
        now: datetime,
    ) -> None:
        """Write what became of the attempts, and what that says of the receiver."""
        rows = [self._written(one, now) for one in outcomes]
        await connection.execute(queries.RECORD, *map(list, zip(*rows, strict=True)), now)
        attempts = [one.attempt for one in outcomes]
        if any(one.is_accepted for one in attempts):
            state.failing_since, state.accepted_at = None, now
        else:
            state.failing_since = state.failing_since or now
        if any(one.is_gone for one in attempts):
            state.reason = "gone"
        elif state.failing_since is not None and now - state.failing_since >= backoff.DISABLE:
            state.reason = "failing"
        asked = [one.retry_after for one in attempts if one.retry_after is not None]
        if asked:
            state.held_until = max(filter(None, [state.held_until, now + max(asked)]))

    def _written(self, outcome: Outcome, now: datetime) -> tuple[object, ...]:
        claim, attempt = outcome.claim, outcome.attempt
        becomes, next_at = "delivered", None
        if not attempt.is_accepted:
            becomes = "dead" if now - claim.begun_at >= backoff.GIVE_UP else "pending"
            wait = backoff.pause(claim.attempts, self.dice)
            next_at = now + max(wait, attempt.retry_after or wait)
        line = {
            "number": claim.attempts,
            "at": attempt.at,
            "milliseconds": attempt.milliseconds,
            "status": attempt.status,
            "failure": attempt.failure,
            "answer": attempt.answer,
        }
        written = orjson.dumps(line, option=orjson.OPT_UTC_Z).decode()
        return claim.id, claim.attempts, becomes, next_at, written

    async def _continue(
        self,
        connection: asyncpg.Connection,
        webhook: UUID,
        events: Sequence[str],
        state: _State,
        now: datetime,
    ) -> list[Claim]:
        """Read on in the log as far as there is room, and claim what may be sent."""
        waiting = await connection.fetchval(queries.WAITING, webhook)
        if waiting >= MOST_WAITING // 2:
            state.is_full = True
        else:
            await self._plan(connection, webhook, events, state, now, MOST_WAITING - waiting)
        if state.held_until is not None and state.held_until > now:
            return []
        rows = await connection.fetch(queries.CLAIM, webhook, now, state.at_once, self.lease)
        return sorted((Claim(**row) for row in rows), key=lambda claim: claim.id)

    async def _plan(
        self,
        connection: asyncpg.Connection,
        webhook: UUID,
        events: Sequence[str],
        state: _State,
        now: datetime,
        room: int,
    ) -> None:
        """Take a piece of the log: what is wanted of it is written, and the cursor moved."""
        read = await connection.fetch(feeds.AFTER, state.position, _PIECE)
        wanted = catalogue.matcher(events)
        planned: list[catalogue.Planned] = []
        for row in read:
            entry = Entry(**row)
            if wanted.fullmatch(catalogue.event_type(entry)):
                if len(planned) == room:
                    state.is_full = True
                    break
                planned.append(catalogue.planned(entry, self.base))
            state.position = entry.position
        state.has_more = len(read) == _PIECE and not state.is_full
        if planned:
            columns = map(list, zip(*planned, strict=True))
            await connection.execute(queries.PLAN, webhook, *columns, now)


async def _disable(connection: Any, webhook: UUID, tenant: str, reason: str) -> None:  # noqa: ANN401  # asyncpg's, which has no types
    await connection.execute(queries.DISABLE, webhook, reason)
    said = (_ACTOR, tenant, "disable_webhook", "webhook", str(webhook), "allowed", "", reason)
    await connection.execute(audit.RECORD, *said)
