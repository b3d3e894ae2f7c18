"""HTTP of invitations: for who facilitates a cohort, and for who is invited."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from diagnostic.cohorts.service import CohortNotOpen, CohortUnknown, EnrolmentClosed
from diagnostic.enrolments.schemas import EnrolmentRead
from diagnostic.enrolments.service import AlreadyEnrolled, CohortOverlaps
from diagnostic.invitations import service as invitations
from diagnostic.invitations.models import Invitation
from diagnostic.invitations.schemas import (
    InvitationAccept,
    InvitationOpened,
    InvitationRead,
    InvitationsCreate,
    InvitationsMade,
)
from diagnostic.invitations.service import InvitationOver, InvitationUnknown
from diagnostic.organisations.service import OrganisationUnknown
from diagnostic.tokens import InvitationSeal
from platformkit import etags
from platformkit.auth import Principal, needs
from platformkit.db import Session
from platformkit.errors import Invalid, problems
from platformkit.idempotency import IdempotentRoute
from platformkit.pagination import Page, Paging, page

cohort_invitations = APIRouter(prefix="/v1/cohorts/{cohort_id}/invitations", tags=["cohorts"])
"""Without idempotency: to replay the answer, its tokens would have to be stored."""

router = APIRouter(prefix="/v1/invitations", tags=["cohorts"], route_class=IdempotentRoute)

Reader = Annotated[Principal, needs("diagnostic:read")]
Writer = Annotated[Principal, needs("diagnostic:write")]
Facilitator = Annotated[Principal, needs("diagnostic:facilitate")]
ANSWERED = (InvitationUnknown, OrganisationUnknown, InvitationOver, Invalid)


def _shown(found: Invitation) -> InvitationRead:
    return InvitationRead(
        id=found.id,
        siren=found.siren,
        status=found.standing(datetime.now(UTC)).value,
        created_at=found.created_at,
        expires_at=found.expires_at,
    )


@cohort_invitations.post(
    "", status_code=201, responses=problems(CohortUnknown, CohortNotOpen, Invalid)
)
async def invite_companies(
    cohort_id: UUID,
    body: InvitationsCreate,
    session: Session,
    caller: Facilitator,
    seal: InvitationSeal,
    response: Response,
) -> InvitationsMade:
    """Invite up to sixty companies to your cohort; an invitation holds no seat.

    Each token is shown this once; a company with a link that still serves gets no other.
    """
    made = await invitations.invite(session, caller, cohort_id, body, seal, datetime.now(UTC))
    response.headers["cache-control"] = "no-store"
    return InvitationsMade(items=made)


@cohort_invitations.get("", responses=problems(CohortUnknown))
async def list_invitations(
    cohort_id: UUID, session: Session, caller: Facilitator, paging: Paging
) -> Page[InvitationRead]:
    """List the invitations to a cohort of yours, oldest first."""
    return page(
        paging,
        await invitations.listed(session, caller, cohort_id, paging),
        key=lambda one: [one.created_at.isoformat(), str(one.id)],
        render=_shown,
        total=await invitations.counted(session, cohort_id) if paging.count else None,
    )


@cohort_invitations.post(
    "/{invitation_id}/revoke",
    responses=problems(CohortUnknown, InvitationUnknown, InvitationOver),
)
async def revoke_invitation(
    cohort_id: UUID, invitation_id: UUID, session: Session, caller: Facilitator
) -> InvitationRead:
    """End an invitation at once."""
    now = datetime.now(UTC)
    return _shown(await invitations.revoke(session, caller, cohort_id, invitation_id, now))


@router.get("/{token}", responses=problems(InvitationUnknown))
async def open_invitation(
    token: str, session: Session, caller: Reader, seal: InvitationSeal, response: Response
) -> InvitationOpened:
    """Read to which cohort a link invites, and whether it still serves; the look is kept."""
    found, cohort = await invitations.opened(session, caller, seal, token)
    response.headers["cache-control"] = "no-store"
    return InvitationOpened(
        status=found.standing(datetime.now(UTC)).value,
        expires_at=found.expires_at,
        cohort_id=cohort.id,
        cohort=cohort.title,
        facilitator=cohort.facilitator,
        facilitated_by=[cohort.tenant, *cohort.co_facilitators],
        starts_on=cohort.starts_on,
        ends_on=cohort.ends_on,
        enrol_closes_at=cohort.enrol_closes_at,
    )


@router.post(
    "/{token}/accept",
    responses=problems(
        *ANSWERED, CohortUnknown, CohortNotOpen, EnrolmentClosed, AlreadyEnrolled, CohortOverlaps
    ),
)
async def accept_invitation(
    token: str,
    body: InvitationAccept,
    session: Session,
    caller: Writer,
    seal: InvitationSeal,
    response: Response,
) -> EnrolmentRead:
    """Take a seat, or a rank in line, for the company of yours that the link invites."""
    now = datetime.now(UTC)
    found = await invitations.accept(session, caller, seal, token, body.organisation_id, now)
    etags.tagged(response, found.version)
    return found


@router.post("/{token}/decline", responses=problems(*ANSWERED))
async def decline_invitation(
    token: str, body: InvitationAccept, session: Session, caller: Writer, seal: InvitationSeal
) -> InvitationRead:
    """Say that the company of yours that the link invites does not come."""
    now = datetime.now(UTC)
    return _shown(
        await invitations.decline(session, caller, seal, token, body.organisation_id, now)
    )
