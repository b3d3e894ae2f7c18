"""HTTP of what changes a cohort."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Response

from diagnostic.cohort_changes import changing, steps
from diagnostic.cohort_changes.changing import (
    CapacityTaken,
    DaysOverlap,
    NotItsOpener,
    WeekBegun,
)
from diagnostic.cohort_changes.steps import CohortStepRefused, CohortTooEarly
from diagnostic.cohorts import service as cohorts
from diagnostic.cohorts.lifecycle import Step
from diagnostic.cohorts.planning import SessionsOutsideDays
from diagnostic.cohorts.routes import shown
from diagnostic.cohorts.schemas import CohortRead, CohortUpdate
from diagnostic.cohorts.service import CohortNotOpen, CohortUnknown, EnrolmentClosed
from platformkit import etags
from platformkit.auth import Principal, needs
from platformkit.db import Session
from platformkit.errors import Invalid, PreconditionRequired, problems
from platformkit.idempotency import IdempotentRoute

router = APIRouter(prefix="/v1/cohorts", tags=["cohorts"], route_class=IdempotentRoute)

Facilitator = Annotated[Principal, needs("diagnostic:facilitate")]
REFUSALS = (CohortUnknown, CohortStepRefused, etags.Stale, PreconditionRequired)


@router.patch(
    "/{cohort_id}",
    responses=problems(
        CohortUnknown,
        NotItsOpener,
        WeekBegun,
        CapacityTaken,
        DaysOverlap,
        SessionsOutsideDays,
        Invalid,
        etags.Stale,
        PreconditionRequired,
    ),
)
async def change_cohort(
    cohort_id: UUID,
    body: CohortUpdate,
    if_match: etags.IfMatch,
    session: Session,
    caller: Facilitator,
    response: Response,
) -> CohortRead:
    """Change some fields of a cohort of yours; seats that are added go to the first in line.

    Sessions follow the days: those laid out with the cohort are laid out anew, others keep weekday
    and hours.
    """
    now = datetime.now(UTC)
    await changing.change(session, caller, cohort_id, if_match, body, now)
    return await _answer(session, cohort_id, response)


@router.post("/{cohort_id}/open", responses=problems(*REFUSALS, EnrolmentClosed))
async def open_cohort(
    cohort_id: UUID,
    if_match: etags.IfMatch,
    session: Session,
    caller: Facilitator,
    response: Response,
) -> CohortRead:
    """Have a planned cohort take enrolments, until its closing instant."""
    return await _taken(cohort_id, Step.OPEN, if_match, session, caller, response)


@router.post("/{cohort_id}/close", responses=problems(*REFUSALS))
async def close_cohort(
    cohort_id: UUID,
    if_match: etags.IfMatch,
    session: Session,
    caller: Facilitator,
    response: Response,
) -> CohortRead:
    """End enrolment before its closing instant; the waiting list still moves up."""
    return await _taken(cohort_id, Step.CLOSE, if_match, session, caller, response)


@router.post("/{cohort_id}/start", responses=problems(*REFUSALS, CohortTooEarly))
async def start_cohort(
    cohort_id: UUID,
    if_match: etags.IfMatch,
    session: Session,
    caller: Facilitator,
    response: Response,
) -> CohortRead:
    """Begin the week, from its first day in Paris on; the waiting list ends."""
    return await _taken(cohort_id, Step.START, if_match, session, caller, response)


@router.post("/{cohort_id}/complete", responses=problems(*REFUSALS, CohortTooEarly))
async def complete_cohort(
    cohort_id: UUID,
    if_match: etags.IfMatch,
    session: Session,
    caller: Facilitator,
    response: Response,
) -> CohortRead:
    """End the week, from its last day in Paris on."""
    return await _taken(cohort_id, Step.COMPLETE, if_match, session, caller, response)


@router.post(
    "/{cohort_id}/cancel",
    responses=problems(CohortUnknown, CohortNotOpen, etags.Stale),
)
async def cancel_cohort(
    cohort_id: UUID,
    session: Session,
    caller: Facilitator,
    response: Response,
    if_match: Annotated[str, Header()] = "*",
) -> CohortRead:
    """Call off a cohort of yours; its companies may then enrol elsewhere.

    `If-Match` may be left out here.
    """
    return await _taken(cohort_id, Step.CANCEL, if_match, session, caller, response)


async def _taken(
    cohort_id: UUID,
    step: Step,
    if_match: str,
    session: Session,
    caller: Principal,
    response: Response,
) -> CohortRead:
    await steps.take(session, caller, cohort_id, step, if_match, datetime.now(UTC))
    return await _answer(session, cohort_id, response)


async def _answer(session: Session, cohort_id: UUID, response: Response) -> CohortRead:
    found = await cohorts.one(session, cohort_id)
    etags.tagged(response, found[0].version)
    return shown(found)
