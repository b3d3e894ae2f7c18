"""HTTP of reports, under the diagnostic they are about."""

from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import APIRouter, Depends, Request, Response

from diagnostic.assessments.service import AssessmentUnknown
from diagnostic.reports import formats
from diagnostic.reports import service as reports
from diagnostic.reports.document import Report
from diagnostic.reports.formats import Format
from diagnostic.reports.press import PRESS, PressBusy
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


async def _report(
    assessment_id: UUID, request: Request, reads: Reads, training: Training, caller: Reader
) -> Report:
    k = request.app.state.settings.benchmark_k
    return await reports.report(reads, training, caller, assessment_id, k)


Found = Annotated[Report, Depends(_report)]


def _documented(one: Format) -> dict[str, Any]:
    content = {one.media_type: {"schema": {"type": "string", "format": "binary"}}}
    refusals = problems(AssessmentUnknown, NotSubmitted, PressBusy)
    return {
        "response_class": Response,
        "responses": {200: {"content": content}, **refusals},
    }


@router.get("/report.html", **_documented(formats.HTML))
async def read_report_page(assessment_id: UUID, request: Request, found: Found) -> Response:
    """Read the report as one accessible page, complete in itself and without scripts."""
    return await _handed(formats.HTML, assessment_id, request, found)


@router.get("/report.pdf", **_documented(formats.PDF))
async def download_report(assessment_id: UUID, request: Request, found: Found) -> Response:
    """Download the report as an accessible PDF; the same diagnostic gives the same bytes."""
    return await _handed(formats.PDF, assessment_id, request, found)


@router.get("/report.xlsx", **_documented(formats.XLSX))
async def download_report_sheets(assessment_id: UUID, request: Request, found: Found) -> Response:
    """Download the figures of the report as a workbook: every question, exact fractions beside."""
    return await _handed(formats.XLSX, assessment_id, request, found)


@router.get("/report.docx", **_documented(formats.DOCX))
async def download_report_text(assessment_id: UUID, request: Request, found: Found) -> Response:
    """Download the report as a text to be worked on, with real headings and table headers."""
    return await _handed(formats.DOCX, assessment_id, request, found)


@router.get(
    "/report.json", response_model=Report, responses=problems(AssessmentUnknown, NotSubmitted)
)
async def read_report(request: Request, found: Found) -> Response:
    """Read what the report says, as data."""
    body = orjson.dumps(found)
    headers = _headers(etags.of_bytes(body), found)
    if etags.not_modified(request, headers["etag"]):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type="application/json")


async def _handed(one: Format, assessment_id: UUID, request: Request, found: Report) -> Response:
    """Hand out the bytes of a format, or a 304 to whoever holds them."""
    tag = formats.tag(one, found, request.app.state.settings.release)
    headers = _headers(tag, found) | one.headers(f"diagnostic-ia-{found.language}-{assessment_id}")
    if etags.not_modified(request, tag):
        return Response(status_code=304, headers=headers)
    body = await PRESS.printed(tag, one.printer, found)
    return Response(body, headers=headers, media_type=one.media_type)


def _headers(tag: str, found: Report) -> dict[str, str]:
    return {
        "etag": tag,
        "cache-control": "private, no-cache",
        "content-language": found.language,
        "vary": "Accept-Language",
    }
