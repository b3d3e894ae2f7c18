"""HTTP of companies."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from asyncpg import UniqueViolationError
from fastapi import APIRouter, Query, Request, Response

from diagnostic.organisations import registering
from diagnostic.organisations import service as organisations
from diagnostic.organisations.registering import OrganisationExists
from diagnostic.organisations.schemas import (
    OrganisationCreate,
    OrganisationRead,
    OrganisationUpdate,
)
from diagnostic.organisations.service import OrganisationUnknown
from platformkit import etags, hot, idempotency
from platformkit.auth import Principal, needs
from platformkit.db import Session
from platformkit.errors import Invalid, PreconditionFailed, PreconditionRequired, problems
from platformkit.idempotency import IdempotentRoute
from platformkit.pagination import Page, Paging, page

router = APIRouter(prefix="/v1/organisations", tags=["organisations"], route_class=IdempotentRoute)

Reader = Annotated[Principal, needs("diagnostic:read")]
Writer = Annotated[Principal, needs("diagnostic:write")]


@router.post("", status_code=201, responses=problems(OrganisationExists, Invalid))
async def register_organisation(
    body: OrganisationCreate, session: Session, caller: Writer, response: Response
) -> OrganisationRead:
    """Register a company of yours; its SIREN is checked, its size band derived."""
    found = await registering.register(session, registering.drawn_up(caller, body))
    response.headers["location"] = _place(found.id)
    etags.tagged(response, found.version)
    return found


def _place(organisation_id: UUID) -> str:
    return f"/v1/organisations/{organisation_id}"


async def hot_register(request: Request) -> Response | None:
    """Register as `register_organisation` does, in one trip and without its machinery."""
    key = await idempotency.asked(request)
    body = await hot.read_json(request, OrganisationCreate)
    if body is None:
        return None
    asked = registering.drawn_up(request.state.principal, body)
    headers = {
        "content-type": "application/json",
        "location": _place(asked.id),
        "etag": etags.of_version(1),
    }
    try:
        found = await registering.register_once(request.app.state.writes, asked, key, headers)
    except UniqueViolationError:  # of the key
        return None
    if found["body"] is None:
        return None  # the route gives what is kept under the key, or says why not
    return Response(found["body"], 201, headers)


hot_writes = {"/v1/organisations": hot_register}


@router.get("")
async def list_organisations(
    session: Session,
    caller: Reader,
    paging: Paging,
    siren: Annotated[str | None, Query(pattern=r"^[0-9]{9}$")] = None,
) -> Page[OrganisationRead]:
    """List your companies, in the order of their registration."""
    rows = await organisations.listed(session, caller.tenant, paging, siren)
    return page(
        paging,
        rows,
        key=lambda one: [one.created_at.isoformat(), str(one.id)],
        render=OrganisationRead.model_validate,
        total=await organisations.counted(session, caller.tenant, siren) if paging.count else None,
    )


@router.get("/{organisation_id}", responses=problems(OrganisationUnknown))
async def read_organisation(
    organisation_id: UUID, session: Session, caller: Reader, response: Response
) -> OrganisationRead:
    """Read a company of yours; the ETag is what a change must send back."""
    found = await organisations.own(session, caller.tenant, organisation_id)
    etags.tagged(response, found.version)
    return OrganisationRead.model_validate(found)


@router.patch(
    "/{organisation_id}",
    responses=problems(OrganisationUnknown, Invalid, PreconditionFailed, PreconditionRequired),
)
async def change_organisation(
    organisation_id: UUID,
    body: OrganisationUpdate,
    if_match: etags.IfMatch,
    session: Session,
    caller: Writer,
    response: Response,
) -> OrganisationRead:
    """Change some fields of a company; withdrawing the consent counts from the next figures."""
    found = await organisations.change(
        session, caller, organisation_id, if_match, body, datetime.now(UTC)
    )
    etags.tagged(response, found.version)
    return OrganisationRead.model_validate(found)
