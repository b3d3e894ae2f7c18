"""HTTP of a proposal's documents; a file is sent and fetched as it is."""

from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from platformkit import etags, preferences
from platformkit.auth import Principal, needs
from platformkit.classes import counted_as
from platformkit.db import Session
from platformkit.detection import EXTENSIONS
from platformkit.errors import problems
from platformkit.idempotency import IdempotentRoute
from platformkit.openapi import file_body
from platformkit.pagination import CursorRefused, Page, Paging, page
from training.proposals import access, attachments
from training.proposals.problems import (
    AttachmentRefused,
    AttachmentsTooMany,
    AttachmentTooLarge,
    AttachmentTypeUnsupported,
    AttachmentUnknown,
    NotAssigned,
    NotEditable,
    ProposalUnknown,
    ReviewOver,
    SelfReview,
)
from training.proposals.schemas import AttachmentRead

router = APIRouter(
    prefix="/v1/proposals/{proposal_id}/attachments",
    tags=["proposals"],
    route_class=IdempotentRoute,
)

Reader = Annotated[Principal, needs(access.READ)]
_CHANGES = (ProposalUnknown, NotEditable, SelfReview, NotAssigned, ReviewOver)


@router.post(
    "",
    status_code=201,
    openapi_extra=file_body(EXTENSIONS, attachments.MAX_BYTES),
    responses=problems(
        *_CHANGES,
        AttachmentsTooMany,
        AttachmentTooLarge,
        AttachmentTypeUnsupported,
        AttachmentRefused,
    ),
)
async def attach_to_proposal(
    request: Request,
    session: Session,
    caller: Reader,
    proposal_id: UUID,
    title: Annotated[str, Query(pattern=r"^[^/\\\x00-\x1f]{1,200}$")],
    response: Response,
) -> AttachmentRead:
    """Send a document as it is: its author while it edits, a reviewer with the decision.

    The same file again is the one that is there. Whoever sends needs `training:write` or
    `training:review`.
    """
    media_type = preferences.media_type(request.headers.get("content-type", ""))
    content = await attachments.receive(request.stream(), media_type)
    made = await attachments.add(session, caller, proposal_id, title, media_type, content)
    response.headers["location"] = f"/v1/proposals/{proposal_id}/attachments/{made.id}"
    return AttachmentRead.model_validate(made)


@router.get("", responses=problems(ProposalUnknown, CursorRefused))
async def list_proposal_attachments(
    session: Session, caller: Reader, proposal_id: UUID, paging: Paging
) -> Page[AttachmentRead]:
    """List the documents of a proposal, the first first."""
    found, total = await attachments.listed(session, caller, proposal_id, paging)
    return page(
        paging,
        found,
        lambda one: [one.added_at.isoformat(), str(one.id)],
        AttachmentRead.model_validate,
        total,
    )


@router.get(
    "/{attachment_id}",
    dependencies=[counted_as("bulk")],
    response_class=Response,
    responses={
        200: {"content": {one: {} for one in EXTENSIONS}, "description": "The file as it came."},
        **problems(ProposalUnknown, AttachmentUnknown),
    },
)
async def download_proposal_attachment(
    request: Request, session: Session, caller: Reader, proposal_id: UUID, attachment_id: UUID
) -> Response:
    """Download a document as it came; it may hold anything, so it is only ever an attachment."""
    found = await attachments.one(session, caller, proposal_id, attachment_id)
    headers = {"etag": f'"{found.sha256}"', "cache-control": "private, no-cache"}
    if etags.not_modified(request, headers["etag"]):
        return Response(status_code=304, headers=headers)
    extension = f".{EXTENSIONS[found.media_type]}"
    name = quote(found.title.removesuffix(extension) + extension, safe="")
    headers |= {
        "content-disposition": f"attachment; filename*=UTF-8''{name}",
        "content-security-policy": "default-src 'none'; sandbox",
        "x-content-type-options": "nosniff",
    }
    return Response(found.content, headers=headers, media_type=found.media_type)


@router.delete(
    "/{attachment_id}", status_code=204, responses=problems(*_CHANGES, AttachmentUnknown)
)
async def remove_proposal_attachment(
    session: Session, caller: Reader, proposal_id: UUID, attachment_id: UUID
) -> None:
    """Forget a document that your organisation has added; a file never changes, so no If-Match."""
    await attachments.remove(session, caller, proposal_id, attachment_id)
