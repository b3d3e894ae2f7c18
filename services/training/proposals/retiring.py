"""How what was published by a proposal leaves the catalogue: with its tombstone and its reason."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from platformkit import feed
from platformkit.db import driver
from platformkit.paris import day_in_paris
from training.certifications.models import Certification
from training.entering.service import alone, patient
from training.indexing import writing
from training.proposals import queries
from training.proposals.models import Proposal
from training.withdrawals.service import take_out


async def retire(session: AsyncSession, found: Proposal, reason: str, now: datetime) -> None:
    """Take it out, and tell who follows; what replaced it meanwhile stays."""
    raw = await driver(session)
    await alone(raw)
    async with patient(raw):
        if found.kind == "offer":
            await _offer(session, raw, found, reason)
        else:
            wanted = select(Certification).where(Certification.code == found.published_as)
            row = (await session.scalars(wanted.with_for_update())).one()
            if row.withdrawn_on is None:
                await take_out(session, row, reason, day_in_paris(now))
    await feed.publish(
        session,
        entity="proposal",
        entity_id=str(found.id),
        kind="deleted",
        version=2,
        payload={"reason": reason},
    )


async def _offer(session: AsyncSession, raw: Any, found: Proposal, reason: str) -> None:  # noqa: ANN401  # asyncpg's, which has no types
    row = await raw.fetchrow(queries.RETIRE, found.id)
    if row is None:
        return
    await writing.forget_formations(raw, [row["id"]])
    await feed.publish(
        session,
        entity="formation",
        entity_id=str(row["id"]),
        kind="deleted",
        version=row["version"],
        payload={
            "reason": "withdrawn_by_provider",
            "why": reason,
            "withdrawn_at": row["withdrawn_at"].isoformat(),
            "provider": row["provider_siret"],
            "number": row["number"],
        },
    )
