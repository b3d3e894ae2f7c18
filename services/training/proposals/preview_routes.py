"""HTTP of preview links: for the school that shows its draft, and for whoever holds a link."""

from datetime import UTC, datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Path, Request, Response

from platformkit.auth import Principal, needs, public
from platformkit.db import Session
from platformkit.errors import problems
from platformkit.i18n import Text
from platformkit.pagination import CursorRefused, Page, Paging, page
from training.certifications.schemas import Label
from training.proposals import access, previews
from training.proposals.models import ProposalPreview
from training.proposals.problems import (
    NotEditable,
    NotTheAuthor,
    PreviewsTooMany,
    PreviewUnknown,
    ProposalUnknown,
)
from training.proposals.schemas import (
    PreviewCreate,
    PreviewCreated,
    PreviewRead,
    PreviewShown,
    StateRead,
)
from training.proposals.states import State
from training.proposals.wording import STATES

links = APIRouter(prefix="/v1/proposals/{proposal_id}/previews", tags=["proposals"])
"""Without idempotency: to replay the answer, its token would have to be stored."""

router = APIRouter(prefix="/v1/proposal-previews", tags=["proposals"])

Writer = Annotated[Principal, needs(access.WRITE)]
_NOTICE = Label.of(
    Text(
        "Aperçu d’une proposition : elle peut changer, et n’est pas publiée.",
        "Preview of a proposal: it may change, and is not published.",
    )
)


@links.post(
    "",
    status_code=201,
    responses=problems(ProposalUnknown, NotTheAuthor, NotEditable, PreviewsTooMany),
)
async def share_proposal_preview(
    request: Request,
    session: Session,
    caller: Writer,
    proposal_id: UUID,
    body: PreviewCreate,
    response: Response,
) -> PreviewCreated:
    """Make a link that shows your proposal without an account, for 90 days at most.

    `Location` is the address to give away. A retry makes another link.
    """
    now = datetime.now(UTC)
    made = await previews.share(session, caller, proposal_id, body, now)
    token = previews.token(_secret(request), made)
    response.headers["location"] = f"/v1/proposal-previews/{token}"
    response.headers["cache-control"] = "no-store"
    return PreviewCreated(**_shown(made, now).model_dump(), token=token)


@links.get("", responses=problems(ProposalUnknown, NotTheAuthor, CursorRefused))
async def list_proposal_previews(
    session: Session, caller: Writer, proposal_id: UUID, paging: Paging
) -> Page[PreviewRead]:
    """List the links to your proposal, the first first."""
    now = datetime.now(UTC)
    found, total = await previews.listed(session, caller, proposal_id, paging)
    return page(
        paging,
        found,
        lambda one: [one.created_at.isoformat(), str(one.id)],
        lambda one: _shown(one, now),
        total,
    )


@links.post(
    "/{preview_id}/revoke", responses=problems(ProposalUnknown, NotTheAuthor, PreviewUnknown)
)
async def revoke_proposal_preview(
    session: Session, caller: Writer, proposal_id: UUID, preview_id: UUID
) -> PreviewRead:
    """End a link at once; twice is once."""
    now = datetime.now(UTC)
    return _shown(await previews.revoke(session, caller, proposal_id, preview_id, now), now)


@router.get("/{token}", dependencies=[public()], responses=problems(PreviewUnknown))
async def read_proposal_preview(
    request: Request,
    session: Session,
    token: Annotated[str, Path(max_length=400)],
    response: Response,
) -> PreviewShown:
    """See a proposal by a preview link."""
    found, link = await previews.opened(session, _secret(request), token, datetime.now(UTC))
    response.headers.update(previews.UNSEEN)
    state = State(found.state)
    return PreviewShown(
        kind="offer" if found.kind == "offer" else "certification",
        title=found.title,
        state=StateRead(code=state, label=Label.of(STATES[state])),
        payload=found.payload,
        notice=_NOTICE,
        expires_at=link.expires_at,
    )


def _shown(link: ProposalPreview, now: datetime) -> PreviewRead:
    state: Literal["active", "expired", "revoked"] = "active"
    if link.revoked_at is not None:
        state = "revoked"
    elif link.expires_at <= now:
        state = "expired"
    return PreviewRead(
        id=link.id,
        state=state,
        note=link.note,
        created_at=link.created_at,
        expires_at=link.expires_at,
        revoked_at=link.revoked_at,
    )


def _secret(request: Request) -> str:
    secret: str = request.app.state.settings.secret_key.get_secret_value()
    return secret
