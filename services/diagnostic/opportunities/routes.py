"""HTTP of funding: the catalogue is open data, a company's eligibility is its tenant's."""

import asyncio
from datetime import UTC, datetime
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel

from diagnostic.opportunities import service as opportunities
from diagnostic.opportunities.content import CalendarDay, Nature
from diagnostic.opportunities.deadlines import Period, moment, whole_day
from diagnostic.opportunities.schemas import (
    FundingList,
    OpportunityRead,
    Standing,
    Verdicts,
    VersionListed,
    VersionRead,
)
from diagnostic.opportunities.service import (
    Chosen,
    FactsRefused,
    OpportunityUnknown,
    OpportunityVersionUnknown,
    OpportunityWithdrawn,
)
from diagnostic.organisations import service as organisations
from diagnostic.organisations.service import OrganisationUnknown
from diagnostic.paths import Code, Revision
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
"""How late an aid may be said to open or to close."""

Euros = Annotated[float | None, Query(ge=0, allow_inf_nan=False)]
On = Annotated[
    CalendarDay | None, Query(description="tell windows on this day in Paris, instead of now")
]


async def _period(on: On = None) -> Period:
    return moment(datetime.now(UTC)) if on is None else whole_day(on)


When = Annotated[Period, Depends(_period)]


async def _chosen(
    period: When,
    nature: Nature | None = None,
    window: Annotated[
        Standing | None, Query(description="open: at some moment of the day of `on`, or now")
    ] = None,
    *,
    is_call_for_projects: bool | None = None,
) -> Chosen:
    return Chosen(nature, is_call_for_projects, window).over(period)


Filters = Annotated[Chosen, Depends(_chosen)]


@router.get("/opportunities", response_model=Page[OpportunityRead], responses=open_data.KEPT)
async def list_opportunities(
    request: Request, reads: Reads, caller: Anyone, paging: Paging, chosen: Filters, period: When
) -> Response:
    """List the public aids and calls for projects we know, by code; each names its source."""
    after = str(paging.after[0]) if paging.after else ""
    found: Page[OpportunityRead] = page(
        paging,
        await opportunities.listed(reads, after, paging.limit + 1, chosen),
        key=lambda found: [found[0].code],
        render=lambda found: opportunities.shown(found, period),
        total=await opportunities.counted(reads, chosen) if paging.count else None,
    )
    return _answer(request, found)


@router.get(
    "/opportunities/{code}",
    response_model=OpportunityRead,
    responses=open_data.KEPT | problems(OpportunityUnknown, OpportunityWithdrawn),
)
async def read_opportunity(
    request: Request, code: Code, reads: Reads, caller: Anyone, period: When
) -> Response:
    """Read a public aid: who pays, how much, on which conditions, until when."""
    return _answer(request, opportunities.shown(await opportunities.one(reads, code), period))


@router.get(
    "/opportunities/{code}/versions",
    response_model=Page[VersionListed],
    responses=open_data.KEPT | problems(OpportunityUnknown),
)
async def list_opportunity_versions(
    request: Request, code: Code, reads: Reads, caller: Anyone, paging: Paging
) -> Response:
    """List the versions in which an aid was public, oldest first, also after its withdrawal."""
    after = int(paging.after[0]) if paging.after else 0
    found: Page[VersionListed] = page(
        paging,
        await opportunities.versions(reads, code, after, paging.limit + 1),
        key=lambda one: [one["version"]],
        render=lambda one: VersionListed(**one),
        total=await opportunities.versions_counted(reads, code) if paging.count else None,
    )
    return _answer(request, found)


@router.get(
    "/opportunities/{code}/versions/{number}",
    response_model=VersionRead,
    responses=open_data.KEPT | problems(OpportunityVersionUnknown),
)
async def read_opportunity_version(
    request: Request, code: Code, number: Revision, reads: Reads, caller: Anyone, period: When
) -> Response:
    """Read an aid as it was public in this version."""
    return _answer(request, await opportunities.version(reads, code, number, period))


@router.get("/search", response_model=finding.SearchAnswer, responses=open_data.KEPT)
async def search_opportunities(
    request: Request, reads: Reads, caller: Anyone, q: finding.Question, limit: finding.Most = 10
) -> Response:
    """Find public aids by name, operator or purpose, accents and misspellings forgiven."""
    catalogue = await opportunities.listed(reads)
    body = await asyncio.to_thread(opportunities.found, catalogue, q, limit)
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
    chosen: Filters,
    period: When,
    headcount: Annotated[int | None, Query(ge=0, le=5_000_000)] = None,
    region_code: Annotated[str | None, Query(max_length=3)] = None,
    de_minimis_eur: Euros = None,
    turnover_eur: Euros = None,
    balance_sheet_eur: Euros = None,
    status: Verdicts | None = None,
    *,
    project_started: bool | None = None,
    is_independent: bool | None = None,
    in_difficulty: bool | None = None,
) -> FundingList:
    """Judge every aid for a company of yours, and say which one question decides most.

    What you say here of the company goes before what it registered, and is not stored.
    """
    found = await organisations.own(session, caller.tenant, organisation_id)
    said = {
        "headcount": headcount,
        "region_code": region_code,
        "de_minimis_eur": de_minimis_eur,
        "turnover_eur": turnover_eur,
        "balance_sheet_eur": balance_sheet_eur,
        "project_started": project_started,
        "is_independent": is_independent,
        "in_difficulty": in_difficulty,
    }
    facts = organisations.facts(found) | {
        name: value for name, value in said.items() if value is not None
    }
    catalogue = await opportunities.listed(reads, chosen=chosen)
    items = await asyncio.to_thread(opportunities.judged, catalogue, facts, period)
    return FundingList(
        organisation_id=organisation_id,
        items=[one for one in items if status in {None, one.eligibility.status}],
        next_question=await asyncio.to_thread(opportunities.asked_next, catalogue, facts, period),
    )
