"""HTTP of saved searches: each organisation its own."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from platformkit.auth import Principal, needs
from platformkit.db import Session
from platformkit.errors import Invalid, problems
from platformkit.idempotency import IdempotentRoute
from platformkit.pagination import CursorRefused, Page, Paging
from platformkit.reads import Reads
from training.alerts import service as alerts
from training.alerts.schemas import Matches, SavedSearchRead, SavedSearchWrite
from training.alerts.service import SavedSearchesFull, SavedSearchTooBroad, SavedSearchUnknown
from training.certifications import moments
from training.certifications.service import BatchTooLarge, CertificationNumberInvalid
from training.search import parameters
from training.search.filters import Asked
from training.search.service import CommuneUnknown, SearchContradictory

router = APIRouter(prefix="/v1/saved-searches", tags=["search"], route_class=IdempotentRoute)

Follower = Annotated[Principal, needs("training:alerts")]


@router.get("", responses=problems(CursorRefused))
async def list_saved_searches(
    reads: Reads, caller: Follower, paging: Paging
) -> Page[SavedSearchRead]:
    """List the searches that your organisation follows, the newest first."""
    return await alerts.listed(reads, caller.tenant, paging)


@router.post(
    "",
    status_code=201,
    responses=problems(
        SavedSearchesFull,
        SavedSearchTooBroad,
        SearchContradictory,
        CommuneUnknown,
        CertificationNumberInvalid,
        BatchTooLarge,
        Invalid,
    ),
)
async def save_search(
    request: Request,
    body: SavedSearchWrite,
    session: Session,
    reads: Reads,
    caller: Follower,
    asked: Annotated[Asked, Depends(parameters.asked)],
    response: Response,
) -> SavedSearchRead:
    """Follow a search, whose parameters are those of `GET /v1/search`, in the address.

    What matches now is not new. All the words are needed, as they are spelt; `sort` is nothing to
    it. A search that finds more than 2,000 things is too broad.
    """
    query = request.url.query
    saved = await alerts.save(session, reads, caller, asked, query, body, moments.now().day)
    response.headers["location"] = f"/v1/saved-searches/{saved.id}"
    return saved


@router.get("/{search_id}", responses=problems(SavedSearchUnknown))
async def read_saved_search(search_id: UUID, reads: Reads, caller: Follower) -> SavedSearchRead:
    """Read a search that your organisation follows."""
    return await alerts.one(reads, caller.tenant, search_id)


@router.delete("/{search_id}", status_code=204, responses=problems(SavedSearchUnknown))
async def forget_saved_search(search_id: UUID, session: Session, caller: Follower) -> None:
    """Follow a search no more; nothing of it is kept."""
    await alerts.forget(session, caller.tenant, search_id)


@router.get("/{search_id}/matches", responses=problems(SavedSearchUnknown, CursorRefused))
async def read_saved_search_matches(
    request: Request,
    search_id: UUID,
    reads: Reads,
    caller: Follower,
    after: Annotated[
        str | None, Query(max_length=500, description="`next` of your last look")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Matches:
    """Read what newly matches since your last look, and still does; at first, since it was saved.

    The event `training.saved_search.updated` says when there is something. Searches are asked
    seconds after an offer or a certification changes; what the calendar alone changes is not new.
    """
    secret = request.app.state.settings.secret_key.get_secret_value()
    return await alerts.matches(reads, caller.tenant, search_id, secret, after, limit)
