"""HTTP of what-if, under the diagnostic it starts from."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from diagnostic.assessments.service import AssessmentUnknown
from diagnostic.simulations import service as simulations
from diagnostic.simulations.schemas import WhatIf, WhatIfRead
from diagnostic.simulations.service import SuppositionRefused
from platformkit.auth import Principal, needs
from platformkit.errors import problems
from platformkit.reads import Reads

router = APIRouter(prefix="/v1/assessments/{assessment_id}/what-if", tags=["roadmaps"])

Reader = Annotated[Principal, needs("diagnostic:read")]


@router.post("", responses=problems(AssessmentUnknown, SuppositionRefused))
async def simulate_assessment(
    assessment_id: UUID, body: WhatIf, reads: Reads, caller: Reader
) -> WhatIfRead:
    """Tell what the score would be with other answers or with actions done; stores nothing.

    The gain is that of all of them together: two actions on one question do not add up.
    """
    return await simulations.simulate(reads, caller, assessment_id, body)
