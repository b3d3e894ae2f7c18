"""HTTP of subjects: each organisation its own steps; what was granted is open data."""

from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from platformkit import etags, open_data
from platformkit.auth import Principal, needs, public
from platformkit.db import Session
from platformkit.errors import Invalid, PreconditionFailed, PreconditionRequired, problems
from platformkit.idempotency import IdempotentRoute
from platformkit.pagination import CursorRefused, Page, Paging, page
from platformkit.reads import Reads
from platformkit.sparse import FieldUnknown, Sparse, fields_of
from training.theses import decisions, holding, reading, view
from training.theses import service as theses
from training.theses.lifecycle import Status
from training.theses.problems import (
    ThesesFull,
    ThesisBudgetExceeded,
    ThesisCampaignClosed,
    ThesisGrantUnknown,
    ThesisGrantWithdrawn,
    ThesisInstitutionFull,
    ThesisRankTaken,
    ThesisRefused,
    ThesisReviewNotOpen,
    ThesisStepNotYours,
    ThesisStepRefused,
    ThesisStepTooLate,
    ThesisUnknown,
)
from training.theses.schemas import (
    Decision,
    EventRead,
    GrantRead,
    Move,
    ThesisPropose,
    ThesisRead,
    ThesisWrite,
)
from training.thesis_campaigns.problems import (
    ThesesUndecided,
    ThesisCampaignStatusRefused,
    ThesisCampaignUnknown,
)
from training.thesis_campaigns.schemas import CampaignContent, Code

router = APIRouter(prefix="/v1", tags=["theses"], route_class=IdempotentRoute)

Partner = Annotated[Principal, needs("training:theses")]
Grantor = Annotated[Principal, needs("training:grants")]
Anyone = Annotated[Principal, public()]
_TAGGED = (PreconditionFailed, PreconditionRequired)
_STEP = (ThesisUnknown, ThesisStepNotYours, ThesisStepRefused, ThesisRefused, Invalid, *_TAGGED)
_OF_CAMPAIGN = Query(description="of one campaign")


@router.get("/theses", responses=problems(CursorRefused))
async def list_theses(
    session: Session,
    caller: Partner,
    paging: Paging,
    campaign_id: Annotated[UUID | None, _OF_CAMPAIGN] = None,
    status: Status | None = None,
    *,
    waiting: Annotated[bool, Query(description="for a step of yours")] = False,
) -> Page[ThesisRead]:
    """List the subjects that you propose, or that have come to you, the newest first."""
    chosen: dict[str, Any] = {"campaign": campaign_id, "status": status, "waiting": waiting}
    return page(
        paging,
        await reading.listed(session, caller.tenant, paging, chosen),
        key=lambda row: [row["created_at"].isoformat(), str(row["id"])],
        render=lambda row: view.thesis(row, caller.tenant),
        total=await reading.counted(session, caller.tenant, chosen) if paging.count else None,
    )


@router.post(
    "/theses",
    status_code=201,
    responses=problems(
        ThesisCampaignUnknown, ThesisCampaignClosed, ThesesFull, ThesisRefused, Invalid
    ),
)
async def propose_thesis(
    body: ThesisPropose, session: Session, caller: Partner, response: Response
) -> ThesisRead:
    """Write a subject as its laboratory, as a draft that nobody else sees; then submit it."""
    found = await theses.propose(session, caller, body, datetime.now(UTC))
    response.headers["location"] = f"/v1/theses/{found.id}"
    return _tagged(found, response)


@router.get("/theses/{thesis_id}", responses=problems(ThesisUnknown))
async def read_thesis(
    thesis_id: UUID, session: Session, caller: Partner, response: Response
) -> ThesisRead:
    """Read a subject that you propose or that has come to you, and what you may do with it."""
    return _tagged(await holding.read(session, caller.tenant, thesis_id), response)


@router.put(
    "/theses/{thesis_id}",
    responses=problems(*_STEP, ThesisCampaignClosed),
)
async def replace_thesis(
    thesis_id: UUID,
    body: ThesisWrite,
    if_match: etags.IfMatch,
    session: Session,
    caller: Partner,
    response: Response,
) -> ThesisRead:
    """Replace a draft of yours, or what was sent back to you, while the campaign accepts."""
    now = datetime.now(UTC)
    return _tagged(await theses.change(session, caller, thesis_id, if_match, body, now), response)


@router.post(
    "/theses/{thesis_id}/transitions",
    responses=problems(
        *_STEP, ThesisCampaignClosed, ThesisStepTooLate, ThesisRankTaken, ThesisInstitutionFull
    ),
)
async def move_thesis(
    thesis_id: UUID,
    body: Move,
    if_match: etags.IfMatch,
    session: Session,
    caller: Partner,
    response: Response,
) -> ThesisRead:
    """Take a step that is yours: submit, endorse, rank, send back, decline, withdraw.

    Ranking passes a subject on to the Région; the same again gives it another rank.
    """
    now = datetime.now(UTC)
    return _tagged(await theses.move(session, caller, thesis_id, if_match, body, now), response)


@router.post(
    "/theses/{thesis_id}/decisions",
    responses=problems(*_STEP, ThesisReviewNotOpen, ThesisStepTooLate, ThesisBudgetExceeded),
)
async def decide_thesis(
    thesis_id: UUID,
    body: Decision,
    if_match: etags.IfMatch,
    session: Session,
    caller: Grantor,
    response: Response,
) -> ThesisRead:
    """Decide as the Région, once the campaign is closed; nobody else is told before the results.

    A decision may change until then; afterwards only those on the reserve list are decided.
    """
    now = datetime.now(UTC)
    found = await decisions.decide(session, caller, thesis_id, if_match, body, now)
    return _tagged(found, response)


@router.get("/theses/{thesis_id}/history", responses=problems(ThesisUnknown, CursorRefused))
async def list_thesis_history(
    thesis_id: UUID, session: Session, caller: Partner, paging: Paging
) -> Page[EventRead]:
    """List the steps of a subject: who, when, from where to where, why; the oldest first."""
    rows, total = await reading.history(session, caller.tenant, thesis_id, paging)
    return page(
        paging,
        rows,
        key=lambda row: [row["id"]],
        render=lambda row: EventRead(**row),
        total=total,
    )


@router.post(
    "/thesis-campaigns/{campaign_id}/publish",
    responses=problems(
        ThesisCampaignUnknown, ThesisCampaignStatusRefused, ThesesUndecided, *_TAGGED
    ),
)
async def publish_thesis_campaign(
    campaign_id: UUID,
    if_match: etags.IfMatch,
    session: Session,
    caller: Grantor,
    response: Response,
) -> CampaignContent:
    """Tell everybody the results of a closed campaign of yours, all at once."""
    now = datetime.now(UTC)
    found = await decisions.publish(session, caller, campaign_id, if_match, now)
    etags.tagged(response, found.version)
    return found


@router.get(
    "/thesis-grants",
    response_model=Page[GrantRead],
    responses=open_data.KEPT | problems(CursorRefused, FieldUnknown),
)
async def list_thesis_grants(
    request: Request,
    reads: Reads,
    caller: Anyone,
    paging: Paging,
    sparse: Annotated[Sparse, fields_of(GrantRead)],
    campaign_id: Annotated[UUID | None, _OF_CAMPAIGN] = None,
    institution: Annotated[Code | None, Query(description="by its code")] = None,
) -> Response:
    """List the subjects that were selected: laboratory, institution, financing; nobody's name."""
    total = None
    if paging.count:
        total = await reading.grants_counted(reads, campaign_id, institution)
    found = page(
        paging,
        await reading.grants(reads, paging, campaign_id, institution),
        key=lambda row: [row["granted_at"].isoformat(), str(row["id"])],
        render=view.grant,
        total=total,
    )
    return open_data.answer(request, sparse.page(found.model_dump_json().encode()))


@router.get(
    "/thesis-grants/{thesis_id}",
    response_model=GrantRead,
    responses=open_data.KEPT | problems(ThesisGrantUnknown, ThesisGrantWithdrawn, FieldUnknown),
)
async def read_thesis_grant(
    request: Request,
    thesis_id: UUID,
    reads: Reads,
    caller: Anyone,
    sparse: Annotated[Sparse, fields_of(GrantRead)],
) -> Response:
    """Read a subject that was selected; 410 when its laboratory has given it up since."""
    found = await reading.grant(reads, thesis_id)
    return open_data.answer(request, sparse.document(found.model_dump_json().encode()))


def _tagged(found: ThesisRead, response: Response) -> ThesisRead:
    etags.tagged(response, found.version)
    return found
