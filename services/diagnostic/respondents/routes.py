"""HTTP of respondents, under the diagnostic that they answer."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from diagnostic.assessments.answering import AnswerRefused, QuestionUnknown
from diagnostic.assessments.schemas import AnswerRead, AnswerWrite
from diagnostic.assessments.service import AssessmentClosed, AssessmentUnknown
from diagnostic.paths import Code
from diagnostic.respondents import answering
from diagnostic.respondents import service as respondents
from diagnostic.respondents.answering import QuestionNotAssigned, RespondentDone
from diagnostic.respondents.schemas import (
    RespondentAnswers,
    RespondentInvite,
    RespondentRead,
    RespondentUpdate,
)
from diagnostic.respondents.service import (
    RespondentErased,
    RespondentExists,
    RespondentsFull,
    RespondentUnknown,
)
from platformkit import etags
from platformkit.auth import Principal, needs
from platformkit.db import Session
from platformkit.errors import Invalid, PreconditionFailed, PreconditionRequired, problems
from platformkit.idempotency import IdempotentRoute
from platformkit.pagination import Page, Paging, page
from platformkit.reads import Reads

router = APIRouter(
    prefix="/v1/assessments/{assessment_id}/respondents",
    tags=["respondents"],
    route_class=IdempotentRoute,
)

Reader = Annotated[Principal, needs("diagnostic:read")]
Writer = Annotated[Principal, needs("diagnostic:write")]


@router.post(
    "",
    status_code=201,
    responses=problems(
        AssessmentUnknown, AssessmentClosed, RespondentExists, RespondentsFull, Invalid
    ),
)
async def invite_respondent(
    assessment_id: UUID,
    body: RespondentInvite,
    session: Session,
    reads: Reads,
    caller: Writer,
    response: Response,
) -> RespondentRead:
    """Invite somebody of the company to answer the diagnostic, or some of its dimensions."""
    created = await respondents.invite(session, reads, caller, assessment_id, body)
    response.headers["location"] = f"/v1/assessments/{assessment_id}/respondents/{created.id}"
    etags.tagged(response, created.version)
    return RespondentRead.model_validate(created)


@router.get("", responses=problems(AssessmentUnknown))
async def list_respondents(
    assessment_id: UUID, session: Session, caller: Reader, paging: Paging
) -> Page[RespondentRead]:
    """List the respondents of a diagnostic of yours, in the order of their invitation."""
    return page(
        paging,
        await respondents.listed(session, caller, assessment_id, paging),
        key=lambda one: [one.created_at.isoformat(), str(one.id)],
        render=RespondentRead.model_validate,
        total=await respondents.counted(session, assessment_id) if paging.count else None,
    )


@router.get("/{respondent_id}", responses=problems(RespondentUnknown))
async def read_respondent(
    assessment_id: UUID, respondent_id: UUID, session: Session, caller: Reader, response: Response
) -> RespondentRead:
    """Read a respondent; the ETag is what a change must send back."""
    found = await respondents.own(session, caller, assessment_id, respondent_id)
    etags.tagged(response, found.version)
    return RespondentRead.model_validate(found)


@router.patch(
    "/{respondent_id}",
    responses=problems(
        AssessmentUnknown,
        RespondentUnknown,
        RespondentErased,
        RespondentExists,
        Invalid,
        PreconditionFailed,
        PreconditionRequired,
    ),
)
async def change_respondent(
    assessment_id: UUID,
    respondent_id: UUID,
    body: RespondentUpdate,
    if_match: etags.IfMatch,
    session: Session,
    reads: Reads,
    caller: Writer,
    response: Response,
) -> RespondentRead:
    """Change some fields of a respondent, in any state of the diagnostic: it must be right."""
    found = await respondents.change(
        session, reads, caller, assessment_id, respondent_id, if_match, body
    )
    etags.tagged(response, found.version)
    return RespondentRead.model_validate(found)


@router.get("/{respondent_id}/answers", responses=problems(RespondentUnknown))
async def read_respondent_answers(
    assessment_id: UUID, respondent_id: UUID, reads: Reads, caller: Reader
) -> RespondentAnswers:
    """Read what a respondent is asked and has answered, each with the tag that its next sends."""
    return await answering.read(reads, caller, assessment_id, respondent_id)


@router.put(
    "/{respondent_id}/answers/{question}",
    responses=problems(
        RespondentUnknown,
        QuestionUnknown,
        AssessmentClosed,
        RespondentErased,
        RespondentDone,
        QuestionNotAssigned,
        AnswerRefused,
        PreconditionFailed,
        PreconditionRequired,
    ),
)
async def put_respondent_answer(
    assessment_id: UUID,
    respondent_id: UUID,
    question: Code,
    body: AnswerWrite,
    if_match: etags.IfMatch,
    session: Session,
    reads: Reads,
    caller: Writer,
    response: Response,
) -> AnswerRead:
    """Save what one respondent answers; the diagnostic's own answer changes by consolidation."""
    saved = await answering.answer(
        session, reads, caller, assessment_id, respondent_id, question, if_match, body
    )
    etags.tagged(response, saved.version)
    return saved


@router.post("/{respondent_id}/finish", responses=problems(RespondentUnknown, RespondentErased))
async def finish_respondent(
    assessment_id: UUID, respondent_id: UUID, session: Session, caller: Writer, response: Response
) -> RespondentRead:
    """Note that a respondent has finished; what they left out stays unanswered."""
    found = await answering.finish(session, caller, assessment_id, respondent_id)
    etags.tagged(response, found.version)
    return RespondentRead.model_validate(found)


@router.post("/{respondent_id}/reopen", responses=problems(RespondentUnknown, RespondentErased))
async def reopen_respondent(
    assessment_id: UUID, respondent_id: UUID, session: Session, caller: Writer, response: Response
) -> RespondentRead:
    """Let a respondent who had finished answer again."""
    found = await answering.reopen(session, caller, assessment_id, respondent_id)
    etags.tagged(response, found.version)
    return RespondentRead.model_validate(found)
