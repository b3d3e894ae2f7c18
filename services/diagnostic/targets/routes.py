"""HTTP of targets, under the diagnostic they are for."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from diagnostic.assessments.service import AssessmentClosed, AssessmentUnknown
from diagnostic.targets import service as targets
from diagnostic.targets.schemas import TargetsRead, TargetsWrite
from platformkit import etags
from platformkit.auth import Principal, needs
from platformkit.db import Session
from platformkit.errors import Invalid, PreconditionFailed, PreconditionRequired, problems
from platformkit.reads import Reads

router = APIRouter(prefix="/v1/assessments/{assessment_id}/targets", tags=["targets"])

Reader = Annotated[Principal, needs("diagnostic:read")]
Writer = Annotated[Principal, needs("diagnostic:write")]


@router.put(
    "",
    responses=problems(
        AssessmentUnknown, AssessmentClosed, Invalid, PreconditionFailed, PreconditionRequired
    ),
)
async def put_targets(
    assessment_id: UUID,
    body: TargetsWrite,
    if_match: etags.IfMatch,
    session: Session,
    reads: Reads,
    caller: Writer,
    response: Response,
) -> TargetsRead:
    """Set a target on any dimension; If-Match is the version of all of them, `"0"` at first."""
    saved = await targets.put(session, reads, caller, assessment_id, if_match, body)
    etags.tagged(response, saved.version)
    return saved


@router.get("", responses=problems(AssessmentUnknown))
async def read_targets(
    assessment_id: UUID, reads: Reads, caller: Reader, response: Response
) -> TargetsRead:
    """Read the targets, the present scores, and the points still missing."""
    found = await targets.read(reads, caller, assessment_id)
    etags.tagged(response, found.version)
    return found
