"""Links that show a proposal before it is published: signed, expiring, revocable (S12).

A token names its link and the end of it, under our seal: what is altered or over is refused before
anything is looked up, and no secret lies in the database.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from platformkit import pagination
from platformkit.auth import Principal
from platformkit.db import driver
from platformkit.pagination import CursorRefused, PageRequest
from training.audit import service as audit
from training.proposals import access, lists
from training.proposals.models import Proposal, ProposalPreview
from training.proposals.problems import NotEditable, PreviewsTooMany, PreviewUnknown
from training.proposals.schemas import PreviewCreate
from training.proposals.states import OVER, State
from training.proposals.wording import STATES

MOST: Final = 20
"""Of one proposal, in use."""

UNSEEN: Final = {
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-robots-tag": "noindex, nofollow, noarchive",
}
"""The address is the secret: no copy, no trace of it on the next site, no search engine."""


def token(secret: str, link: ProposalPreview) -> str:
    """Seal a link."""
    return pagination.sign(f"{secret}preview", [str(link.id), int(link.expires_at.timestamp())])


async def share(
    session: AsyncSession,
    caller: Principal,
    proposal: uuid.UUID,
    body: PreviewCreate,
    now: datetime,
) -> ProposalPreview:
    """Make a link to a proposal of one's own that is not over."""
    found = await _own(session, caller, proposal)
    if found.state in OVER:
        raise NotEditable(state=STATES[State(found.state)]())
    in_use = select(func.count()).where(
        ProposalPreview.proposal_id == found.id,
        ProposalPreview.revoked_at.is_(None),
        ProposalPreview.expires_at > now,
    )
    if (await session.scalar(in_use) or 0) >= MOST:
        raise PreviewsTooMany(most=MOST)
    made = ProposalPreview(
        proposal_id=found.id,
        note=body.note,
        created_by=caller.subject,
        created_at=now,
        expires_at=(now + timedelta(days=body.days)).replace(microsecond=0),
    )
    session.add(made)
    await session.flush()
    await session.refresh(made)
    await audit.record(
        await driver(session), caller, "share_preview", "proposal", str(found.id), str(made.id)
    )
    return made


async def revoke(
    session: AsyncSession,
    caller: Principal,
    proposal: uuid.UUID,
    preview: uuid.UUID,
    now: datetime,
) -> ProposalPreview:
    """End a link at once; one that was revoked stays as it is."""
    found = await _own(session, caller, proposal)
    link = await session.scalar(
        select(ProposalPreview).where(
            ProposalPreview.id == preview, ProposalPreview.proposal_id == found.id
        )
    )
    if link is None:
        raise PreviewUnknown
    if link.revoked_at is None:
        link.revoked_at = now
        await session.flush()
        await audit.record(
            await driver(session), caller, "revoke_preview", "proposal", str(found.id), str(link.id)
        )
    return link


async def _own(session: AsyncSession, caller: Principal, proposal: uuid.UUID) -> Proposal:
    found = await access.one(session, caller, proposal, lock=True)
    access.as_author(caller, found)
    return found


async def listed(
    session: AsyncSession, caller: Principal, proposal: uuid.UUID, paging: PageRequest
) -> tuple[Sequence[ProposalPreview], int | None]:
    """Return the links to a proposal of one's own."""
    access.as_author(caller, await access.one(session, caller, proposal))
    created_at = ProposalPreview.created_at
    return await lists.listed(session, ProposalPreview, proposal, paging, created_at)


async def opened(
    session: AsyncSession, secret: str, sealed: str, now: datetime
) -> tuple[Proposal, ProposalPreview]:
    """Return what a token shows now; raises PreviewUnknown, whatever is wrong with it."""
    unknown = PreviewUnknown(headers=UNSEEN)
    try:
        link, ends = pagination.unsign(f"{secret}preview", sealed)
    except CursorRefused:
        raise unknown from None
    if ends <= now.timestamp():
        raise unknown
    found = (
        await session.execute(
            select(Proposal, ProposalPreview)
            .join(ProposalPreview, ProposalPreview.proposal_id == Proposal.id)
            .where(
                ProposalPreview.id == uuid.UUID(link),
                ProposalPreview.revoked_at.is_(None),
                Proposal.state.not_in(OVER),
            )
        )
    ).one_or_none()
    if found is None:
        raise unknown
    return found[0], found[1]
