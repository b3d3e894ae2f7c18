"""What publication would say now, and what in the catalogue the proposal looks like."""

import uuid
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from platformkit.auth import Principal
from platformkit.db import driver
from training.certifications.schemas import Label
from training.duplicates.queries import MOST, SIMILAR, SIMILAR_PROPOSED
from training.offers import lheo
from training.proposals import access, gate, queries
from training.proposals.schemas import AlikeRead, CheckRead, ChecksRead


async def check(session: AsyncSession, caller: Principal, proposal: uuid.UUID) -> ChecksRead:
    """Judge a proposal as its publication would, whatever its state."""
    found = await access.one(session, caller, proposal)
    raw = await driver(session)
    examined = await gate.examine(raw, found, datetime.now(UTC))
    similar = _formations if found.kind == "offer" else _certifications
    return ChecksRead(
        publishable=not examined.faults,
        faults=[
            CheckRead(pointer=one.pointer, code=one.code, label=Label.of(one.detail))
            for one in examined.faults
        ],
        alike=await similar(raw, examined.document) if examined.document.get("title") else [],
    )


async def _formations(raw: Any, document: dict[str, Any]) -> list[AlikeRead]:  # noqa: ANN401  # asyncpg's, which has no types
    """Find formations of the same company for the same certifications, as `duplicates` does."""
    siret = (document.get("provider") or {}).get("siret")
    if siret is None:
        return []
    itself = lheo.identity(siret, document["number"])
    codes = gate.certifications(document)
    rows = await raw.fetch(SIMILAR_PROPOSED, itself, document["title"], siret, codes)
    return [
        AlikeRead(
            entity="formation",
            id=str(row["id"]),
            title=row["title"],
            holder=row["siret"],
            similarity=row["similarity"],
        )
        for row in rows
    ]


async def _certifications(raw: Any, document: dict[str, Any]) -> list[AlikeRead]:  # noqa: ANN401  # likewise
    rows = await raw.fetch(queries.ALIKE, document["title"], SIMILAR, MOST)
    return [AlikeRead(entity="certification", holder=None, **row) for row in rows]
