"""HTTP of consolidation, under the diagnostic whose answers it settles."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from diagnostic.assessments.answering import AnswerRefused
from diagnostic.assessments.service import AssessmentClosed, AssessmentUnknown
from diagnostic.consolidations import service as consolidations
from diagnostic.consolidations.schemas import Consolidate, ConsolidationRead
from diagnostic.consolidations.service import NothingProposed
from platformkit import etags
from platformkit.auth import Principal, needs
from platformkit.db import Session
from platformkit.errors import PreconditionFailed, PreconditionRequired, problems
from platformkit.idempotency import IdempotentRoute
from platformkit.reads import Reads

router = APIRouter(
    prefix="/v1/assessments/{assessment_id}", tags=["respondents"], route_class=IdempotentRoute
)

Reader = Annotated[Principal, needs("diagnostic:read")]
Facilitator = Annotated[Principal, needs("diagnostic:facilitate")]


@router.get("/consolidation", responses=problems(AssessmentUnknown))
async def read_consolidation(
    assessment_id: UUID, reads: Reads, caller: Reader, response: Response
) -> ConsolidationRead:
    """Read what the respondents' answers come to: proposals, disagreements, counts but no names."""
    found = await consolidations.read(reads, caller, assessment_id)
    response.headers["etag"] = consolidations.tag(found)
    return found


@router.post(
    "/consolidate",
    responses=problems(
        AssessmentUnknown,
        AssessmentClosed,
        NothingProposed,
        AnswerRefused,
        PreconditionFailed,
        PreconditionRequired,
    ),
)
async def consolidate_answers(
    assessment_id: UUID,
    body: Consolidate,
    if_match: etags.IfMatch,
    session: Session,
    reads: Reads,
    caller: Facilitator,
    response: Response,
) -> ConsolidationRead:
    """Settle the answers to these questions, all or none; If-Match is the consolidation's ETag.

    Only what is settled here, or answered on the diagnostic itself, is ever scored.
    """
    found = await consolidations.consolidate(session, reads, caller, assessment_id, if_match, body)
    response.headers["etag"] = consolidations.tag(found)
    return found
