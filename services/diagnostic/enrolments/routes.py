"""HTTP of seats, under the cohort they are in."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from diagnostic.cohorts.service import CohortNotOpen, CohortUnknown
from diagnostic.enrolments import service as enrolments
from diagnostic.enrolments.schemas import EnrolmentRead, EnrolmentRequest
from diagnostic.enrolments.service import (
    AlreadyEnrolled,
    CohortOverlaps,
    EnrolmentClosed,
    EnrolmentUnknown,
)
from diagnostic.organisations.service import OrganisationUnknown
from platformkit.auth import Principal, needs
from platformkit.db import Session
from platformkit.errors import Invalid, problems
from platformkit.idempotency import IdempotentRoute

router = APIRouter(
    prefix="/v1/cohorts/{cohort_id}/enrolments", tags=["cohorts"], route_class=IdempotentRoute
)

Reader = Annotated[Principal, needs("diagnostic:read")]
Writer = Annotated[Principal, needs("diagnostic:write")]


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
    response.headers["location"] = f"/v1/cohorts/{cohort_id}/enrolments/{found.id}"
    return EnrolmentRead.model_validate(found)


@router.get("/{enrolment_id}", responses=problems(EnrolmentUnknown))
async def read_enrolment(
    cohort_id: UUID, enrolment_id: UUID, session: Session, caller: Reader
) -> EnrolmentRead:
    """Read the enrolment of a company of yours, or, as its facilitator, any of your cohort."""
    found = await enrolments.enrolment(session, caller, cohort_id, enrolment_id)
    return EnrolmentRead.model_validate(found)
