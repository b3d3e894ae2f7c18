"""Lets a request pass where whoever sent it has limits, and tells how they stand.

One gateway counts in its memory, several in a server that they share. An authenticated caller is
counted as its client, as its organisation, as its API key and as the person it acts for; whoever
is not known, or calls from a page with a publishable key, as its address.
"""

import hashlib
import logging
import math
import time
from collections import Counter
from collections.abc import Awaitable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession
from starlette.types import Scope

from gateway import plans
from gateway.limits import headers, queries
from gateway.limits.addresses import Addresses
from gateway.limits.problems import QuotaSpent, TooManyRequests, refusal
from gateway.limits.quotas import Quotas
from gateway.limits.quotas import rules as quota_rules
from gateway.limits.store import Store, StoreAway
from gateway.limits.windows import Demand, Standing, Windows
from gateway.plans import KEY_SHARE, ORGANISATION_SHARE, STANDARD, WINDOW_SECONDS, Plan, Rule
from gateway.settings import Settings
from gateway.tokens.access import Verified
from platformkit import health
from platformkit.classes import RouteClass
from platformkit.errors import ProblemError, Unavailable
from platformkit.middleware import HEADERS
from platformkit.otlp import Exporters
from platformkit.reads import ReadPool, WritePool

_MOST_ASKED: Final = 20_000
"""Callers whose rules are kept ready."""

_log = logging.getLogger(__name__)


class _Asked(NamedTuple):
    """What a caller's requests of a class are counted under."""

    client: str
    demands: tuple[Demand, ...]
    address: Rule | None
    quotas: list[Rule]
    policies: bytes


Admitted = tuple[Standing, bytes]
"""How what binds a request first stands now, and all that does, as `RateLimit-Policy` has it."""


class Limits:
    """Knows every client's plan, and counts."""

    def __init__(
        self,
        settings: Settings,
        own: Mapping[str, RouteClass] | None = None,
    ) -> None:
        """`own` are the classes of what the gateway answers before it asks who calls."""
        self._own = own or {}
        factor = settings.rate_factor
        self._plans = settings.plans
        self._factor = factor
        self._secret = hashlib.sha256(b"limits " + settings.peppered.encode()).digest()
        self._addresses = Addresses(self._secret, settings.trusted_proxies)
        self._of_addresses = plans.rules(
            "address", settings.address_rates, factor, of_strangers=True
        )
        refusals = max(1, int(settings.address_rates.refusal * factor))
        self._of_refusals = Rule("address-refusal", refusals, WINDOW_SECONDS, of_strangers=True)
        self._terms: dict[str, Plan] = {}
        self._asked: dict[tuple[str, ...], _Asked] = {}
        self._windows = Windows()
        self._quotas = Quotas()
        self._refused: Counter[str] = Counter()
        url = settings.limits_store
        self._store = Store(url.get_secret_value()) if url else None

    def admit(self, scope: Scope, caller: Verified, kind: RouteClass) -> Awaitable[None] | None:
        """Count the request; raises TooManyRequests, QuotaSpent. What is returned is to be awaited.

        The answer's headers are left in the scope.
        """
        asked, demands, quota = self._asks(_peer(scope), scope["headers"], caller, kind)
        if quota is not None and not quota.passed:
            raise self._refuse(scope, quota, asked.policies, QuotaSpent)
        if self._store is not None:
            return self._admit_with(self._store, scope, asked, demands, quota)
        self._settle(scope, asked, quota, self._windows.take(demands, time.monotonic()))
        return None

    def admit_at_once(
        self, peer: str, sent: headers.Headers, caller: Verified, kind: RouteClass
    ) -> Admitted | None:
        """Count a request that passes; its answer's headers are `headers.lines` of what it gives.

        None has counted nothing: it is refused, or others have to be asked, which is for `admit`.
        """
        if self._store is not None:
            return None
        asked, demands, quota = self._asks(peer, sent, caller, kind)
        if quota is not None and not quota.passed:
            return None
        standing = self._windows.take(demands, time.monotonic())
        if not standing.passed:
            return None
        return self._counted(asked, quota, standing), asked.policies

    def _asks(
        self, peer: str, sent: headers.Headers, caller: Verified, kind: RouteClass
    ) -> tuple[_Asked, tuple[Demand, ...], Standing | None]:
        """Tell what a request is counted under, and how its quotas would stand."""
        who = caller.principal
        asked = self._asked.get((who.client, caller.key_id, who.subject, who.tenant, kind))
        if asked is None:
            asked = self._prepare(caller, kind)
        demands = asked.demands
        if asked.address is not None:
            demands = (*demands, self._of_address(peer, sent, asked.address))
        if not asked.quotas:
            return asked, demands, None
        return asked, demands, self._quotas.standing(asked.client, asked.quotas, time.time())

    def admit_own(self, scope: Scope, path: str, nobody: Verified) -> Awaitable[None] | None:
        """Count what the gateway answers to anybody, but for the health of the process."""
        if path in health.PATHS:
            return None
        return self.admit(scope, nobody, self._own.get(path, "read"))

    async def _admit_with(
        self,
        store: Store,
        scope: Scope,
        asked: _Asked,
        demands: tuple[Demand, ...],
        quota: Standing | None,
    ) -> None:
        now = time.monotonic()
        standing = self._windows.spent(demands, now)  # who is refused anyhow costs the server none
        if standing is None:
            try:
                standing = await store.take(demands, self._windows, now)
            except StoreAway:
                standing = self._windows.take(demands, now)
        self._settle(scope, asked, quota, standing)

    def _settle(
        self, scope: Scope, asked: _Asked, quota: Standing | None, standing: Standing
    ) -> None:
        if not standing.passed:
            raise self._refuse(scope, standing, asked.policies, TooManyRequests)
        scope[HEADERS] = headers.told(self._counted(asked, quota, standing), asked.policies)

    def _counted(self, asked: _Asked, quota: Standing | None, standing: Standing) -> Standing:
        """Count a request that passed with its client's quotas; give what binds it first."""
        if asked.client:
            self._quotas.count(asked.client, time.time())
        if quota is not None and quota.left < standing.left:
            return quota
        return standing

    def refused(self, scope: Scope, problem: ProblemError) -> ProblemError:
        """Count what the door refuses, for the address alone; beyond its rule, refuse with 429.

        Not what we cannot do now (5xx), nor what was counted before.
        """
        if HEADERS in scope or problem.status >= Unavailable.status:
            return problem
        rule = self._of_refusals
        demand = self._of_address(_peer(scope), scope["headers"], rule)
        standing = self._windows.take([demand], time.monotonic())
        if not standing.passed:
            return self._refuse(scope, standing, rule.policy, TooManyRequests)
        scope[HEADERS] = headers.told(standing, rule.policy)
        return problem

    def _refuse(
        self, scope: Scope, standing: Standing, policies: bytes, kind: type[TooManyRequests]
    ) -> TooManyRequests:
        self._refused[standing.rule.name] += 1
        scope[HEADERS] = headers.told(standing, policies)
        return refusal(kind, standing, max(1, math.ceil(standing.seconds)))

    def _of_address(self, peer: str, sent: headers.Headers, rule: Rule) -> Demand:
        return self._addresses.key(peer, sent, rule.label), rule

    def _prepare(self, caller: Verified, kind: RouteClass) -> _Asked:
        who = caller.principal
        address = self._of_addresses[kind] if not who.client or caller.is_publishable else None
        demands: tuple[Demand, ...] = ()
        quotas: list[Rule] = []
        if who.client:
            plan = self._terms.get(who.client, self._plans[STANDARD])
            quotas = quota_rules(plan)
            demands = self._demands(caller, plan, kind)
        told = [rule for _, rule in demands] + quotas + ([address] if address else [])
        asked = _Asked(who.client, demands, address, quotas, headers.policies(told))
        if len(self._asked) >= _MOST_ASKED:
            self._asked.clear()
        self._asked[(who.client, caller.key_id, who.subject, who.tenant, kind)] = asked
        return asked

    def _demands(self, caller: Verified, plan: Plan, kind: RouteClass) -> tuple[Demand, ...]:
        who = caller.principal
        is_person = who.subject != who.client
        sorts = [("client", who.client, 1.0)]
        if who.tenant:
            sorts.append(("organisation", who.tenant, ORGANISATION_SHARE))
        if caller.key_id:
            sorts.append(("key", caller.key_id, KEY_SHARE))
        if is_person:
            sorts.append(("person", who.subject, KEY_SHARE))
        return tuple(
            (self._key(sort, name, kind), plans.rules(sort, plan.rates, share * self._factor)[kind])
            for sort, name, share in sorts
        )

    def _key(self, sort: str, name: str, kind: str) -> bytes:
        said = f"{sort} {kind} {name}".encode()
        return hashlib.blake2b(said, key=self._secret, digest_size=12).digest()

    async def look(self, connection: Any, since: timedelta) -> None:  # noqa: ANN401  # asyncpg's, which has no types
        """Take in the terms that changed since then, and what was used at any gateway."""
        changed = await connection.fetch(queries.TERMS, since)
        for row in changed:
            plan = self._plans.get(row["plan"], self._plans[STANDARD])
            own = {
                "per_day": row["quota_per_day"] or plan.per_day,
                "per_month": row["quota_per_month"] or plan.per_month,
            }
            self._terms[row["client_id"]] = plan.model_copy(update=own)
        if changed:
            self._asked.clear()
        await self._quotas.send(connection)
        await self._quotas.look(connection, since, time.time())

    def measure(self, exporters: Exporters) -> None:
        """Have what was refused exported, by policy, and how often the shared server failed."""
        exporters.counter(
            "vigie.limits.refused",
            "Requests refused with 429",
            lambda: [
                (count, {"vigie.limits.policy": name}) for name, count in [*self._refused.items()]
            ],
        )
        exporters.counter(
            "vigie.limits.store.failures",
            "Times that the shared counters could not be asked",
            lambda: [(self._store.failures, {})] if self._store else [],
        )

    async def close(self, writes: WritePool) -> None:
        """Write what clients have used since the last look, and leave the shared server."""
        try:
            if self._quotas.is_unsent:
                async with writes.transaction("use of clients") as connection:
                    await self._quotas.send(connection)
        except (OSError, TimeoutError, *ReadPool.errors):
            _log.warning("use of clients not written")
        if self._store is not None:
            await self._store.close()


def _peer(scope: Scope) -> str:
    client = scope.get("client")
    return client[0] if client else ""


async def forget(session: AsyncSession, now: datetime) -> None:
    """Forget what was used more than thirteen months ago."""
    connection = await session.connection()
    await connection.exec_driver_sql(queries.FORGET, (now,))
