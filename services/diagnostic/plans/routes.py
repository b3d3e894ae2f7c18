"""HTTP of plans, under the roadmap they are made of."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from diagnostic.assessments.service import AssessmentUnknown
from diagnostic.plans import service as plans
from diagnostic.plans.problems import PlanContradiction, PlannerBusy, TargetUnreachable
from diagnostic.plans.schemas import PlanAsked, PlanRead
from diagnostic.roadmaps.service import RoadmapUnknown
from platformkit.auth import Principal, needs
from platformkit.errors import problems
from platformkit.reads import Reads

router = APIRouter(prefix="/v1/assessments/{assessment_id}/roadmap/plan", tags=["roadmaps"])

Reader = Annotated[Principal, needs("diagnostic:read")]


@router.post(
    "",
    responses=problems(
        AssessmentUnknown, RoadmapUnknown, PlanContradiction, TargetUnreachable, PlannerBusy
    ),
)
async def plan_roadmap(
    assessment_id: UUID, body: PlanAsked, reads: Reads, caller: Reader
) -> PlanRead:
    """Find the least effort that reaches a target, under a capacity for each quarter.

    An action begins in a quarter after those of its prerequisites, and counts once it has ended.
    The score of each quarter is by the engine: gains are never summed. Stores nothing.
    """
    return await plans.plan(reads, caller, assessment_id, body, datetime.now(UTC))
