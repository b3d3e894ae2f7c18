"""HTTP of reviews: the steps of a diagnostic, and the comments to resolve on the way."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Response

from diagnostic.assessments import rendering
from diagnostic.assessments.lifecycle import Verb
from diagnostic.assessments.schemas import AssessmentRead
from diagnostic.assessments.service import AssessmentClosed, AssessmentUnknown
from diagnostic.assessments.steps import StepRefused
from diagnostic.reviews import comments
from diagnostic.reviews import service as reviews
from diagnostic.reviews.comments import (
    CommentResolved,
    CommentsOpen,
    CommentsTooMany,
    CommentUnknown,
)
from diagnostic.reviews.schemas import CommentRead, CommentWrite, Reason
from platformkit.auth import Principal, needs
from platformkit.db import Session
from platformkit.errors import Invalid, PreconditionFailed, problems
from platformkit.idempotency import IdempotentRoute
from platformkit.pagination import Page, Paging, page
from platformkit.reads import Reads

router = APIRouter(prefix="/v1", tags=["reviews"], route_class=IdempotentRoute)

Reader = Annotated[Principal, needs("diagnostic:read")]
Writer = Annotated[Principal, needs("diagnostic:write")]
Facilitator = Annotated[Principal, needs("diagnostic:facilitate")]
Seen = Annotated[
    str | None,
    Header(description="ETag of GET …/assessments/{id}: take the step only from what was read"),
]


@router.post(
    "/assessments/{assessment_id}/start-review",
    responses=problems(AssessmentUnknown, StepRefused, PreconditionFailed),
)
async def start_review(
    assessment_id: UUID,
    session: Session,
    reads: Reads,
    caller: Facilitator,
    response: Response,
    if_match: Seen = None,
) -> AssessmentRead:
    """Begin to review a submitted diagnostic."""
    found = await reviews.step(
        session,
        reads,
        caller,
        assessment_id,
        Verb.START_REVIEW,
        if_match=if_match,
    )
    response.headers["etag"] = rendering.tag(found)
    return found


@router.post(
    "/assessments/{assessment_id}/request-changes",
    responses=problems(AssessmentUnknown, StepRefused, PreconditionFailed),
)
async def request_changes(
    assessment_id: UUID,
    body: Reason,
    session: Session,
    reads: Reads,
    caller: Facilitator,
    response: Response,
    if_match: Seen = None,
) -> AssessmentRead:
    """Give a diagnostic back to the company: its next revision opens, the frozen score stays."""
    found = await reviews.step(
        session,
        reads,
        caller,
        assessment_id,
        Verb.REQUEST_CHANGES,
        reason=body.reason,
        if_match=if_match,
    )
    response.headers["etag"] = rendering.tag(found)
    return found


@router.post(
    "/assessments/{assessment_id}/validate",
    responses=problems(AssessmentUnknown, StepRefused, PreconditionFailed, CommentsOpen),
)
async def validate_assessment(
    assessment_id: UUID,
    session: Session,
    reads: Reads,
    caller: Facilitator,
    response: Response,
    if_match: Seen = None,
) -> AssessmentRead:
    """Accept a reviewed diagnostic; refused while a comment is open, each named."""
    found = await reviews.step(
        session,
        reads,
        caller,
        assessment_id,
        Verb.VALIDATE,
        if_match=if_match,
    )
    response.headers["etag"] = rendering.tag(found)
    return found


@router.post(
    "/assessments/{assessment_id}/deliver",
    responses=problems(AssessmentUnknown, StepRefused, PreconditionFailed),
)
async def deliver_assessment(
    assessment_id: UUID,
    session: Session,
    reads: Reads,
    caller: Facilitator,
    response: Response,
    if_match: Seen = None,
) -> AssessmentRead:
    """Note that a validated diagnostic was handed back to the company (restitution)."""
    found = await reviews.step(
        session,
        reads,
        caller,
        assessment_id,
        Verb.DELIVER,
        if_match=if_match,
    )
    response.headers["etag"] = rendering.tag(found)
    return found


@router.post(
    "/assessments/{assessment_id}/amend",
    responses=problems(AssessmentUnknown, StepRefused, PreconditionFailed),
)
async def amend_assessment(
    assessment_id: UUID,
    body: Reason,
    session: Session,
    reads: Reads,
    caller: Writer,
    response: Response,
    if_match: Seen = None,
) -> AssessmentRead:
    """Open the next revision of a submitted diagnostic; the frozen score stays readable."""
    found = await reviews.step(
        session,
        reads,
        caller,
        assessment_id,
        Verb.AMEND,
        reason=body.reason,
        if_match=if_match,
    )
    response.headers["etag"] = rendering.tag(found)
    return found


@router.post(
    "/assessments/{assessment_id}/abandon",
    responses=problems(AssessmentUnknown, StepRefused, PreconditionFailed),
)
async def abandon_assessment(
    assessment_id: UUID,
    body: Reason,
    session: Session,
    reads: Reads,
    caller: Writer,
    response: Response,
    if_match: Seen = None,
) -> AssessmentRead:
    """Stop a diagnostic for good; it stays readable, counts nowhere, and frees its milestone."""
    found = await reviews.step(
        session,
        reads,
        caller,
        assessment_id,
        Verb.ABANDON,
        reason=body.reason,
        if_match=if_match,
    )
    response.headers["etag"] = rendering.tag(found)
    return found


@router.post(
    "/assessments/{assessment_id}/enter-in-error",
    responses=problems(AssessmentUnknown, StepRefused, PreconditionFailed),
)
async def enter_in_error(
    assessment_id: UUID,
    body: Reason,
    session: Session,
    reads: Reads,
    caller: Facilitator,
    response: Response,
    if_match: Seen = None,
) -> AssessmentRead:
    """Withdraw a diagnostic that should never have been; it stays readable and counts nowhere."""
    found = await reviews.step(
        session,
        reads,
        caller,
        assessment_id,
        Verb.ENTER_IN_ERROR,
        reason=body.reason,
        if_match=if_match,
    )
    response.headers["etag"] = rendering.tag(found)
    return found


@router.post(
    "/assessments/{assessment_id}/comments",
    status_code=201,
    responses=problems(AssessmentUnknown, AssessmentClosed, CommentsTooMany, Invalid),
)
async def add_comment(
    assessment_id: UUID, body: CommentWrite, session: Session, reads: Reads, caller: Writer
) -> CommentRead:
    """Remark on a question, a dimension or the whole; it is open until somebody resolves it."""
    return CommentRead.model_validate(
        await comments.add(session, reads, caller, assessment_id, body)
    )


@router.get("/assessments/{assessment_id}/comments", responses=problems(AssessmentUnknown))
async def list_comments(
    assessment_id: UUID,
    session: Session,
    caller: Reader,
    paging: Paging,
    *,
    resolved: bool | None = None,
) -> Page[CommentRead]:
    """List the comments on a diagnostic, oldest first."""
    return page(
        paging,
        await comments.listed(session, caller, assessment_id, paging, resolved=resolved),
        key=lambda one: [one.created_at.isoformat(), str(one.id)],
        render=CommentRead.model_validate,
        total=await comments.counted(session, assessment_id, resolved=resolved)
        if paging.count
        else None,
    )


@router.post("/comments/{comment_id}/resolve", responses=problems(CommentUnknown, CommentResolved))
async def resolve_comment(comment_id: UUID, session: Session, caller: Writer) -> CommentRead:
    """Say that a comment is dealt with."""
    return CommentRead.model_validate(
        await comments.resolve(session, caller, comment_id, datetime.now(UTC))
    )
