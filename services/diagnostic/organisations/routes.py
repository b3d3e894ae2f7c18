"""HTTP of companies."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from diagnostic.organisations import service as organisations
from diagnostic.organisations.schemas import (
    OrganisationCreate,
    OrganisationRead,
    OrganisationUpdate,
)
from diagnostic.organisations.service import OrganisationExists, OrganisationUnknown
from platformkit import etags
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
    found = await organisations.register(session, caller, body, datetime.now(UTC))
    response.headers["location"] = f"/v1/organisations/{found.id}"
    etags.tagged(response, found.version)
    return OrganisationRead.model_validate(found)


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
