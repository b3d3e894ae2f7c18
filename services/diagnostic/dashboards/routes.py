"""HTTP of milestones and of the facilitator's dashboard."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from diagnostic.cohorts.service import CohortUnknown
from diagnostic.dashboards import service as dashboards
from diagnostic.dashboards.schemas import Dashboard, Milestones
from platformkit.auth import Principal, needs
from platformkit.errors import problems
from platformkit.reads import Reads

router = APIRouter(prefix="/v1/cohorts/{cohort_id}", tags=["cohorts"])

Reader = Annotated[Principal, needs("diagnostic:read")]
Facilitator = Annotated[Principal, needs("diagnostic:facilitate")]


@router.get("/milestones", responses=problems(CohortUnknown))
async def read_cohort_milestones(cohort_id: UUID, reads: Reads, caller: Reader) -> Milestones:
    """Read how far your companies are in the week of their cohort, and what is late."""
    return await dashboards.milestones(reads, caller, cohort_id, datetime.now(UTC))


@router.get("/dashboard", responses=problems(CohortUnknown))
async def read_cohort_dashboard(cohort_id: UUID, reads: Reads, caller: Facilitator) -> Dashboard:
    """Read how far the companies of your cohort are: how much they answered, never what."""
    return await dashboards.dashboard(reads, caller, cohort_id, datetime.now(UTC))
