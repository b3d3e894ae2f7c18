"""HTTP of the company in short."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from diagnostic.organisations.service import OrganisationUnknown
from diagnostic.summaries import service as summaries
from diagnostic.summaries.schemas import OrganisationSummary
from platformkit.auth import Principal, needs
from platformkit.errors import problems
from platformkit.reads import Reads

router = APIRouter(prefix="/v1/organisations", tags=["organisations"])


@router.get(
    "/{organisation_id}/summary",
    response_model=OrganisationSummary,
    responses=problems(OrganisationUnknown),
)
async def summarise_organisation(
    organisation_id: UUID, reads: Reads, caller: Annotated[Principal, needs("diagnostic:read")]
) -> Response:
    """Read where a company of yours stands: its diagnostic, its first actions, its seat."""
    body = await summaries.summary(reads, caller.tenant, organisation_id, datetime.now(UTC))
    return Response(body, media_type="application/json")
