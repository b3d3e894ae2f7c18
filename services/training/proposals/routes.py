"""HTTP of the proposals: what their authors do, and what both sides read."""

from datetime import UTC, datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from platformkit import etags
from platformkit.auth import Principal, needs
from platformkit.db import Session
from platformkit.errors import PreconditionFailed, PreconditionRequired, problems
from platformkit.etags import IfMatch
from platformkit.idempotency import IdempotentRoute
from platformkit.pagination import CursorRefused, Page, Paging, page
from training.entering.service import CatalogueBusy
from training.proposals import access, transitions
from training.proposals import service as proposals
from training.proposals.models import Proposal
from training.proposals.problems import (
    FieldsNotAsked,
    FieldsRefused,
    NotAssigned,
    NotEditable,
    NotTheAuthor,
    PayloadInvalid,
    ProposalUnknown,
    PublicationBlocked,
    ReasonMissing,
    SelfReview,
    TransitionForbidden,
)
from training.proposals.schemas import (
    Kind,
    ProposalCreate,
    ProposalRead,
    ProposalSummary,
    ProposalUpdate,
    StepRead,
    TransitionAsked,
)
from training.proposals.states import State

router = APIRouter(prefix="/v1/proposals", tags=["proposals"], route_class=IdempotentRoute)

Reader = Annotated[Principal, needs(access.READ)]
Writer = Annotated[Principal, needs(access.WRITE)]
_CHANGES = (ProposalUnknown, PreconditionFailed, PreconditionRequired)


def days(request: Request) -> int:
    """Return how long a review may take."""
    given: int = request.app.state.settings.proposal_review_days
    return given


async def tagged(
    request: Request, response: Response, session: Session, caller: Principal, found: Proposal
) -> ProposalRead:
    """Show a proposal with the tag of its version."""
    etags.tagged(response, found.version)
    return await proposals.whole(session, caller, found, days(request))


@router.post("", status_code=201, responses=problems(PayloadInvalid))
async def propose(
    request: Request, session: Session, caller: Writer, body: ProposalCreate, response: Response
) -> ProposalRead:
    """Begin a draft; it may be incomplete, and nobody of another organisation sees it."""
    made = await proposals.propose(session, caller, body.kind, body.payload)
    response.headers["location"] = f"/v1/proposals/{made.id}"
    return await tagged(request, response, session, caller, made)


@router.get("", responses=problems(CursorRefused))
async def list_proposals(
    request: Request,
    session: Session,
    caller: Reader,
    paging: Paging,
    view: Annotated[
        Literal["own", "to_review"],
        Query(description="of your organisation, or submitted by others (`training:review`)"),
    ] = "own",
    state: Annotated[list[State] | None, Query(max_length=len(State))] = None,
    kind: Annotated[Kind | None, Query()] = None,
) -> Page[ProposalSummary]:
    """List proposals, the last changed first."""
    found, total = await proposals.listed(
        session, caller, paging, is_own=view == "own", states=state or (), kind=kind
    )
    now = datetime.now(UTC)
    return page(
        paging,
        found,
        key=lambda one: [one.updated_at.isoformat(), str(one.id)],
        render=lambda one: proposals.summary(one, days(request), now),
        total=total,
    )


@router.get("/{proposal_id}", responses=problems(ProposalUnknown))
async def read_proposal(
    request: Request, session: Session, caller: Reader, proposal_id: UUID, response: Response
) -> ProposalRead:
    """Read a proposal, and what you may do with it now."""
    found = await access.one(session, caller, proposal_id)
    return await tagged(request, response, session, caller, found)


@router.put(
    "/{proposal_id}",
    responses=problems(*_CHANGES, NotTheAuthor, NotEditable, FieldsNotAsked, PayloadInvalid),
)
async def rewrite_proposal(
    request: Request,
    session: Session,
    caller: Writer,
    proposal_id: UUID,
    body: ProposalUpdate,
    if_match: IfMatch,
    response: Response,
) -> ProposalRead:
    """Replace the payload of a draft; of a complement, the fields asked for and no others."""
    found = await proposals.rewrite(session, caller, proposal_id, body.payload, if_match)
    return await tagged(request, response, session, caller, found)


@router.post(
    "/{proposal_id}/transitions",
    responses=problems(
        *_CHANGES,
        TransitionForbidden,
        SelfReview,
        NotTheAuthor,
        NotAssigned,
        ReasonMissing,
        FieldsRefused,
        PublicationBlocked,
        CatalogueBusy,
    ),
)
async def move_proposal(
    request: Request,
    session: Session,
    caller: Reader,
    proposal_id: UUID,
    body: TransitionAsked,
    if_match: IfMatch,
    response: Response,
) -> ProposalRead:
    """Submit, review, decide, publish or withdraw: `allowed` of the proposal says what may be.

    Its author needs `training:write` for it, a reviewer `training:review`. What is published is in
    the catalogue, the search, the feed and the exports with this answer.
    """
    found = await transitions.move(session, caller, proposal_id, body, if_match)
    return await tagged(request, response, session, caller, found)


@router.get("/{proposal_id}/transitions", responses=problems(ProposalUnknown, CursorRefused))
async def list_proposal_transitions(
    session: Session, caller: Reader, proposal_id: UUID, paging: Paging
) -> Page[StepRead]:
    """Read what was done with a proposal, by whom, when and why, the first first."""
    found, total = await transitions.steps(session, caller, proposal_id, paging)
    return page(paging, found, lambda one: [one.id], StepRead.model_validate, total)
