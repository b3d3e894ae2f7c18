"""HTTP of submission and scores, under the diagnostic they belong to."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response

from diagnostic.assessments.service import AssessmentClosed, AssessmentUnknown
from diagnostic.paths import Revision
from diagnostic.scores import replay
from diagnostic.scores import service as scores
from diagnostic.scores.replay import EngineRetired, ScoreUnknown
from diagnostic.scores.schemas import ReplayRead, ScoreRead
from diagnostic.scores.service import AnswersMissing, RevisionUnknown, Sent
from platformkit import etags
from platformkit.auth import Principal, needs
from platformkit.db import Session
from platformkit.errors import problems
from platformkit.idempotency import IdempotentRoute
from platformkit.reads import Reads

router = APIRouter(prefix="/v1", tags=["scores"], route_class=IdempotentRoute)

Reader = Annotated[Principal, needs("diagnostic:read")]
Writer = Annotated[Principal, needs("diagnostic:write")]


@router.post(
    "/assessments/{assessment_id}/submit",
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
    "/assessments/{assessment_id}/score",
    response_model=ScoreRead,
    responses=problems(AssessmentUnknown),
)
async def read_score(
    assessment_id: UUID, request: Request, reads: Reads, caller: Reader
) -> Response:
    """Read the score of the present revision, or until it is submitted where it will lie."""
    return _answer(request, await scores.read(reads, caller, assessment_id))


async def hot_score(request: Request, assessment_id: str) -> Response | None:
    """Read a score as `read_score` does, without its machinery."""
    try:
        named = UUID(assessment_id)
    except ValueError:
        return None
    if str(named) != assessment_id:
        return None
    return _answer(
        request, await scores.read(request.app.state.reads, request.state.principal, named)
    )


hot_reads = {"/v1/assessments/{assessment_id}/score": hot_score}


@router.get(
    "/assessments/{assessment_id}/revisions/{revision}/score",
    response_model=ScoreRead,
    responses=problems(RevisionUnknown),
)
async def read_revision_score(
    assessment_id: UUID, revision: Revision, request: Request, reads: Reads, caller: Reader
) -> Response:
    """Read the score that a revision froze; those before the present one never change."""
    return _answer(request, await scores.read_revision(reads, caller, assessment_id, revision))


@router.post("/scores/{score_id}/replay", responses=problems(ScoreUnknown, EngineRetired))
async def replay_score(
    score_id: UUID, session: Session, reads: Reads, caller: Reader
) -> ReplayRead:
    """Score the kept answers again, with the grid and the engine of then; the hashes must agree.

    A mismatch is told here, in the audit trail and in the logs: somebody went round the service.
    """
    return await replay.replay(session, reads, caller, score_id)


def _answer(request: Request, sent: Sent) -> Response:
    headers = {
        "etag": sent.tag,
        "cache-control": "private, no-cache",
        "content-language": sent.language,
    }
    if etags.not_modified(request, sent.tag):
        return Response(status_code=304, headers=headers)
    return Response(sent.body, headers=headers, media_type="application/json")
