"""HTTP of those who fund: their aids in both languages, in any state."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Response

from diagnostic.funders import service as funders
from diagnostic.funders.schemas import OpportunityContent, OpportunityHeld, OpportunityWrite
from diagnostic.funders.service import (
    CatalogueFull,
    OpportunityExists,
    OpportunityRefused,
    OpportunityStatusRefused,
)
from diagnostic.opportunities.models import Opportunity
from diagnostic.opportunities.service import OpportunityUnknown
from diagnostic.paths import Code
from platformkit import etags
from platformkit.auth import Principal, needs
from platformkit.db import Session
from platformkit.errors import Invalid, PreconditionFailed, PreconditionRequired, problems
from platformkit.idempotency import IdempotentRoute
from platformkit.pagination import Page, Paging, page

router = APIRouter(prefix="/v1/opportunities", tags=["funders"], route_class=IdempotentRoute)

Funder = Annotated[Principal, needs("diagnostic:fund")]
_STEP = problems(
    OpportunityUnknown, OpportunityStatusRefused, PreconditionFailed, PreconditionRequired
)


@router.get("/mine")
async def list_own_opportunities(
    session: Session, caller: Funder, paging: Paging
) -> Page[OpportunityHeld]:
    """List the aids that you wrote, by code, in any state."""
    return page(
        paging,
        await funders.listed(session, caller.tenant, paging),
        key=lambda one: [one.code],
        render=OpportunityHeld.model_validate,
        total=await funders.counted(session, caller.tenant) if paging.count else None,
    )


@router.post(
    "",
    status_code=201,
    responses=problems(OpportunityExists, CatalogueFull, OpportunityRefused, Invalid),
)
async def write_opportunity(
    body: OpportunityWrite, session: Session, caller: Funder, response: Response
) -> OpportunityContent:
    """Write an aid or a call for projects, as a draft; every fault of it is told at once."""
    found = await funders.write(session, caller, body)
    response.headers["location"] = f"/v1/opportunities/{found.code}/content"
    return _shown(found, response)


@router.get("/{code}/content", responses=problems(OpportunityUnknown))
async def read_opportunity_content(
    code: Code, session: Session, caller: Funder, response: Response
) -> OpportunityContent:
    """Read an aid of yours as you wrote it; the ETag is what a change must send back."""
    return _shown(await funders.own(session, caller.tenant, code), response)


@router.put(
    "/{code}/content",
    responses=problems(
        OpportunityUnknown, OpportunityRefused, Invalid, PreconditionFailed, PreconditionRequired
    ),
)
async def replace_opportunity(
    code: Code,
    body: OpportunityWrite,
    if_match: etags.IfMatch,
    session: Session,
    caller: Funder,
    response: Response,
) -> OpportunityContent:
    """Replace an aid of yours; a public one becomes another public version at once."""
    now = datetime.now(UTC)
    return _shown(await funders.change(session, caller, code, if_match, body, now), response)


@router.post("/{code}/publish", responses=_STEP)
async def publish_opportunity(
    code: Code, if_match: etags.IfMatch, session: Session, caller: Funder, response: Response
) -> OpportunityContent:
    """Show an aid of yours to everybody, as it is in the version that you hold."""
    now = datetime.now(UTC)
    return _shown(await funders.publish(session, caller, code, if_match, now), response)


@router.post("/{code}/withdraw", responses=_STEP)
async def withdraw_opportunity(
    code: Code, if_match: etags.IfMatch, session: Session, caller: Funder, response: Response
) -> OpportunityContent:
    """Take an aid of yours out of the catalogue; who asks for it is told so."""
    now = datetime.now(UTC)
    return _shown(await funders.withdraw(session, caller, code, if_match, now), response)


def _shown(found: Opportunity, response: Response) -> OpportunityContent:
    etags.tagged(response, found.version)
    return OpportunityContent.model_validate(found)
