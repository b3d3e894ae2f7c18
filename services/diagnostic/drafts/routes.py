"""HTTP of writing grids; they are read where everybody reads them."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Response

from diagnostic.drafts import checks, schemas, versions
from diagnostic.drafts import service as drafts
from diagnostic.drafts.schemas import DraftRead, GridWrite, LintReport
from diagnostic.drafts.service import AddressMismatch, FourEyes, VersionStatusRefused
from diagnostic.drafts.versions import DraftUnknown, VersionTooLow
from diagnostic.paths import Code
from diagnostic.questionnaires.grid import GridContent
from diagnostic.questionnaires.models import QuestionnaireVersion
from diagnostic.questionnaires.schemas import VersionListed
from diagnostic.questionnaires.service import GridRefused, QuestionnaireElsewhere, VersionExists
from platformkit import etags
from platformkit.auth import Principal, needs
from platformkit.db import Session
from platformkit.errors import Invalid, PreconditionFailed, PreconditionRequired, problems
from platformkit.idempotency import IdempotentRoute

router = APIRouter(
    prefix="/v1/questionnaires", tags=["questionnaires"], route_class=IdempotentRoute
)

Author = Annotated[Principal, needs("diagnostic:author")]
Publisher = Annotated[Principal, needs("diagnostic:publish")]

ONE = "/{code}/versions/{version}"


@router.post("/validate", responses=problems(Invalid))
async def validate_questionnaire(body: GridWrite, session: Session, caller: Author) -> LintReport:
    """Tell everything that is wrong with a grid, and store nothing."""
    return schemas.report(await checks.findings(session, body))


@router.post(
    "/{code}/versions",
    status_code=201,
    responses=problems(
        QuestionnaireElsewhere, VersionExists, VersionTooLow, AddressMismatch, Invalid
    ),
)
async def create_draft(
    code: Code, body: GridWrite, session: Session, caller: Author, response: Response
) -> DraftRead:
    """Write a new version of a grid of yours, or of a new grid; it may still have errors."""
    drafts.check_address(body, code)
    made = await drafts.add(session, caller, body, datetime.now(UTC))
    response.headers["location"] = f"/v1/questionnaires/{code}/versions/{made.version}"
    return await _saved(session, made, body, response)


@router.put(
    ONE,
    responses=problems(
        DraftUnknown,
        VersionStatusRefused,
        AddressMismatch,
        Invalid,
        PreconditionFailed,
        PreconditionRequired,
    ),
)
async def replace_draft(
    code: Code,
    version: Code,
    body: GridWrite,
    if_match: etags.IfMatch,
    session: Session,
    caller: Author,
    response: Response,
) -> DraftRead:
    """Replace a draft of yours, whole; who wrote any of it cannot publish it."""
    drafts.check_address(body, code, version)
    found = await drafts.change(session, caller, body, if_match, datetime.now(UTC))
    return await _saved(session, found, body, response)


@router.delete(
    ONE,
    status_code=204,
    responses=problems(
        DraftUnknown, VersionStatusRefused, PreconditionFailed, PreconditionRequired
    ),
)
async def delete_draft(
    code: Code, version: Code, if_match: etags.IfMatch, session: Session, caller: Author
) -> None:
    """Throw a draft of yours away; a version that left draft stays."""
    await drafts.discard(session, caller, code, version, if_match)


@router.post(ONE + "/validate", responses=problems(DraftUnknown))
async def validate_questionnaire_version(
    code: Code, version: Code, session: Session, caller: Author
) -> LintReport:
    """Tell everything that is wrong with a stored version of yours; nothing changes."""
    found = await versions.own(session, caller.tenant, code, version)
    content = GridContent.model_validate(found.content)
    return schemas.report(await checks.findings(session, content))


@router.post(
    ONE + "/request-review", responses=problems(DraftUnknown, VersionStatusRefused, GridRefused)
)
async def request_questionnaire_review(
    code: Code, version: Code, session: Session, caller: Author, response: Response
) -> VersionListed:
    """Close a draft without errors and hand it to whoever publishes; it never changes again."""
    return listed(await drafts.request_review(session, caller, code, version), response)


@router.post(
    ONE + "/publish",
    responses=problems(
        DraftUnknown, VersionStatusRefused, FourEyes, VersionTooLow, VersionExists, GridRefused
    ),
)
async def publish_questionnaire_version(
    code: Code, version: Code, session: Session, caller: Publisher, response: Response
) -> VersionListed:
    """Put a reviewed version that you did not write in force for new diagnostics."""
    now = datetime.now(UTC)
    return listed(await drafts.publish(session, caller, code, version, now), response)


@router.post(ONE + "/retire", responses=problems(DraftUnknown, VersionStatusRefused))
async def retire_questionnaire_version(
    code: Code, version: Code, session: Session, caller: Publisher, response: Response
) -> VersionListed:
    """Refuse a version in review, or take a published one out of use for new diagnostics."""
    return listed(await drafts.retire(session, caller, code, version), response)


def listed(version: QuestionnaireVersion, response: Response) -> VersionListed:
    """Show where a version stands, under its entity tag."""
    response.headers["etag"] = drafts.tag(version)
    content = version.content
    return VersionListed(
        code=content["code"],
        question_count=len(content["questions"]),
        **{
            name: getattr(version, name)
            for name in VersionListed.model_fields.keys() - {"code", "question_count"}
        },
    )


async def _saved(
    session: Session, version: QuestionnaireVersion, content: GridContent, response: Response
) -> DraftRead:
    found = await checks.findings(session, content)
    return DraftRead(**listed(version, response).model_dump(), lint=schemas.report(found))
