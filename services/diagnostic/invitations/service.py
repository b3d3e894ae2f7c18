"""Inviting companies, and what they make of it; an invitation holds no seat."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select, tuple_

from diagnostic import tokens
from diagnostic.audit import service as audit
from diagnostic.cohorts import service as cohorts
from diagnostic.cohorts.lifecycle import BEFORE
from diagnostic.cohorts.models import Cohort
from diagnostic.cohorts.service import CohortNotOpen
from diagnostic.enrolments import service as enrolments
from diagnostic.enrolments.models import ENDED, Enrolment
from diagnostic.enrolments.schemas import EnrolmentRead
from diagnostic.invitations.models import Invitation, InvitationStatus
from diagnostic.invitations.schemas import InvitationMade, InvitationsCreate
from diagnostic.organisations import service as organisations
from diagnostic.tokens import Seal
from platformkit.auth import Principal
from platformkit.db import Session
from platformkit.errors import Conflict, NotFound
from platformkit.i18n import Text
from platformkit.pagination import PageRequest


class InvitationUnknown(NotFound):
    """No such invitation, or it is not for the caller."""

    code = "invitation-unknown"
    title = Text("Invitation inconnue", "Unknown invitation")
    detail = Text(
        "Ce lien n’invite aucune de vos entreprises : demandez-en un à votre animateur.",
        "This link invites none of your companies: ask your facilitator for one.",
    )


class InvitationOver(Conflict):
    """It has expired, was revoked, declined, or used before."""

    code = "invitation-over"
    title = Text("Invitation terminée", "Invitation over")
    detail = Text(
        "Cette invitation est à l’état « {status} » : elle ne sert plus.",
        "This invitation is “{status}”: it no longer serves.",
    )


async def invite(
    session: Session,
    caller: Principal,
    cohort_id: uuid.UUID,
    body: InvitationsCreate,
    seal: Seal,
    now: datetime,
) -> list[InvitationMade]:
    """Make a link for each SIREN that has none which still serves."""
    cohort = await cohorts.facilitated(session, caller, cohort_id, lock=True)
    if cohort.status not in BEFORE:
        raise CohortNotOpen(status=cohort.status)
    open_ = await session.scalars(
        select(Invitation).where(
            Invitation.cohort_id == cohort_id,
            Invitation.siren.in_(body.sirens),
            Invitation.status == InvitationStatus.SENT,
            Invitation.expires_at > now,
        )
    )
    present = {one.siren: one for one in open_}
    made = []
    for siren in body.sirens:
        token = None
        if siren not in present:
            token = seal.drawn()
            present[siren] = added = Invitation(
                id=uuid.uuid4(),
                cohort_id=cohort_id,
                siren=siren,
                digest=tokens.digest_of(token),
                created_by=caller.subject,
                created_at=now,
                changed_at=now,
                expires_at=now + timedelta(days=body.days),
            )
            session.add(added)
            await audit.record(session, caller, "invite", "invitation", added.id)
        one = present[siren]
        made.append(
            InvitationMade(
                siren=siren,
                outcome="already_invited" if token is None else "invited",
                id=one.id,
                token=token,
                expires_at=one.expires_at,
            )
        )
    await session.flush()
    return made


async def listed(
    session: Session, caller: Principal, cohort_id: uuid.UUID, paging: PageRequest
) -> Sequence[Invitation]:
    """Read one invitation more than the page holds, oldest first."""
    await cohorts.facilitated(session, caller, cohort_id)
    query = select(Invitation).where(Invitation.cohort_id == cohort_id)
    if paging.after is not None:
        at, last = paging.after
        query = query.where(
            tuple_(Invitation.created_at, Invitation.id)
            > (datetime.fromisoformat(at), uuid.UUID(last))
        )
    query = query.order_by(Invitation.created_at, Invitation.id).limit(paging.limit + 1)
    return (await session.scalars(query)).all()


async def counted(session: Session, cohort_id: uuid.UUID) -> int:
    """Count the whole list, whatever its pages."""
    return await session.scalar(select(func.count()).where(Invitation.cohort_id == cohort_id)) or 0


async def revoke(
    session: Session,
    caller: Principal,
    cohort_id: uuid.UUID,
    invitation_id: uuid.UUID,
    now: datetime,
) -> Invitation:
    """End an invitation at once; one revoked already stays as it is, one used is over."""
    await cohorts.facilitated(session, caller, cohort_id)
    found = await session.scalar(
        select(Invitation)
        .where(Invitation.id == invitation_id, Invitation.cohort_id == cohort_id)
        .with_for_update()
    )
    if found is None:
        raise InvitationUnknown
    if found.status == InvitationStatus.SENT:
        await _become(session, caller, found, InvitationStatus.REVOKED, now)
    elif found.status != InvitationStatus.REVOKED:
        raise InvitationOver(status=found.status)
    return found


async def opened(
    session: Session, caller: Principal, seal: Seal, token: str
) -> tuple[Invitation, Cohort]:
    """Find to what a token invites, whatever has become of it; the look is written down."""
    found = await _held(session, seal, token)
    await audit.record(session, caller, "open", "invitation", found.id)
    return found, await session.get_one(Cohort, found.cohort_id)


async def accept(
    session: Session,
    caller: Principal,
    seal: Seal,
    token: str,
    organisation_id: uuid.UUID,
    now: datetime,
) -> EnrolmentRead:
    """Enrol the company that is invited, as if it had asked itself; twice is once."""
    found = await _own(session, caller, seal, token, organisation_id)
    status = found.standing(now)
    enrolled = await session.scalar(
        select(Enrolment).where(
            Enrolment.cohort_id == found.cohort_id,
            Enrolment.organisation_id == organisation_id,
            Enrolment.status.not_in(ENDED),
        )
    )
    if status is InvitationStatus.ACCEPTED and enrolled is not None:
        return EnrolmentRead.model_validate(enrolled)
    if status is not InvitationStatus.SENT:
        raise InvitationOver(status=status)
    await _become(session, caller, found, InvitationStatus.ACCEPTED, now)
    if enrolled is not None:
        return EnrolmentRead.model_validate(enrolled)
    return await enrolments.enrol(session, caller, found.cohort_id, organisation_id, now)


async def decline(
    session: Session,
    caller: Principal,
    seal: Seal,
    token: str,
    organisation_id: uuid.UUID,
    now: datetime,
) -> Invitation:
    """Say that the company does not come; twice is once."""
    found = await _own(session, caller, seal, token, organisation_id)
    status = found.standing(now)
    if status is InvitationStatus.SENT:
        await _become(session, caller, found, InvitationStatus.DECLINED, now)
    elif status is not InvitationStatus.DECLINED:
        raise InvitationOver(status=status)
    return found


async def _held(session: Session, seal: Seal, token: str) -> Invitation:
    if not seal.is_ours(token):
        raise InvitationUnknown
    found = await session.scalar(
        select(Invitation).where(Invitation.digest == tokens.digest_of(token)).with_for_update()
    )
    if found is None:
        raise InvitationUnknown
    return found


async def _own(
    session: Session, caller: Principal, seal: Seal, token: str, organisation_id: uuid.UUID
) -> Invitation:
    """Hold the invitation of a company of the caller's; locked before cohort and company."""
    found = await _held(session, seal, token)
    company = await organisations.own(session, caller.tenant, organisation_id)
    if company.siren != found.siren:
        raise InvitationUnknown
    return found


async def _become(
    session: Session, caller: Principal, found: Invitation, status: InvitationStatus, now: datetime
) -> None:
    found.status, found.changed_at = status, now
    await session.flush()
    await audit.record(session, caller, status, "invitation", found.id)
