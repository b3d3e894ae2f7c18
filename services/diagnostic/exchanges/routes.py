"""HTTP of grids in other formats."""

import asyncio
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Header, Request, Response

from diagnostic.drafts import checks
from diagnostic.drafts.routes import listed
from diagnostic.drafts.service import VersionStatusRefused
from diagnostic.drafts.versions import VersionTooLow
from diagnostic.exchanges import schemas, spreadsheet
from diagnostic.exchanges import service as exchanges
from diagnostic.exchanges.schemas import FileFormat, ImportCheck, ImportedDraft, LossReport
from diagnostic.exchanges.service import FORMATS, FileTypeRefused, FileUnreadable, Understood
from diagnostic.paths import Code
from diagnostic.questionnaires.hashing import content_hash, scoring_hash
from diagnostic.questionnaires.service import QuestionnaireElsewhere, QuestionnaireUnknown
from platformkit import etags
from platformkit.auth import Principal, needs
from platformkit.db import Session
from platformkit.errors import PreconditionFailed, problems
from platformkit.idempotency import IdempotentRoute
from platformkit.reads import Reads

router = APIRouter(
    prefix="/v1/questionnaires", tags=["questionnaires"], route_class=IdempotentRoute
)

Reader = Annotated[Principal, needs("diagnostic:read")]
Author = Annotated[Principal, needs("diagnostic:author")]
Seen = Annotated[
    str | None,
    Header(description='ETag of the draft to replace, `"0"` for one that is not there yet'),
]

_ONE = "/{code}/versions/{version}"
_FILE = {"schema": {"type": "string", "format": "binary"}}
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "The file itself, not wrapped in anything.",
        "content": {one: _FILE for form in FORMATS.values() for one in form.media_types},
    }
}


def _answers(kind: FileFormat) -> dict[int | str, dict[str, Any]]:
    media_type = FORMATS[kind].media_types[0]
    shape = {"schema": {"type": "object"}} if media_type.endswith("json") else _FILE
    return {
        200: {"content": {media_type: shape}},
        **problems(QuestionnaireUnknown),
    }


@router.get(
    "/template.xlsx",
    response_class=Response,
    responses={200: {"content": {exchanges.WORKBOOK: _FILE}}},
    dependencies=[needs("diagnostic:author")],
)
async def download_grid_template(request: Request) -> Response:
    """Download the empty workbook that a grid is written in, with its explanations."""
    body = await asyncio.to_thread(spreadsheet.template)
    headers = {"etag": etags.of_bytes(body), "cache-control": "private, no-cache"}
    if etags.not_modified(request, headers["etag"]):
        return Response(status_code=304, headers=headers)
    headers["content-disposition"] = 'attachment; filename="grille-modele.xlsx"'
    return Response(body, headers=headers, media_type=exchanges.WORKBOOK)


@router.get(_ONE + "/content.json", response_class=Response, responses=_answers(FileFormat.JSON))
async def download_grid_json(
    code: Code, version: Code, request: Request, reads: Reads, caller: Reader
) -> Response:
    """Download a version as canonical JSON (RFC 8785): its SHA-256 is the `content_hash`."""
    return await _download(FileFormat.JSON, code, version, request, reads, caller)


@router.get(_ONE + "/content.xlsx", response_class=Response, responses=_answers(FileFormat.XLSX))
async def download_grid_workbook(
    code: Code, version: Code, request: Request, reads: Reads, caller: Reader
) -> Response:
    """Download a version as a workbook to edit and import again."""
    return await _download(FileFormat.XLSX, code, version, request, reads, caller)


@router.get(_ONE + "/fhir.json", response_class=Response, responses=_answers(FileFormat.FHIR))
async def download_grid_fhir(
    code: Code, version: Code, request: Request, reads: Reads, caller: Reader
) -> Response:
    """Download a version as a FHIR R5 Questionnaire."""
    return await _download(FileFormat.FHIR, code, version, request, reads, caller)


@router.get(
    _ONE + "/surveyjs.json", response_class=Response, responses=_answers(FileFormat.SURVEYJS)
)
async def download_grid_surveyjs(
    code: Code, version: Code, request: Request, reads: Reads, caller: Reader
) -> Response:
    """Download a version as the JSON of a SurveyJS form."""
    return await _download(FileFormat.SURVEYJS, code, version, request, reads, caller)


@router.get(_ONE + "/xlsform.xlsx", response_class=Response, responses=_answers(FileFormat.XLSFORM))
async def download_grid_xlsform(
    code: Code, version: Code, request: Request, reads: Reads, caller: Reader
) -> Response:
    """Download a version as an XLSForm, for ODK, Kobo or Enketo."""
    return await _download(FileFormat.XLSFORM, code, version, request, reads, caller)


@router.get(_ONE + "/losses/{file_format}", responses=problems(QuestionnaireUnknown))
async def read_export_losses(
    code: Code, version: Code, file_format: FileFormat, reads: Reads, caller: Reader
) -> LossReport:
    """Name what a format does not hold of a version; the first thousand losses are listed."""
    content, _ = await exchanges.version(reads, caller, code, version)
    found = await exchanges.losses(file_format, content)
    return LossReport(
        code=code,
        version=version,
        complete=not found,
        total=len(found),
        losses=schemas.losses(found),
    )


@router.post(
    "/imports/{file_format}",
    status_code=201,
    openapi_extra=_BODY,
    responses=problems(
        FileTypeRefused,
        FileUnreadable,
        QuestionnaireElsewhere,
        VersionStatusRefused,
        VersionTooLow,
        PreconditionFailed,
    ),
)
async def import_questionnaire(
    file_format: FileFormat,
    request: Request,
    session: Session,
    caller: Author,
    response: Response,
    if_match: Seen = None,
) -> ImportedDraft:
    """Make a file a draft of yours, or replace your draft of that number; it may have errors."""
    found = await _file(file_format, request)
    made, findings = await exchanges.save(session, caller, found, datetime.now(UTC), if_match)
    address = f"/v1/questionnaires/{found.content.code}/versions/{made.version}"
    response.headers["location"] = address
    return ImportedDraft(
        **listed(made, response).model_dump(),
        lint=schemas.placed(findings, found.reading),
        losses=schemas.losses(found.losses),
    )


@router.post(
    "/imports/{file_format}/check",
    openapi_extra=_BODY,
    responses=problems(FileTypeRefused, FileUnreadable),
)
async def check_questionnaire_import(
    file_format: FileFormat, request: Request, session: Session, caller: Author
) -> ImportCheck:
    """Tell what a file would become and everything that is wrong with it; nothing is stored."""
    found = await _file(file_format, request)
    findings = await checks.findings(session, found.content)
    return ImportCheck(
        code=found.content.code,
        version=found.content.version,
        content_hash=content_hash(found.content),
        scoring_hash=scoring_hash(found.content),
        question_count=len(found.content.questions),
        lint=schemas.placed(findings, found.reading),
        losses=schemas.losses(found.losses),
    )


async def _file(kind: FileFormat, request: Request) -> Understood:
    exchanges.check_type(kind, request.headers.get("content-type", ""))
    return await exchanges.understood(kind, await request.body())


async def _download(
    kind: FileFormat, code: str, version: str, request: Request, reads: Reads, caller: Principal
) -> Response:
    content, digest = await exchanges.version(reads, caller, code, version)
    headers = {
        "etag": exchanges.tag(digest, kind),
        "cache-control": "private, no-cache",
    }
    if etags.not_modified(request, headers["etag"]):
        return Response(status_code=304, headers=headers)
    body = await exchanges.written(kind, content)
    name = f"{code}-{version}{FORMATS[kind].name}"
    headers["content-disposition"] = f'attachment; filename="{name}"'
    return Response(body, headers=headers, media_type=FORMATS[kind].media_types[0])
