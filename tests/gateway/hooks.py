"""Webhooks of the tests: somebody subscribed, something in the log, and a receiver."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID, uuid4

from standardwebhooks import Webhook as ThirdParty

from gateway.settings import Settings
from gateway.webhooks import service
from gateway.webhooks.schemas import NewWebhook
from gateway.webhooks.sealing import Seal
from gateway.webhooks.sending import Attempt
from gateway.webhooks.service import Desk
from gateway.webhooks.work import Claim, Outcome, Work
from platformkit.auth import Principal
from platformkit.db import transaction
from platformkit.reads import WritePool
from tests.gateway.doors import settings_for
from tests.gateway.partners import partner, sql
from tests.gateway.scripted import Received
from tests.harness import Database

FEEDS = frozenset({"training:feed", "observatory:feed", "diagnostic:feed"})
ANY = "training.certification.*"

_ADD = """
INSERT INTO gateway.feed_entry (service, entity, entity_id, kind, version, at)
SELECT $1, $2, $3, $4, version, now() FROM unnest($5::int[]) WITH ORDINALITY x (version, n)
 ORDER BY n
RETURNING position"""


def settings(database: Database, folder: Path, **overrides: Any) -> Settings:
    told = {"database_url": database.dsn("gateway"), "webhooks_local": True, **overrides}
    return settings_for(folder, {}, **told)


def subject() -> str:
    return f"RS{uuid4().hex}"


@dataclass(frozen=True)
class Hooks:
    """The log and the webhooks of one client, and work on them at instants of our choice."""

    database: Database
    settings: Settings
    client_id: str
    work: Work

    @property
    def caller(self) -> Principal:
        return Principal("x", self.client_id, self.client_id, "cci-hdf", scopes=FEEDS)

    async def add(
        self, url: str = "http://localhost:9/", *events: str, after: int | None = None
    ) -> tuple[UUID, str]:
        """Subscribe; give the webhook's id and its secret."""
        async with transaction(self.settings, "gateway") as session:
            desk = Desk(session, self.settings, Seal(self.settings.sealing))
            new = NewWebhook(url=url, events=list(events or (ANY,)), after=after)
            row, secret = await service.add(desk, self.caller, new)
            return row.id, secret

    async def happen(
        self,
        entity_id: str,
        *versions: int,
        entity: str = "certification",
        kind: str = "updated",
        of: str = "training",
    ) -> list[int]:
        """Have the log say that it changed; give the positions."""
        rows = await sql(self.database, _ADD, of, entity, entity_id, kind, list(versions))
        return [row["position"] for row in rows]

    async def turn(
        self, webhook: UUID, *outcomes: Outcome, now: datetime | None = None
    ) -> Sequence[Claim]:
        turn = await self.work.turn(webhook, outcomes, now or datetime.now(UTC))
        assert turn is not None
        return turn.claims

    async def row(self, webhook: UUID) -> dict[str, Any]:
        (found,) = await sql(self.database, "SELECT * FROM gateway.webhook WHERE id = $1", webhook)
        return dict(found)

    async def states(self, webhook: UUID) -> list[str]:
        rows = await sql(
            self.database,
            "SELECT state FROM gateway.webhook_delivery WHERE webhook_id = $1 ORDER BY id",
            webhook,
        )
        return [row["state"] for row in rows]

    async def end(self) -> None:
        """Leave no webhook behind that another gateway of this run might work on."""
        await sql(self.database, "DELETE FROM gateway.webhook WHERE client_id = $1", self.client_id)


@asynccontextmanager
async def hooks(database: Database, folder: Path, **overrides: Any) -> AsyncIterator[Hooks]:
    told = settings(database, folder, **overrides)
    pool = WritePool(told, "gateway")
    client = await partner(told, *FEEDS, "gateway:webhooks")
    dice = Random(1)  # noqa: S311  # repeatable, not secret
    work = Work(pool, Seal(told.sealing), "https://vigie.example", dice=dice)
    made = Hooks(database, told, client.client_id, work)
    try:
        yield made
    finally:
        await made.end()
        await pool.close()


def came(claim: Claim, status: int | None, **told: Any) -> Outcome:
    """Say that this came of a claim: a status, or None for no answer in time."""
    failure = "timeout" if status is None else None
    return Outcome(claim, Attempt(datetime.now(UTC), 3, status, failure, **told))


def later(**ago: float) -> datetime:
    return datetime.now(UTC) + timedelta(**ago)


def verified(secret: str, received: Received) -> dict[str, Any]:
    """Have the library of Standard Webhooks verify what a receiver got; give the event."""
    headers = {name: value for name, value in received.headers if name.startswith("webhook-")}
    event: dict[str, Any] = ThirdParty(secret).verify(received.body, headers)
    return event
