"""HTTP of submission and scores, under the diagnostic they belong to."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response

from diagnostic.assessments.service import AssessmentClosed, AssessmentUnknown
from diagnostic.scores import service as scores
from diagnostic.scores.schemas import ScoreRead
from diagnostic.scores.service import AnswersMissing
from platformkit import etags
from platformkit.auth import Principal, needs
from platformkit.db import Session
from platformkit.errors import problems
from platformkit.idempotency import IdempotentRoute
from platformkit.reads import Reads

router = APIRouter(prefix="/v1/assessments", tags=["scores"], route_class=IdempotentRoute)

Reader = Annotated[Principal, needs("diagnostic:read")]
Writer = Annotated[Principal, needs("diagnostic:write")]


@router.post(
    "/{assessment_id}/submit",
    responses=problems(AssessmentUnknown, AssessmentClosed, AnswersMissing),
)
async def submit_assessment(
    assessment_id: UUID, session: Session, reads: Reads, caller: Writer, response: Response
) -> ScoreRead:
    """Close the answers and freeze the score; every missing answer is named at once."""
    found = await scores.submit(session, reads, caller, assessment_id, datetime.now(UTC))
    response.headers["location"] = f"/v1/assessments/{assessment_id}/score"
    return found


@router.get(
    "/{assessment_id}/score", response_model=ScoreRead, responses=problems(AssessmentUnknown)
)
async def read_score(
    assessment_id: UUID, request: Request, reads: Reads, caller: Reader
) -> Response:
    """Read the score with its explanation; before the submission, the interval it will lie in."""
    found = await scores.read(reads, caller, assessment_id)
    tag = etags.of_bytes(found.result_hash, found.language, str(found.computed_at))
    headers = {"etag": tag, "cache-control": "private, no-cache"}
    if etags.not_modified(request, tag):
        return Response(status_code=304, headers=headers)
    return Response(found.model_dump_json(), headers=headers, media_type="application/json")
