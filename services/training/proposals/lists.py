"""Pages of what belongs to one proposal, the first first."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from platformkit.pagination import PageRequest
from training.proposals.models import (
    ProposalAttachment,
    ProposalOpinion,
    ProposalPreview,
    ProposalStep,
)

Part = TypeVar("Part", ProposalAttachment, ProposalOpinion, ProposalPreview, ProposalStep)


def dated(after: Sequence[str]) -> tuple[datetime, uuid.UUID]:
    """Read the key of a list that goes by time and id."""
    at, last = after
    return datetime.fromisoformat(at), uuid.UUID(last)


async def listed(
    session: AsyncSession,
    of: type[Part],
    proposal: uuid.UUID,
    paging: PageRequest,
    at: InstrumentedAttribute[datetime] | None = None,
) -> tuple[Sequence[Part], int | None]:
    """Return one row more than the page holds, and the whole count; by time and id, or by id."""
    wanted: list[ColumnElement[bool]] = [of.proposal_id == proposal]
    total = await session.scalar(select(func.count()).where(*wanted)) if paging.count else None
    key: Any = of.id if at is None else tuple_(at, of.id)
    if paging.after is not None:
        wanted.append(key > (paging.after[0] if at is None else dated(paging.after)))
    order = (of.id,) if at is None else (at, of.id)
    found = await session.scalars(
        select(of).where(*wanted).order_by(*order).limit(paging.limit + 1)
    )
    return found.all(), total
