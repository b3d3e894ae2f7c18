"""HTTP of rollovers: a year's offer copied, its drafts corrected and published."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from platformkit import etags
from platformkit.auth import Principal, needs
from platformkit.db import Session
from platformkit.errors import PreconditionRequired, problems
from platformkit.etags import IfMatch, Stale
from platformkit.idempotency import IdempotentRoute
from platformkit.pagination import CursorRefused, Page, Paging
from platformkit.reads import Reads
from training.entering.service import CatalogueBusy
from training.proposals import access
from training.proposals.problems import PayloadInvalid
from training.rollovers import drafts
from training.rollovers import service as rollovers
from training.rollovers.copying import Outcome
from training.rollovers.problems import (
    DraftKeyFixed,
    DraftPublished,
    DraftUnknown,
    ProviderOffersUnknown,
    RolloverTooLarge,
    RolloverUnknown,
    RolloverYearInvalid,
)
from training.rollovers.schemas import (
    Confirmation,
    DraftRead,
    DraftSummary,
    DraftUpdate,
    LineRead,
    PublicationRead,
    RolloverAsked,
    RolloverRead,
)

router = APIRouter(prefix="/v1", tags=["rollovers"], route_class=IdempotentRoute)

Reader = Annotated[Principal, needs(access.READ)]
Writer = Annotated[Principal, needs(access.WRITE)]
_CHANGES = (DraftUnknown, DraftPublished, Stale, PreconditionRequired)


@router.post(
    "/rollovers",
    status_code=201,
    responses=problems(ProviderOffersUnknown, RolloverYearInvalid, RolloverTooLarge),
)
async def roll_offers_over(
    session: Session, caller: Writer, body: RolloverAsked, response: Response
) -> RolloverRead:
    """Copy your offers of a year to the next, as drafts; what is there already is left alone."""
    made = await rollovers.roll_over(session, caller, body)
    response.headers["location"] = f"/v1/rollovers/{made.id}"
    return made


@router.get("/rollovers", responses=problems(CursorRefused))
async def list_rollovers(reads: Reads, caller: Reader, paging: Paging) -> Page[RolloverRead]:
    """List your rollovers, the newest first."""
    return await rollovers.listed(reads, caller, paging)


@router.get("/rollovers/{rollover_id}", responses=problems(RolloverUnknown))
async def read_rollover(reads: Reads, caller: Reader, rollover_id: UUID) -> RolloverRead:
    """Read what a rollover has made."""
    return await rollovers.read(reads, caller, rollover_id)


@router.get("/rollovers/{rollover_id}/lines", responses=problems(RolloverUnknown, CursorRefused))
async def list_rollover_lines(
    reads: Reads,
    caller: Reader,
    rollover_id: UUID,
    paging: Paging,
    outcome: Annotated[Outcome | None, Query()] = None,
) -> Page[LineRead]:
    """List what became of each formation, and what to offer where a certification ends."""
    return await rollovers.lines(reads, caller, rollover_id, paging, outcome)


@router.get("/rollover-drafts", responses=problems(CursorRefused))
async def list_rollover_drafts(
    reads: Reads,
    caller: Reader,
    paging: Paging,
    *,
    provider: Annotated[str | None, Query(pattern=r"^[0-9]{14}$", description="SIRET")] = None,
    published: Annotated[bool | None, Query(description="whether it is a formation now")] = None,
) -> Page[DraftSummary]:
    """List your drafts by provider and number."""
    return await drafts.listed(reads, caller, paging, provider, is_published=published)


@router.get("/rollover-drafts/{draft_id}", responses=problems(DraftUnknown))
async def read_rollover_draft(
    session: Session, caller: Reader, draft_id: UUID, response: Response
) -> DraftRead:
    """Read a draft whole."""
    found = await drafts.one(session, caller, draft_id)
    etags.tagged(response, found.version)
    return drafts.whole(found)


@router.put(
    "/rollover-drafts/{draft_id}", responses=problems(*_CHANGES, PayloadInvalid, DraftKeyFixed)
)
async def rewrite_rollover_draft(
    session: Session,
    caller: Writer,
    draft_id: UUID,
    body: DraftUpdate,
    if_match: IfMatch,
    response: Response,
) -> DraftRead:
    """Replace the payload of a draft; it may be incomplete until it is published."""
    found = await drafts.rewrite(session, caller, draft_id, body.payload, if_match)
    etags.tagged(response, found.version)
    return drafts.whole(found)


@router.delete("/rollover-drafts/{draft_id}", status_code=204, responses=problems(*_CHANGES))
async def discard_rollover_draft(
    session: Session, caller: Writer, draft_id: UUID, if_match: IfMatch
) -> None:
    """Discard a draft; a later rollover makes it anew."""
    await drafts.discard(session, caller, draft_id, if_match)


@router.post("/rollover-drafts/publish", responses=problems(CatalogueBusy))
async def publish_rollover_drafts(
    session: Session, caller: Writer, body: Confirmation
) -> PublicationRead:
    """Publish drafts, each on its own: what passes the gate of publication is in the catalogue."""
    return await drafts.publish(session, caller, body.drafts, datetime.now(UTC))
