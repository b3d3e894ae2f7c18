"""HTTP of progress: of a programme for the Région, of a cohort for who is in it."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request

from diagnostic.cohorts.service import CohortUnknown, ProgrammeUnknown
from diagnostic.paths import Code
from diagnostic.progress import service as progress
from diagnostic.progress.schemas import CohortProgress, ProgrammeProgress
from diagnostic.statistics import service as statistics
from diagnostic.statistics.routes import AsOf
from diagnostic.statistics.service import DayAhead, StatisticsUnknown
from platformkit.auth import Principal, needs
from platformkit.errors import problems
from platformkit.reads import Reads

router = APIRouter(prefix="/v1", tags=["progress"])

Reader = Annotated[Principal, needs("diagnostic:read")]
Statistician = Annotated[Principal, needs("diagnostic:statistics")]


@router.get(
    "/programmes/{code}/progress",
    responses=problems(ProgrammeUnknown, StatisticsUnknown, DayAhead),
)
async def read_programme_progress(
    request: Request, code: Code, reads: Reads, caller: Statistician, as_of: AsOf = None
) -> ProgrammeProgress:
    """Read how far a whole programme is, by quarter: seats, T0, roadmaps, actions, T1.

    The figures are those of its public statistics, through the same gate, on the same day.
    """
    k = request.app.state.settings.benchmark_k
    on = statistics.day(as_of, datetime.now(UTC))
    return progress.of_programme(await statistics.published(reads, code, on, k))


@router.get("/cohorts/{cohort_id}/progress", responses=problems(CohortUnknown))
async def read_cohort_progress(
    request: Request, cohort_id: UUID, reads: Reads, caller: Reader
) -> CohortProgress:
    """Read how far a cohort is, and what T1 changed: its facilitator, or who has a seat in it.

    Changes are shown of as many companies as a comparison needs, to nobody of fewer.
    """
    k = request.app.state.settings.benchmark_k
    return await progress.of_cohort(reads, caller, cohort_id, k, datetime.now(UTC))
