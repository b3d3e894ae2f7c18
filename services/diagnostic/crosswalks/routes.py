"""HTTP of crosswalks."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from diagnostic.assessments.service import AssessmentUnknown
from diagnostic.crosswalks import service as crosswalks
from diagnostic.crosswalks.schemas import CrosswalkList, CrosswalkReading
from diagnostic.crosswalks.service import CrosswalkUnknown
from diagnostic.paths import Code
from diagnostic.questionnaires.service import QuestionnaireUnknown
from platformkit.auth import Principal, needs
from platformkit.errors import problems
from platformkit.reads import Reads

router = APIRouter(prefix="/v1", tags=["crosswalks"])

Reader = Annotated[Principal, needs("diagnostic:read")]


@router.get("/questionnaires/{code}/crosswalks", responses=problems(QuestionnaireUnknown))
async def list_questionnaire_crosswalks(code: Code, reads: Reads, caller: Reader) -> CrosswalkList:
    """List the other methods that a grid can be read as, with what each match rests on."""
    return await crosswalks.listed(reads, caller.tenant, code)


@router.get(
    "/assessments/{assessment_id}/crosswalks/{crosswalk}",
    responses=problems(AssessmentUnknown, CrosswalkUnknown),
)
async def read_assessment_crosswalk(
    assessment_id: UUID, crosswalk: Code, reads: Reads, caller: Reader
) -> CrosswalkReading:
    """Read a diagnostic as another method: scores, coverage, and what remains to be asked."""
    return await crosswalks.read(reads, caller, assessment_id, crosswalk)
