"""HTTP of share links: for the company that shares, and for whoever holds a link."""

from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from diagnostic.assessments.service import AssessmentClosed, AssessmentUnknown
from diagnostic.reports import formats
from diagnostic.reports import service as reports
from diagnostic.reports.formats import Format
from diagnostic.reports.press import PRESS, PressBusy
from diagnostic.roadmaps.service import NotSubmitted
from diagnostic.shares import service as shares
from diagnostic.shares.schemas import ShareLinkCreate, ShareLinkCreated, ShareLinkRead
from diagnostic.shares.service import (
    SharedReportBusy,
    SharedReportUnknown,
    ShareLinksTooMany,
    ShareLinkUnknown,
)
from platformkit.auth import Principal, needs, public
from platformkit.clients.base import client
from platformkit.clients.training import TrainingClient
from platformkit.db import Session
from platformkit.errors import Invalid, problems, respond
from platformkit.i18n import speak
from platformkit.idempotency import IdempotentRoute
from platformkit.pagination import Page, Paging, page
from platformkit.reads import Reads

links = APIRouter(prefix="/v1/assessments/{assessment_id}/share-links", tags=["reports"])
"""Without idempotency: to replay the answer, its token would have to be stored."""

router = APIRouter(prefix="/v1", tags=["reports"], route_class=IdempotentRoute)

Reader = Annotated[Principal, needs("diagnostic:read")]
Writer = Annotated[Principal, needs("diagnostic:write")]
Anybody = Annotated[Principal, public()]
Training = Annotated[TrainingClient, client("training")]


@links.post(
    "",
    status_code=201,
    responses=problems(
        AssessmentUnknown, AssessmentClosed, NotSubmitted, ShareLinksTooMany, Invalid
    ),
)
async def create_share_link(
    assessment_id: UUID, body: ShareLinkCreate, session: Session, caller: Writer, response: Response
) -> ShareLinkCreated:
    """Make a link that opens the report without an account, for 90 days at most.

    `Location` is the address to give away. The token in it is shown this once: a retry makes
    another link.
    """
    made = await shares.create(session, caller, assessment_id, body, datetime.now(UTC))
    response.headers["location"] = f"/v1/shared-reports/{made.token}/report.html"
    response.headers["cache-control"] = "no-store"
    return made


@links.get("", responses=problems(AssessmentUnknown))
async def list_share_links(
    assessment_id: UUID, reads: Reads, caller: Reader, paging: Paging
) -> Page[ShareLinkRead]:
    """List the links to the report of a diagnostic, oldest first, and how often they served."""
    return page(
        paging,
        await shares.listed(reads, caller, assessment_id, paging),
        key=lambda one: [one.created_at.isoformat(), str(one.id)],
        render=lambda one: one,
        total=await shares.counted(reads, assessment_id) if paging.count else None,
    )


@router.post("/share-links/{link_id}/revoke", responses=problems(ShareLinkUnknown))
async def revoke_share_link(link_id: UUID, session: Session, caller: Writer) -> ShareLinkRead:
    """End a link at once."""
    return await shares.revoke(session, caller, link_id, datetime.now(UTC))


def _documented(one: Format) -> dict[str, Any]:
    content = {one.media_type: {"schema": {"type": "string", "format": "binary"}}}
    refusals = problems(SharedReportUnknown, SharedReportBusy, PressBusy)
    return {"response_class": Response, "responses": {200: {"content": content}, **refusals}}


@router.get("/shared-reports/{token}/report.html", **_documented(formats.HTML))
async def read_shared_report_page(
    token: str, request: Request, session: Session, reads: Reads, training: Training, _: Anybody
) -> Response:
    """Read a report by a share link, as one accessible page; every use is counted."""
    return await _handed(formats.HTML, token, request, session, reads, training)


@router.get("/shared-reports/{token}/report.pdf", **_documented(formats.PDF))
async def download_shared_report(
    token: str, request: Request, session: Session, reads: Reads, training: Training, _: Anybody
) -> Response:
    """Download a report by a share link, as an accessible PDF; every use is counted."""
    return await _handed(formats.PDF, token, request, session, reads, training)


async def _handed(
    one: Format,
    token: str,
    request: Request,
    session: Session,
    reads: Reads,
    training: TrainingClient,
) -> Response:
    """Hand out what the token opens; a refusal is returned, not raised, so that it is noted."""
    shared = await shares.opened(reads, token, datetime.now(UTC))
    if shared.refusal is not None:
        await shares.note(session, shared, one.ending)
        return respond(SharedReportUnknown(headers=shares.UNSEEN))
    if shared.language is not None:
        speak(shared.language)
    settings = request.app.state.settings
    found = await reports.report(
        reads, training, shared.reader, shared.assessment_id, settings.benchmark_k
    )
    tag = formats.tag(one, found, settings.release)
    body = await PRESS.printed(tag, one.printer, found)
    await shares.note(session, shared, one.ending)
    headers = {
        **one.headers(f"diagnostic-ia-{found.language}"),
        **shares.UNSEEN,
        "content-language": found.language,
    }
    return Response(body, headers=headers, media_type=one.media_type)
