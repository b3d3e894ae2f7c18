"""HTTP of the review: who is charged with it, opinions, and what would keep it from publication."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from platformkit.auth import Principal, needs
from platformkit.db import Session
from platformkit.errors import problems
from platformkit.idempotency import IdempotentRoute
from platformkit.pagination import CursorRefused, Page, Paging, page
from training.proposals import access, checking, reviewing
from training.proposals.models import ProposalReviewer
from training.proposals.problems import (
    NotAssigned,
    NotUnderReview,
    OpinionGiven,
    ProposalUnknown,
    ReviewersTooMany,
    ReviewOver,
    SelfReview,
)
from training.proposals.schemas import (
    ChecksRead,
    OpinionGive,
    OpinionRead,
    ReviewerAssign,
    ReviewerRead,
)

router = APIRouter(
    prefix="/v1/proposals/{proposal_id}", tags=["proposals"], route_class=IdempotentRoute
)

Reader = Annotated[Principal, needs(access.READ)]
Reviewer = Annotated[Principal, needs(access.REVIEW)]


@router.post(
    "/reviewers",
    status_code=201,
    responses=problems(ProposalUnknown, SelfReview, ReviewOver, ReviewersTooMany),
)
async def assign_proposal_reviewer(
    session: Session, caller: Reviewer, proposal_id: UUID, body: ReviewerAssign
) -> ReviewerRead:
    """Charge somebody with the review: from then on nobody else reviews this proposal."""
    return _reviewer(await reviewing.assign(session, caller, proposal_id, body))


@router.post(
    "/reviewers/release",
    status_code=204,
    responses=problems(ProposalUnknown, SelfReview, ReviewOver),
)
async def release_proposal_reviewer(
    session: Session, caller: Reviewer, proposal_id: UUID, body: ReviewerAssign
) -> None:
    """Take the charge back."""
    await reviewing.release(session, caller, proposal_id, body)


@router.post(
    "/opinions",
    status_code=201,
    responses=problems(ProposalUnknown, SelfReview, NotAssigned, NotUnderReview, OpinionGiven),
)
async def give_opinion(
    session: Session, caller: Reviewer, proposal_id: UUID, body: OpinionGive
) -> OpinionRead:
    """Give your own opinion during the review; that of all is a transition."""
    return OpinionRead.model_validate(await reviewing.opine(session, caller, proposal_id, body))


@router.get("/opinions", responses=problems(ProposalUnknown, CursorRefused))
async def list_proposal_opinions(
    session: Session, caller: Reader, proposal_id: UUID, paging: Paging
) -> Page[OpinionRead]:
    """List the opinions of all rounds, the first first."""
    found, total = await reviewing.opinions(session, caller, proposal_id, paging)
    return page(paging, found, lambda one: [one.id], OpinionRead.model_validate, total)


@router.get("/checks", responses=problems(ProposalUnknown))
async def check_proposal(session: Session, caller: Reader, proposal_id: UUID) -> ChecksRead:
    """Say all that would keep it from publication now, and what in the catalogue looks like it."""
    return await checking.check(session, caller, proposal_id)


def _reviewer(one: ProposalReviewer) -> ReviewerRead:
    return ReviewerRead(organisation=one.tenant, reviewer=one.reviewer, assigned_at=one.assigned_at)
