"""HTTP of seats, under the cohort they are in."""

import re
from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Request, Response

from diagnostic.cohorts.service import CohortNotOpen, CohortUnknown, EnrolmentClosed
from diagnostic.enrolments import service as enrolments
from diagnostic.enrolments.lifecycle import Step
from diagnostic.enrolments.models import EnrolmentStatus
from diagnostic.enrolments.schemas import EnrolmentListed, EnrolmentRead, EnrolmentRequest
from diagnostic.enrolments.service import (
    AlreadyEnrolled,
    CohortOverlaps,
    EnrolmentAsked,
    EnrolmentStepRefused,
    EnrolmentUnknown,
)
from diagnostic.organisations.service import OrganisationUnknown
from platformkit import etags, hot, idempotency
from platformkit.auth import Principal, needs
from platformkit.db import Session
from platformkit.errors import Invalid, PreconditionRequired, problems
from platformkit.idempotency import IdempotentRoute
from platformkit.pagination import Page, Paging, page
from platformkit.reads import WritePool

router = APIRouter(
    prefix="/v1/cohorts/{cohort_id}/enrolments", tags=["cohorts"], route_class=IdempotentRoute
)

Reader = Annotated[Principal, needs("diagnostic:read")]
Writer = Annotated[Principal, needs("diagnostic:write")]
Facilitator = Annotated[Principal, needs("diagnostic:facilitate")]

REFUSALS = problems(EnrolmentUnknown, EnrolmentStepRefused, etags.Stale, PreconditionRequired)


@router.post(
    "",
    status_code=201,
    responses=problems(
        CohortUnknown,
        OrganisationUnknown,
        CohortNotOpen,
        EnrolmentClosed,
        AlreadyEnrolled,
        CohortOverlaps,
        Invalid,
    ),
)
async def enrol_organisation(
    cohort_id: UUID, body: EnrolmentRequest, session: Session, caller: Writer, response: Response
) -> EnrolmentRead:
    """Take a seat for a company of yours, or its rank in the waiting list once all are taken."""
    found = await enrolments.enrol(
        session, caller, cohort_id, body.organisation_id, datetime.now(UTC)
    )
    response.headers["location"] = _place(cohort_id, found.id)
    etags.tagged(response, found.version)
    return found


def _place(cohort_id: UUID, enrolment_id: UUID) -> str:
    return f"/v1/cohorts/{cohort_id}/enrolments/{enrolment_id}"


_SPELT = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""A UUID as we spell it: Python takes more than the route does, `0x` and blanks."""


async def hot_enrol(request: Request, cohort: str) -> Response | None:
    """Take a seat as `enrol_organisation` does, in one trip and without its machinery.

    What is kept under a key the route gives again: it may be a problem meanwhile.
    """
    key = await idempotency.asked(request)
    body = await hot.read_json(request, EnrolmentRequest)
    if body is None or not _SPELT.fullmatch(cohort):
        return None
    asked_for = EnrolmentAsked(uuid4(), UUID(cohort), body.organisation_id)
    headers = {
        "content-type": "application/json",
        "location": _place(asked_for.cohort_id, asked_for.id),
        "etag": etags.of_version(1),
    }
    writes: WritePool = request.app.state.writes
    caller: Principal = request.state.principal
    found = await enrolments.enrol_once(writes, caller, asked_for, key, headers)
    if found["refusal"] is not None or found["kept_headers"] is not None:
        return None  # which the route tells with all that is to be said of it
    return Response(found["body"], 201, headers)


hot_writes = {"/v1/cohorts/{cohort_id}/enrolments": hot_enrol}


@router.get("", responses=problems(CohortUnknown))
async def list_enrolments(
    cohort_id: UUID,
    session: Session,
    caller: Reader,
    paging: Paging,
    status: EnrolmentStatus | None = None,
) -> Page[EnrolmentListed]:
    """List the enrolments of your companies in a cohort, or all of them if you facilitate it."""
    rows = await enrolments.listed(session, caller, cohort_id, status, paging)
    return page(
        paging,
        rows,
        key=lambda one: [one.created_at.isoformat(), str(one.id)],
        render=lambda one: one,
        total=(
            await enrolments.counted(session, caller, cohort_id, status) if paging.count else None
        ),
    )


@router.get("/{enrolment_id}", responses=problems(EnrolmentUnknown))
async def read_enrolment(
    cohort_id: UUID, enrolment_id: UUID, session: Session, caller: Reader, response: Response
) -> EnrolmentListed:
    """Read the enrolment of a company of yours, or, as its facilitator, any of your cohort."""
    found = await enrolments.one(session, caller, cohort_id, enrolment_id)
    etags.tagged(response, found.version)
    return found


@router.post("/{enrolment_id}/cancel", responses=REFUSALS)
async def cancel_enrolment(
    cohort_id: UUID,
    enrolment_id: UUID,
    if_match: etags.IfMatch,
    session: Session,
    caller: Writer,
    response: Response,
) -> EnrolmentListed:
    """Give up the seat of a company of yours: the first in line has it at once."""
    return await _taken(cohort_id, enrolment_id, Step.CANCEL, if_match, session, caller, response)


@router.post("/{enrolment_id}/exclude", responses=REFUSALS)
async def exclude_enrolment(
    cohort_id: UUID,
    enrolment_id: UUID,
    if_match: etags.IfMatch,
    session: Session,
    caller: Facilitator,
    response: Response,
) -> EnrolmentListed:
    """Take a company out of your cohort: you see it no more, and the first in line has its seat."""
    return await _taken(cohort_id, enrolment_id, Step.EXCLUDE, if_match, session, caller, response)


@router.post("/{enrolment_id}/attend", responses=REFUSALS)
async def attend_enrolment(
    cohort_id: UUID,
    enrolment_id: UUID,
    if_match: etags.IfMatch,
    session: Session,
    caller: Facilitator,
    response: Response,
) -> EnrolmentListed:
    """Say that a company of your cohort came, from the first day of its week on."""
    return await _taken(cohort_id, enrolment_id, Step.ATTEND, if_match, session, caller, response)


@router.post("/{enrolment_id}/no-show", responses=REFUSALS)
async def miss_enrolment(
    cohort_id: UUID,
    enrolment_id: UUID,
    if_match: etags.IfMatch,
    session: Session,
    caller: Facilitator,
    response: Response,
) -> EnrolmentListed:
    """Say that a company of your cohort did not come; you see its diagnostic no more."""
    return await _taken(cohort_id, enrolment_id, Step.NO_SHOW, if_match, session, caller, response)


async def _taken(
    cohort_id: UUID,
    enrolment_id: UUID,
    step: Step,
    if_match: str,
    session: Session,
    caller: Principal,
    response: Response,
) -> EnrolmentListed:
    now = datetime.now(UTC)
    found = await enrolments.take(session, caller, cohort_id, enrolment_id, step, if_match, now)
    etags.tagged(response, found.version)
    return found
