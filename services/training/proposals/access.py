"""Who sees and who moves a proposal: its own organisation, or those of others who review."""

import uuid
from typing import Final

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from platformkit import auth
from platformkit.auth import Principal
from training.proposals.models import Proposal, ProposalReviewer
from training.proposals.problems import NotAssigned, NotTheAuthor, ProposalUnknown, SelfReview
from training.proposals.states import Side

READ: Final = "training:read"
WRITE: Final = "training:write"
REVIEW: Final = "training:review"


def own(caller: Principal) -> ColumnElement[bool]:
    """Those of the caller's organisation, drafts and all."""
    return Proposal.tenant == caller.tenant


def to_review(caller: Principal) -> ColumnElement[bool]:
    """Those of others that were submitted, for who may review (acceptance D6)."""
    if REVIEW not in caller.scopes:
        return false()
    return and_(Proposal.tenant != caller.tenant, Proposal.submitted_at.is_not(None))


async def one(
    session: AsyncSession, caller: Principal, proposal: uuid.UUID, *, lock: bool = False
) -> Proposal:
    """Return a proposal that the caller may see; raises ProposalUnknown for all others."""
    wanted = select(Proposal).where(Proposal.id == proposal, or_(own(caller), to_review(caller)))
    found = await session.scalar(wanted.with_for_update() if lock else wanted)
    if found is None:
        raise ProposalUnknown
    return found


def as_author(caller: Principal, proposal: Proposal) -> None:
    """Raise NotTheAuthor for a reviewer, ScopeMissing for who may not write."""
    if proposal.tenant != caller.tenant:
        raise NotTheAuthor
    auth.check(caller, [WRITE])


def not_own(caller: Principal, proposal: Proposal) -> None:
    """Raise SelfReview for the author and all of its organisation (D1), or ScopeMissing."""
    if proposal.tenant == caller.tenant or proposal.author == caller.subject:
        raise SelfReview
    auth.check(caller, [REVIEW])


async def as_reviewer(session: AsyncSession, caller: Principal, proposal: Proposal) -> None:
    """Raise as `not_own` does, or NotAssigned where others were charged with it."""
    not_own(caller, proposal)
    charged = await reviewers(session, proposal.id)
    if charged and (caller.tenant, caller.subject) not in charged:
        raise NotAssigned(reviewers=", ".join(f"{who} ({where})" for where, who in charged))


async def check(session: AsyncSession, caller: Principal, proposal: Proposal, side: Side) -> None:
    """Check that the caller is of the side that moves."""
    if side is Side.AUTHOR:
        as_author(caller, proposal)
    else:
        await as_reviewer(session, caller, proposal)


async def reviewers(session: AsyncSession, proposal: uuid.UUID) -> list[tuple[str, str]]:
    """List who was charged with the review, by organisation; a handful at most."""
    rows = await session.execute(
        select(ProposalReviewer.tenant, ProposalReviewer.reviewer)
        .where(ProposalReviewer.proposal_id == proposal)
        .order_by(ProposalReviewer.tenant, ProposalReviewer.reviewer)
    )
    return [(tenant, reviewer) for tenant, reviewer in rows]
