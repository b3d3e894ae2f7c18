"""HTTP of diagnostics."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response

from diagnostic.assessments import answering, rendering
from diagnostic.assessments import service as assessments
from diagnostic.assessments.answering import AnswerRefused, AnswerStale, QuestionUnknown
from diagnostic.assessments.models import Status
from diagnostic.assessments.prefilling import SourceUnknown, SourceVoid
from diagnostic.assessments.schemas import (
    AnswerRead,
    AnswerWrite,
    AssessmentListed,
    AssessmentRead,
    AssessmentStart,
)
from diagnostic.assessments.service import AssessmentClosed, AssessmentExists, AssessmentUnknown
from diagnostic.cohorts.service import CohortUnknown
from diagnostic.enrolments.service import NoSeat
from diagnostic.organisations.service import OrganisationUnknown
from diagnostic.paths import Code
from diagnostic.questionnaires.service import QuestionnaireUnknown
from platformkit import etags
from platformkit.auth import Principal, needs
from platformkit.db import Session
from platformkit.errors import Invalid, PreconditionRequired, problems
from platformkit.idempotency import IdempotentRoute
from platformkit.pagination import Page, Paging, page
from platformkit.reads import Reads, Writes

router = APIRouter(prefix="/v1/assessments", tags=["assessments"], route_class=IdempotentRoute)

Reader = Annotated[Principal, needs("diagnostic:read")]
Writer = Annotated[Principal, needs("diagnostic:write")]


@router.post(
    "",
    status_code=201,
    responses=problems(
        OrganisationUnknown,
        QuestionnaireUnknown,
        CohortUnknown,
        NoSeat,
        AssessmentExists,
        SourceUnknown,
        SourceVoid,
        Invalid,
    ),
)
async def start_assessment(
    body: AssessmentStart, session: Session, reads: Reads, caller: Writer, response: Response
) -> AssessmentRead:
    """Start a diagnostic on the latest version of the grid, which it keeps for life.

    With `derived_from` the answers of an earlier one are proposed where code, type and options are
    the same; `prefill` says which, which not and why. Saving a proposed answer confirms it.
    """
    created = await assessments.start(session, reads, caller, body)
    response.headers["location"] = f"/v1/assessments/{created}"
    shown = await assessments.read_in(session, reads, created)
    response.headers["etag"] = rendering.tag(shown)
    return shown


@router.get("")
async def list_assessments(
    reads: Reads,
    caller: Reader,
    paging: Paging,
    organisation_id: UUID | None = None,
    cohort_id: UUID | None = None,
    status: Status | None = None,
) -> Page[AssessmentListed]:
    """List your diagnostics in the order of their start, to find the one to go on with.

    With `cohort_id`, those begun in that cohort that you may see: all of them if you facilitate it.
    """
    sought = assessments.Sought(caller, organisation_id, cohort_id, status)
    return page(
        paging,
        await assessments.listed(reads, paging, sought),
        key=lambda one: [one.started_at.isoformat(), str(one.id)],
        render=lambda one: one,
        total=await assessments.counted(reads, sought) if paging.count else None,
    )


@router.get(
    "/{assessment_id}", response_model=AssessmentRead, responses=problems(AssessmentUnknown)
)
async def read_assessment(
    assessment_id: UUID, request: Request, reads: Reads, caller: Reader
) -> Response:
    """Read where a diagnostic stands; each question carries the tag that its next answer sends."""
    shown = await assessments.read(reads, caller, assessment_id)
    headers = {"etag": rendering.tag(shown), "cache-control": "private, no-cache"}
    if etags.not_modified(request, headers["etag"]):
        return Response(status_code=304, headers=headers)
    return Response(shown.model_dump_json(), headers=headers, media_type="application/json")


@router.put(
    "/{assessment_id}/answers/{question}",
    response_model=AnswerRead,
    responses=problems(
        AssessmentUnknown,
        QuestionUnknown,
        AssessmentClosed,
        AnswerRefused,
        AnswerStale,
        PreconditionRequired,
    ),
)
async def put_answer(
    assessment_id: UUID,
    question: Code,
    body: AnswerWrite,
    if_match: etags.IfMatch,
    writes: Writes,
    reads: Reads,
    caller: Writer,
) -> Response:
    """Save the answer to a question; If-Match is its version, `"0"` for the first answer."""
    saved = await answering.answer(writes, reads, caller, assessment_id, question, if_match, body)
    headers = {"etag": etags.of_version(saved.version)}
    return Response(saved.model_dump_json(), headers=headers, media_type="application/json")
