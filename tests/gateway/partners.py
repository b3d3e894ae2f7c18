"""A client of its own for each test, and a wait for what gateways learn within seconds."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import asyncpg

from gateway.api_keys import service as keys
from gateway.audit.service import Actor
from gateway.clients import administration
from gateway.clients.administration import NewClient
from gateway.settings import Settings
from platformkit.db import transaction
from tests.harness import Database

OPERATOR = Actor("operator:test")
WITHIN_SECONDS = 5
"""G5."""


class Partner:
    """A registered client, and its keys."""

    def __init__(self, settings: Settings, client_id: str, secret: str) -> None:
        self.settings, self.client_id, self.secret = settings, client_id, secret

    async def key(self, *origins: str, expires_at: datetime | None = None) -> keys.Made:
        async with transaction(self.settings, "gateway") as session:
            return await keys.add(
                session,
                OPERATOR,
                self.client_id,
                self.settings.peppered,
                origins=origins,
                expires_at=expires_at,
            )

    async def revoke(self, key_id: UUID) -> None:
        async with transaction(self.settings, "gateway") as session:
            await keys.revoke(session, OPERATOR, key_id, None)

    async def disable(self) -> None:
        async with transaction(self.settings, "gateway") as session:
            await administration.disable(session, OPERATOR, self.client_id)


SCOPES = ["diagnostic:read", "overviews:read", "gateway:keys"]


async def partner(settings: Settings, *scopes: str, **given: Any) -> Partner:
    client_id = f"partner-{uuid4().hex[:8]}"
    new = NewClient(
        client_id=client_id,
        tenant="cci-hdf",
        name="Chambre de commerce",
        scopes=list(scopes or SCOPES),
        roles=["partner"],
        **given,
    )
    async with transaction(settings, "gateway") as session:
        secret = await administration.create(session, OPERATOR, new, new.scopes, settings.peppered)
    return Partner(settings, client_id, secret or "")


async def until(true: Callable[[], Awaitable[bool]]) -> None:
    """Wait for it no longer than a gateway may take."""
    async with asyncio.timeout(WITHIN_SECONDS):
        while not await true():  # noqa: ASYNC110  # nothing announces it to us
            await asyncio.sleep(0.02)


async def sql(database: Database, statement: str, *arguments: object) -> list[asyncpg.Record]:
    """Run a statement as an administrator."""
    connection = await asyncpg.connect(database.admin_dsn)
    try:
        rows: list[asyncpg.Record] = await connection.fetch(statement, *arguments)
        return rows
    finally:
        await connection.close()
