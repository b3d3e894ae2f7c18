"""HTTP of grids: reading only, the authoring comes with its own routes."""

from fastapi import APIRouter, Request, Response

from diagnostic.paths import Code
from diagnostic.questionnaires import service as questionnaires
from diagnostic.questionnaires.schemas import QuestionnaireRead, QuestionnaireSummary
from diagnostic.questionnaires.service import QuestionnaireUnknown
from platformkit import etags
from platformkit.auth import needs
from platformkit.errors import problems
from platformkit.pagination import Page, Paging, page
from platformkit.reads import Reads

router = APIRouter(
    prefix="/v1/questionnaires", tags=["questionnaires"], dependencies=[needs("diagnostic:read")]
)


@router.get("")
async def list_questionnaires(reads: Reads, paging: Paging) -> Page[QuestionnaireSummary]:
    """List the published grids by code."""
    after = str(paging.after[0]) if paging.after else ""
    found = await questionnaires.listed(reads, after, paging.limit + 1)
    return page(
        paging,
        found,
        key=lambda one: [one.code],
        render=lambda one: one,
        total=await questionnaires.counted(reads) if paging.count else None,
    )


@router.get("/{code}", response_model=QuestionnaireRead, responses=problems(QuestionnaireUnknown))
async def read_questionnaire(code: Code, reads: Reads, request: Request) -> Response:
    """Read the version that a new diagnostic uses, with every text in French and English."""
    return _answer(request, *await questionnaires.rendered(reads, code))


@router.get(
    "/{code}/versions/{version}",
    response_model=QuestionnaireRead,
    responses=problems(QuestionnaireUnknown),
)
async def read_questionnaire_version(
    code: Code, version: Code, reads: Reads, request: Request
) -> Response:
    """Read the version that a diagnostic is pinned to, also when a newer one is out."""
    return _answer(request, *await questionnaires.rendered(reads, code, version))


def _answer(request: Request, tag: str, body: bytes) -> Response:
    headers = {"etag": tag, "cache-control": "private, no-cache"}
    if etags.not_modified(request, tag):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type="application/json")
