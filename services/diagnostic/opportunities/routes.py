"""HTTP of funding: the catalogue is open data, a company's eligibility is its tenant's."""

from datetime import UTC, datetime
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from diagnostic.opportunities import service as opportunities
from diagnostic.opportunities.schemas import FundingList, OpportunityRead
from diagnostic.opportunities.service import FactsRefused, OpportunityUnknown
from diagnostic.organisations import service as organisations
from diagnostic.organisations.service import OrganisationUnknown
from diagnostic.paths import Code
from platformkit import finding, open_data
from platformkit.auth import Principal, needs, public
from platformkit.db import Session
from platformkit.errors import problems
from platformkit.pagination import Page, Paging, page
from platformkit.reads import Reads

router = APIRouter(prefix="/v1", tags=["opportunities"])

Anyone = Annotated[Principal, public()]
Reader = Annotated[Principal, needs("diagnostic:read")]
_SECONDS: Final = 60
"""How late an aid may be said to open or to close, at midnight."""

Euros = Annotated[float | None, Query(ge=0, allow_inf_nan=False)]


@router.get("/opportunities", response_model=Page[OpportunityRead], responses=open_data.KEPT)
async def list_opportunities(
    request: Request, reads: Reads, caller: Anyone, paging: Paging
) -> Response:
    """List the public aids we know, by code; each names its source."""
    now = datetime.now(UTC)
    after = str(paging.after[0]) if paging.after else ""
    found: Page[OpportunityRead] = page(
        paging,
        await opportunities.listed(reads, after, paging.limit + 1),
        key=lambda found: [found[0].code],
        render=lambda found: opportunities.shown(found, now),
        total=await opportunities.counted(reads) if paging.count else None,
    )
    return _answer(request, found)


@router.get(
    "/opportunities/{code}",
    response_model=OpportunityRead,
    responses=open_data.KEPT | problems(OpportunityUnknown),
)
async def read_opportunity(request: Request, code: Code, reads: Reads, caller: Anyone) -> Response:
    """Read a public aid: who pays, how much, on which conditions, until when."""
    found = opportunities.shown(await opportunities.one(reads, code), datetime.now(UTC))
    return _answer(request, found)


@router.get("/search", response_model=finding.SearchAnswer, responses=open_data.KEPT)
async def search_opportunities(
    request: Request, reads: Reads, caller: Anyone, q: finding.Question, limit: finding.Most = 10
) -> Response:
    """Find public aids by name, operator or purpose, accents and misspellings forgiven."""
    body = opportunities.found(await opportunities.listed(reads), q, limit)
    return open_data.answer(request, body, translated=True)


def _answer(request: Request, found: BaseModel) -> Response:
    body = found.model_dump_json().encode()
    return open_data.answer(request, body, seconds=_SECONDS, translated=True)


@router.get(
    "/organisations/{organisation_id}/funding",
    responses=problems(OrganisationUnknown, FactsRefused),
)
async def read_funding(
    organisation_id: UUID,
    session: Session,
    reads: Reads,
    caller: Reader,
    de_minimis_eur: Euros = None,
    turnover_eur: Euros = None,
    balance_sheet_eur: Euros = None,
    *,
    project_started: bool | None = None,
    is_independent: bool | None = None,
    in_difficulty: bool | None = None,
) -> FundingList:
    """Judge every aid for a company of yours; what you add here is used and not stored."""
    found = await organisations.own(session, caller.tenant, organisation_id)
    facts = {
        **organisations.facts(found),
        "de_minimis_eur": de_minimis_eur,
        "turnover_eur": turnover_eur,
        "balance_sheet_eur": balance_sheet_eur,
        "project_started": project_started,
        "is_independent": is_independent,
        "in_difficulty": in_difficulty,
    }
    items = opportunities.judged(await opportunities.listed(reads), facts, datetime.now(UTC))
    return FundingList(organisation_id=organisation_id, items=items)
