"""Who is charged with a review, and what each reviewer thinks."""

import uuid
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from platformkit.auth import Principal
from platformkit.db import driver
from platformkit.pagination import PageRequest
from training.audit import service as audit
from training.audit.schemas import Action
from training.proposals import access, lists
from training.proposals.models import Proposal, ProposalOpinion, ProposalReviewer
from training.proposals.problems import (
    NotUnderReview,
    OpinionGiven,
    ReviewersTooMany,
    ReviewOver,
    SelfReview,
)
from training.proposals.schemas import OpinionGive, ReviewerAssign
from training.proposals.states import OVER, State
from training.proposals.wording import STATES

MOST_REVIEWERS = 20


async def assign(
    session: AsyncSession, caller: Principal, proposal: uuid.UUID, body: ReviewerAssign
) -> ProposalReviewer:
    """Charge somebody of another organisation than the author's; twice is once."""
    found = await _reviewed(session, caller, proposal)
    if body.organisation == found.tenant or body.reviewer == found.author:
        raise SelfReview
    key = (found.id, body.organisation, body.reviewer)
    known = await session.get(ProposalReviewer, key)
    if known is not None:
        return known
    if len(await access.reviewers(session, found.id)) >= MOST_REVIEWERS:
        raise ReviewersTooMany(most=MOST_REVIEWERS)
    made = ProposalReviewer(
        proposal_id=found.id,
        tenant=body.organisation,
        reviewer=body.reviewer,
        assigned_by=caller.subject,
    )
    session.add(made)
    await session.flush()
    await session.refresh(made)
    await _record(session, caller, "assign_reviewer", found.id, body.organisation)
    return made


async def release(
    session: AsyncSession, caller: Principal, proposal: uuid.UUID, body: ReviewerAssign
) -> None:
    """Take the charge back; who was not charged stays so."""
    found = await _reviewed(session, caller, proposal)
    known = await session.get(ProposalReviewer, (found.id, body.organisation, body.reviewer))
    if known is not None:
        await session.delete(known)
        await session.flush()
        await _record(session, caller, "release_reviewer", found.id, body.organisation)


async def _reviewed(session: AsyncSession, caller: Principal, proposal: uuid.UUID) -> Proposal:
    """Lock a proposal whose review is not over, for somebody who may review it."""
    found = await access.one(session, caller, proposal, lock=True)
    access.not_own(caller, found)
    if found.state in OVER:
        raise ReviewOver(state=STATES[State(found.state)]())
    return found


async def opine(
    session: AsyncSession, caller: Principal, proposal: uuid.UUID, body: OpinionGive
) -> ProposalOpinion:
    """Give one's opinion, once in each round of the review."""
    found = await access.one(session, caller, proposal, lock=True)
    await access.as_reviewer(session, caller, found)
    if found.state != State.UNDER_REVIEW:
        raise NotUnderReview(state=STATES[State(found.state)]())
    whose = (
        ProposalOpinion.proposal_id == found.id,
        ProposalOpinion.round == found.round,
        ProposalOpinion.tenant == caller.tenant,
        ProposalOpinion.reviewer == caller.subject,
    )
    if await session.scalar(select(func.count()).where(*whose)):
        raise OpinionGiven
    made = ProposalOpinion(
        proposal_id=found.id,
        round=found.round,
        tenant=caller.tenant,
        reviewer=caller.subject,
        opinion=body.opinion,
        reason=body.reason,
    )
    session.add(made)
    await session.flush()
    await session.refresh(made)
    await _record(session, caller, "give_opinion", found.id, body.opinion)
    return made


async def opinions(
    session: AsyncSession, caller: Principal, proposal: uuid.UUID, paging: PageRequest
) -> tuple[Sequence[ProposalOpinion], int | None]:
    """Return the opinions of all rounds on a proposal that the caller may see."""
    await access.one(session, caller, proposal)
    return await lists.listed(session, ProposalOpinion, proposal, paging)


async def _record(
    session: AsyncSession,
    caller: Principal,
    action: Action,
    proposal: uuid.UUID,
    detail: str,
) -> None:
    await audit.record(await driver(session), caller, action, "proposal", str(proposal), detail)
