"""HTTP of grids: reading only, `drafts` writes them."""

from typing import Annotated

from fastapi import APIRouter, Request, Response

from diagnostic.paths import Code
from diagnostic.questionnaires import service as questionnaires
from diagnostic.questionnaires.schemas import (
    QuestionnaireRead,
    QuestionnaireSummary,
    VersionListed,
)
from diagnostic.questionnaires.service import QuestionnaireUnknown
from platformkit import etags
from platformkit.auth import Principal, needs
from platformkit.errors import problems
from platformkit.pagination import Page, Paging, page
from platformkit.reads import Reads

router = APIRouter(prefix="/v1/questionnaires", tags=["questionnaires"])

Reader = Annotated[Principal, needs("diagnostic:read")]


@router.get("")
async def list_questionnaires(
    reads: Reads, caller: Reader, paging: Paging
) -> Page[QuestionnaireSummary]:
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
async def read_questionnaire(
    code: Code, reads: Reads, caller: Reader, request: Request
) -> Response:
    """Read the version that a new diagnostic uses, with every text in French and English."""
    return _answer(request, *await questionnaires.rendered(reads, caller.tenant, code))


@router.get("/{code}/versions", responses=problems(QuestionnaireUnknown))
async def list_questionnaire_versions(
    code: Code, reads: Reads, caller: Reader, paging: Paging
) -> Page[VersionListed]:
    """List the versions of a grid by number: what was published, and your own drafts."""
    total = await questionnaires.versions_counted(reads, caller.tenant, code)
    after = [int(one) for one in paging.after] if paging.after else []
    return page(
        paging,
        await questionnaires.versions_listed(reads, caller.tenant, code, after, paging.limit + 1),
        key=lambda one: one.version.split("."),
        render=lambda one: one,
        total=total if paging.count else None,
    )


@router.get(
    "/{code}/versions/{version}",
    response_model=QuestionnaireRead,
    responses=problems(QuestionnaireUnknown),
)
async def read_questionnaire_version(
    code: Code, version: Code, reads: Reads, caller: Reader, request: Request
) -> Response:
    """Read a version: one that a diagnostic is pinned to, or a draft of yours."""
    return _answer(request, *await questionnaires.rendered(reads, caller.tenant, code, version))


def _answer(request: Request, tag: str, body: bytes) -> Response:
    headers = {"etag": tag, "cache-control": "private, no-cache"}
    if etags.not_modified(request, tag):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type="application/json")
