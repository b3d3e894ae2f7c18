"""HTTP of programmes and cohorts."""

from datetime import UTC, datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Response

from diagnostic.cohorts import service as cohorts
from diagnostic.cohorts.lifecycle import standing
from diagnostic.cohorts.models import Cohort, CohortStatus
from diagnostic.cohorts.schemas import (
    CohortCreate,
    CohortRead,
    ProgrammeCreate,
    ProgrammeRead,
)
from diagnostic.cohorts.service import (
    CohortExists,
    CohortUnknown,
    ProgrammeExists,
    ProgrammeUnknown,
)
from platformkit import etags
from platformkit.auth import Principal, needs
from platformkit.db import Session
from platformkit.errors import Invalid, problems
from platformkit.idempotency import IdempotentRoute
from platformkit.pagination import Page, Paging, page

router = APIRouter(prefix="/v1", tags=["cohorts"], route_class=IdempotentRoute)

Reader = Annotated[Principal, needs("diagnostic:read")]
Facilitator = Annotated[Principal, needs("diagnostic:facilitate")]
State = Literal["planned", "open", "closed", "running", "completed", "cancelled"]


def shown(found: tuple[Cohort, str]) -> CohortRead:
    """Show a cohort as of now."""
    cohort, programme = found
    facts = {name: getattr(cohort, name) for name in CohortRead.model_fields.keys() - _COMPUTED}
    status = standing(cohort.status, cohort.enrol_closes_at, datetime.now(UTC))
    return CohortRead(
        **facts,
        programme=programme,
        facilitated_by=[cohort.tenant, *cohort.co_facilitators],
        status=status,
        is_open=status is CohortStatus.OPEN,
    )


_COMPUTED = {"programme", "facilitated_by", "status", "is_open"}


@router.post("/programmes", status_code=201, responses=problems(ProgrammeExists, Invalid))
async def create_programme(
    body: ProgrammeCreate, session: Session, caller: Facilitator
) -> ProgrammeRead:
    """Add a programme; a diagnostic counts once per programme and milestone."""
    return ProgrammeRead.model_validate(await cohorts.create_programme(session, body))


@router.get("/programmes")
async def list_programmes(session: Session, caller: Reader, paging: Paging) -> Page[ProgrammeRead]:
    """List the programmes by code."""
    return page(
        paging,
        await cohorts.programmes(session, paging),
        key=lambda one: [one.code],
        render=ProgrammeRead.model_validate,
        total=await cohorts.programmes_counted(session) if paging.count else None,
    )


@router.post(
    "/cohorts", status_code=201, responses=problems(ProgrammeUnknown, CohortExists, Invalid)
)
async def create_cohort(
    body: CohortCreate, session: Session, caller: Facilitator, response: Response
) -> CohortRead:
    """Open a cohort of up to fifteen companies (or `capacity`) for one working week."""
    found = await cohorts.create(session, caller, body, datetime.now(UTC))
    response.headers["location"] = f"/v1/cohorts/{found[0].id}"
    etags.tagged(response, found[0].version)
    return shown(found)


@router.get("/cohorts")
async def list_cohorts(
    session: Session, caller: Reader, paging: Paging, status: State | None = None
) -> Page[CohortRead]:
    """List the cohorts by first day."""
    now = datetime.now(UTC)
    return page(
        paging,
        await cohorts.listed(session, paging, status, now),
        key=lambda found: [found[0].starts_on.isoformat(), str(found[0].id)],
        render=shown,
        total=await cohorts.counted(session, status, now) if paging.count else None,
    )


@router.get("/cohorts/{cohort_id}", responses=problems(CohortUnknown))
async def read_cohort(
    cohort_id: UUID, session: Session, caller: Reader, response: Response
) -> CohortRead:
    """Read a cohort: its week, its seats, and whether it still takes enrolments."""
    found = await cohorts.one(session, cohort_id)
    etags.tagged(response, found[0].version)
    return shown(found)
