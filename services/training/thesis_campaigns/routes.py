"""HTTP of campaigns: open data once opened, written by those who grant."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response

from platformkit import etags, open_data
from platformkit.auth import Principal, needs, public
from platformkit.db import Session
from platformkit.errors import Invalid, PreconditionFailed, PreconditionRequired, problems
from platformkit.idempotency import IdempotentRoute
from platformkit.pagination import CursorRefused, Page, Paging, page
from platformkit.sparse import FieldUnknown, Sparse, fields_of
from training.certifications import moments
from training.thesis_campaigns import service as campaigns
from training.thesis_campaigns.problems import (
    ThesisBudgetCommitted,
    ThesisCampaignRefused,
    ThesisCampaignStatusRefused,
    ThesisCampaignUnknown,
    ThesisOrganisationInUse,
    ThesisRulesFixed,
)
from training.thesis_campaigns.rules import Status
from training.thesis_campaigns.schemas import (
    CampaignContent,
    CampaignListed,
    CampaignRead,
    CampaignWrite,
)

router = APIRouter(prefix="/v1/thesis-campaigns", tags=["theses"], route_class=IdempotentRoute)

Anyone = Annotated[Principal, public()]
Grantor = Annotated[Principal, needs("training:grants")]
_TURNED = problems(
    ThesisCampaignUnknown, ThesisCampaignStatusRefused, PreconditionFailed, PreconditionRequired
)


@router.get(
    "",
    response_model=Page[CampaignListed],
    responses=open_data.KEPT | problems(CursorRefused, FieldUnknown),
)
async def list_thesis_campaigns(
    request: Request,
    session: Session,
    caller: Anyone,
    paging: Paging,
    sparse: Annotated[Sparse, fields_of(CampaignListed)],
) -> Response:
    """List the campaigns that were opened, the newest first, and which accept subjects today."""
    found = await _page(session, None, paging)
    return _open(request, sparse.page(found.model_dump_json().encode()))


@router.get("/mine", responses=problems(CursorRefused))
async def list_own_thesis_campaigns(
    session: Session, caller: Grantor, paging: Paging
) -> Page[CampaignListed]:
    """List the campaigns of your organisation, drafts too."""
    return await _page(session, caller.tenant, paging)


@router.post("", status_code=201, responses=problems(ThesisCampaignRefused, Invalid))
async def write_thesis_campaign(
    body: CampaignWrite, session: Session, caller: Grantor, response: Response
) -> CampaignContent:
    """Write a campaign, as a draft that nobody else sees; every fault of it is told at once."""
    found = await campaigns.write(session, caller, body, moments.now().day)
    response.headers["location"] = f"/v1/thesis-campaigns/{found.id}/content"
    return _tagged(found, response)


@router.get(
    "/{campaign_id}",
    response_model=CampaignRead,
    responses=open_data.KEPT | problems(ThesisCampaignUnknown, FieldUnknown),
)
async def read_thesis_campaign(
    request: Request,
    campaign_id: UUID,
    session: Session,
    caller: Anyone,
    sparse: Annotated[Sparse, fields_of(CampaignRead)],
) -> Response:
    """Read a campaign that was opened: dates, budget, rules, and who takes part by which code."""
    found = await campaigns.public(session, campaign_id, moments.now().day)
    return _open(request, sparse.document(found.model_dump_json().encode()))


@router.get("/{campaign_id}/content", responses=problems(ThesisCampaignUnknown))
async def read_thesis_campaign_content(
    campaign_id: UUID, session: Session, caller: Grantor, response: Response
) -> CampaignContent:
    """Read a campaign of yours as you wrote it, and what of its budget is committed."""
    return _tagged(
        await campaigns.content(session, caller, campaign_id, moments.now().day), response
    )


@router.put(
    "/{campaign_id}/content",
    responses=problems(
        ThesisCampaignUnknown,
        ThesisCampaignRefused,
        ThesisCampaignStatusRefused,
        ThesisRulesFixed,
        ThesisBudgetCommitted,
        ThesisOrganisationInUse,
        Invalid,
        PreconditionFailed,
        PreconditionRequired,
    ),
)
async def replace_thesis_campaign(
    campaign_id: UUID,
    body: CampaignWrite,
    if_match: etags.IfMatch,
    session: Session,
    caller: Grantor,
    response: Response,
) -> CampaignContent:
    """Replace a campaign of yours; once opened its dates, budget and participants may change."""
    found = await campaigns.change(session, caller, campaign_id, if_match, body, moments.now().day)
    return _tagged(found, response)


@router.post("/{campaign_id}/open", responses=_TURNED)
async def open_thesis_campaign(
    campaign_id: UUID,
    if_match: etags.IfMatch,
    session: Session,
    caller: Grantor,
    response: Response,
) -> CampaignContent:
    """Show a campaign to everybody; laboratories submit from its first day on."""
    turned = await campaigns.turn(
        session, caller, campaign_id, if_match, Status.OPEN, moments.now().day
    )
    return _tagged(turned, response)


@router.post("/{campaign_id}/close", responses=_TURNED)
async def close_thesis_campaign(
    campaign_id: UUID,
    if_match: etags.IfMatch,
    session: Session,
    caller: Grantor,
    response: Response,
) -> CampaignContent:
    """End submissions; what was submitted goes on, each step until its own last day."""
    turned = await campaigns.turn(
        session, caller, campaign_id, if_match, Status.CLOSED, moments.now().day
    )
    return _tagged(turned, response)


async def _page(session: Session, tenant: str | None, paging: Paging) -> Page[CampaignListed]:
    today = moments.now().day
    return page(
        paging,
        await campaigns.listed(session, tenant, paging),
        key=lambda one: [one.created_at.isoformat(), str(one.id)],
        render=lambda one: CampaignListed(**campaigns.listing(one, today)),
        total=await campaigns.counted(session, tenant) if paging.count else None,
    )


def _open(request: Request, body: bytes) -> Response:
    """Answer open data, which midnight in Paris may change."""
    return open_data.answer(request, body, seconds=moments.now().seconds)


def _tagged(found: CampaignContent, response: Response) -> CampaignContent:
    etags.tagged(response, found.version)
    return found
