"""HTTP of reviews: the steps of a diagnostic, and the comments to resolve on the way."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Response

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


@dataclass(frozen=True, slots=True)
class Step:
    """What a step needs of its request: what it depends on, and where to answer."""

    session: Session
    reads: Reads
    response: Response
    if_match: str | None

    async def take(
        self, caller: Principal, assessment_id: UUID, verb: Verb, reason: Reason | None = None
    ) -> AssessmentRead:
        """Take it, and tag the answer with what the diagnostic has become."""
        found = await reviews.step(
            self.session,
            self.reads,
            caller,
            assessment_id,
            verb,
            reason=reason.reason if reason else None,
            if_match=self.if_match,
        )
        self.response.headers["etag"] = rendering.tag(found)
        return found


async def _step(session: Session, reads: Reads, response: Response, if_match: Seen = None) -> Step:
    return Step(session, reads, response, if_match)


Asked = Annotated[Step, Depends(_step)]

_REFUSED = (AssessmentUnknown, StepRefused, PreconditionFailed)


@router.post("/assessments/{assessment_id}/start-review", responses=problems(*_REFUSED))
async def start_review(assessment_id: UUID, step: Asked, caller: Facilitator) -> AssessmentRead:
    """Begin to review a submitted diagnostic."""
    return await step.take(caller, assessment_id, Verb.START_REVIEW)


@router.post("/assessments/{assessment_id}/request-changes", responses=problems(*_REFUSED))
async def request_changes(
    assessment_id: UUID, step: Asked, caller: Facilitator, body: Reason
) -> AssessmentRead:
    """Give a diagnostic back to the company: its next revision opens, the frozen score stays."""
    return await step.take(caller, assessment_id, Verb.REQUEST_CHANGES, body)


@router.post("/assessments/{assessment_id}/validate", responses=problems(*_REFUSED, CommentsOpen))
async def validate_assessment(
    assessment_id: UUID, step: Asked, caller: Facilitator
) -> AssessmentRead:
    """Accept a reviewed diagnostic; refused while a comment is open, each named."""
    return await step.take(caller, assessment_id, Verb.VALIDATE)


@router.post("/assessments/{assessment_id}/deliver", responses=problems(*_REFUSED))
async def deliver_assessment(
    assessment_id: UUID, step: Asked, caller: Facilitator
) -> AssessmentRead:
    """Note that a validated diagnostic was handed back to the company (restitution)."""
    return await step.take(caller, assessment_id, Verb.DELIVER)


@router.post("/assessments/{assessment_id}/amend", responses=problems(*_REFUSED))
async def amend_assessment(
    assessment_id: UUID, step: Asked, caller: Writer, body: Reason
) -> AssessmentRead:
    """Open the next revision of a submitted diagnostic; the frozen score stays readable."""
    return await step.take(caller, assessment_id, Verb.AMEND, body)


@router.post("/assessments/{assessment_id}/abandon", responses=problems(*_REFUSED))
async def abandon_assessment(
    assessment_id: UUID, step: Asked, caller: Writer, body: Reason
) -> AssessmentRead:
    """Stop a diagnostic for good; it stays readable, counts nowhere, and frees its milestone."""
    return await step.take(caller, assessment_id, Verb.ABANDON, body)


@router.post("/assessments/{assessment_id}/enter-in-error", responses=problems(*_REFUSED))
async def enter_in_error(
    assessment_id: UUID, step: Asked, caller: Facilitator, body: Reason
) -> AssessmentRead:
    """Withdraw a diagnostic that should never have been; it stays readable and counts nowhere."""
    return await step.take(caller, assessment_id, Verb.ENTER_IN_ERROR, body)


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
