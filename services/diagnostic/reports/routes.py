"""HTTP of reports, under the diagnostic they are about."""

import asyncio
from typing import Annotated
from uuid import UUID

import orjson
from fastapi import APIRouter, Request, Response

from diagnostic.assessments.service import AssessmentUnknown
from diagnostic.reports import render
from diagnostic.reports import service as reports
from diagnostic.reports.document import Report
from diagnostic.roadmaps.service import NotSubmitted
from platformkit import etags
from platformkit.auth import Principal, needs
from platformkit.clients.base import client
from platformkit.clients.training import TrainingClient
from platformkit.errors import problems
from platformkit.reads import Reads

router = APIRouter(prefix="/v1/assessments/{assessment_id}", tags=["reports"])

Reader = Annotated[Principal, needs("diagnostic:read")]
Training = Annotated[TrainingClient, client("training")]


@router.get(
    "/report.pdf",
    response_class=Response,
    responses={
        200: {"content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}},
        **problems(AssessmentUnknown, NotSubmitted),
    },
)
async def download_report(
    assessment_id: UUID, request: Request, reads: Reads, training: Training, caller: Reader
) -> Response:
    """Download the report as an accessible PDF; the same diagnostic gives the same bytes."""
    found = await reports.report(reads, training, caller, assessment_id)
    headers = _headers(found)
    if etags.not_modified(request, headers["etag"]):
        return Response(status_code=304, headers=headers)
    body = await asyncio.to_thread(render.pdf, found)
    name = f"diagnostic-ia-{found.language}-{assessment_id}.pdf"
    headers["content-disposition"] = f'attachment; filename="{name}"'
    return Response(body, headers=headers, media_type="application/pdf")


@router.get(
    "/report.json", response_model=Report, responses=problems(AssessmentUnknown, NotSubmitted)
)
async def read_report(
    assessment_id: UUID, request: Request, reads: Reads, training: Training, caller: Reader
) -> Response:
    """Read what the report says, as data."""
    found = await reports.report(reads, training, caller, assessment_id)
    headers = _headers(found)
    if etags.not_modified(request, headers["etag"]):
        return Response(status_code=304, headers=headers)
    return Response(orjson.dumps(found), headers=headers, media_type="application/json")


def _headers(found: Report) -> dict[str, str]:
    return {
        "etag": etags.of_bytes(orjson.dumps(found)),
        "cache-control": "private, no-cache",
        "content-language": found.language,
    }
