"""HTTP of comparisons, under the later of the two diagnostics."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from diagnostic.assessments.service import AssessmentUnknown
from diagnostic.comparisons import service as comparisons
from diagnostic.comparisons.schemas import ComparisonRead
from platformkit.auth import Principal, needs
from platformkit.errors import problems
from platformkit.reads import Reads

router = APIRouter(prefix="/v1/assessments/{assessment_id}/comparison", tags=["comparisons"])

Reader = Annotated[Principal, needs("diagnostic:read")]
Earlier = Annotated[UUID, Query(alias="with", description="the diagnostic to compare with")]


@router.get("", responses=problems(AssessmentUnknown))
async def compare_assessments(
    assessment_id: UUID, earlier: Earlier, reads: Reads, caller: Reader, response: Response
) -> ComparisonRead:
    """Read what changed since another diagnostic of the same company (T0, T1, T2).

    Only what was scored in the same way is compared; otherwise `reasons` says what stands in the
    way, and no figure is given.
    """
    found = await comparisons.compare(reads, caller, assessment_id, earlier)
    response.headers["content-language"] = found.language
    return found
