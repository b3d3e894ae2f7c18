"""HTTP of data protection."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from diagnostic.organisations.service import OrganisationUnknown
from diagnostic.protection import service as protection
from diagnostic.protection.schemas import OrganisationErased, OrganisationExport
from diagnostic.respondents.service import RespondentUnknown
from platformkit import etags
from platformkit.auth import Principal, needs
from platformkit.db import Session
from platformkit.errors import PreconditionFailed, PreconditionRequired, problems
from platformkit.idempotency import IdempotentRoute
from platformkit.reads import Reads
from platformkit.streaming import Streamed

router = APIRouter(prefix="/v1", tags=["data protection"], route_class=IdempotentRoute)

Reader = Annotated[Principal, needs("diagnostic:read")]
Officer = Annotated[Principal, needs("diagnostic:protect")]


@router.get(
    "/organisations/{organisation_id}/export.json",
    response_model=OrganisationExport,
    responses=problems(OrganisationUnknown),
)
async def export_organisation(
    organisation_id: UUID, session: Session, reads: Reads, caller: Reader
) -> Streamed:
    """Download everything kept of a company of yours: answers, scores, events (GDPR article 20)."""
    pieces = await protection.exported(session, reads, caller, organisation_id, datetime.now(UTC))
    headers = {
        "content-disposition": f'attachment; filename="organisation-{organisation_id}.json"',
        "cache-control": "no-store",
    }
    return Streamed(pieces, media_type="application/json", headers=headers)


@router.delete(
    "/respondents/{respondent_id}",
    status_code=204,
    responses=problems(RespondentUnknown, PreconditionFailed, PreconditionRequired),
)
async def erase_respondent(
    respondent_id: UUID, caller: Officer, if_match: etags.IfMatch, session: Session
) -> None:
    """Erase name, e-mail address and every free text of a respondent (GDPR article 17).

    At once and everywhere, events and exports included; what was scored stays, and so the score.
    """
    await protection.erase_respondent(session, caller, respondent_id, if_match)


@router.post(
    "/organisations/{organisation_id}/erase",
    responses=problems(OrganisationUnknown, PreconditionFailed, PreconditionRequired),
)
async def erase_organisation(
    organisation_id: UUID, caller: Officer, if_match: etags.IfMatch, session: Session
) -> OrganisationErased:
    """Erase who a company is, its respondents and every free text about it; there is no way back.

    Its scores stay anonymous in the comparison as far as it consents: withdraw that before, if
    they shall go as well.
    """
    return await protection.erase_organisation(
        session, caller, organisation_id, if_match, datetime.now(UTC)
    )
