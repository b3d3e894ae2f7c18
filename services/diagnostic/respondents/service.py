"""Inviting the people who answer a diagnostic, and keeping what is known of them right."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, tuple_
from sqlalchemy.dialects.postgresql import insert

from diagnostic import faults
from diagnostic.assessments import access, grids, steps
from diagnostic.assessments.models import WRITABLE, Assessment
from diagnostic.assessments.service import AssessmentClosed, AssessmentUnknown
from diagnostic.audit import service as audit
from diagnostic.respondents.models import Respondent, RespondentStatus
from diagnostic.respondents.schemas import RespondentInvite, RespondentUpdate
from platformkit import etags
from platformkit.auth import Principal
from platformkit.db import Session
from platformkit.errors import Conflict, Invalid, NotFound
from platformkit.i18n import Text
from platformkit.pagination import PageRequest
from platformkit.reads import ReadPool

MOST = 50
"""Respondents of one diagnostic: beyond, it is a survey, and one reading would not bound it."""

MOST_EVER = 200
"""With those since erased, whose answers still count."""


class RespondentUnknown(NotFound):
    """No such respondent in this diagnostic, or another tenant's."""

    code = "respondent-unknown"
    title = Text("Répondant inconnu", "Unknown respondent")
    detail = Text(
        "Aucun répondant de ce diagnostic ne porte cet identifiant.",
        "No respondent of this assessment has this identifier.",
    )


class RespondentExists(Conflict):
    """An e-mail address answers once per diagnostic."""

    code = "respondent-exists"
    title = Text("Répondant déjà invité", "Respondent already invited")
    detail = Text(
        "Un répondant de ce diagnostic a déjà cette adresse électronique.",
        "A respondent of this assessment already has this e-mail address.",
    )


class RespondentErased(Conflict):
    """What was erased does not come back."""

    code = "respondent-erased"
    title = Text("Répondant effacé", "Respondent erased")
    detail = Text(
        "Ce répondant a été effacé : invitez-le de nouveau s’il le faut.",
        "This respondent was erased: invite them again if need be.",
    )


class RespondentsFull(Conflict):
    """The diagnostic has as many respondents as it can have."""

    code = "respondents-full"
    title = Text("Trop de répondants", "Too many respondents")
    detail = Text(
        "Un diagnostic a au plus {most} répondants.",
        "An assessment has at most {most} respondents.",
    )


async def invite(
    session: Session,
    reads: ReadPool,
    caller: Principal,
    assessment_id: uuid.UUID,
    body: RespondentInvite,
) -> Respondent:
    """Add a respondent to a diagnostic that is being answered."""
    diagnostic = await steps.locked(session, assessment_id, access.owned_by(caller))
    if diagnostic.status not in WRITABLE:
        raise AssessmentClosed(status=diagnostic.status)
    await _check_sections(reads, diagnostic, body.sections)
    here = func.count().filter(Respondent.status != RespondentStatus.ERASED)
    counts = select(here, func.count()).where(Respondent.assessment_id == assessment_id)
    present, ever = (await session.execute(counts)).one()
    if present >= MOST or ever >= MOST_EVER:
        raise RespondentsFull(most=MOST)
    created: Respondent | None = await session.scalar(
        insert(Respondent)
        .values(
            **body.model_dump(),
            id=uuid.uuid4(),
            pseudonym=uuid.uuid4(),
            tenant=diagnostic.tenant,
            assessment_id=assessment_id,
        )
        .on_conflict_do_nothing(index_elements=["assessment_id", "email"])
        .returning(Respondent)
    )
    if created is None:
        raise RespondentExists
    await audit.record(session, caller, "invite", "respondent", created.id)
    return created


async def _check_sections(
    reads: ReadPool, diagnostic: Assessment, sections: Sequence[str] | None
) -> None:
    """Name every section that is no dimension of the grid."""
    grid = await grids.of(reads, diagnostic.version_id)
    known = {one.code for one in grid.dimensions}
    wrong = [index for index, code in enumerate(sections or ()) if code not in known]
    if wrong:
        there = ", ".join(sorted(known))
        raise Invalid(
            [
                faults.fault(
                    f"/sections/{index}",
                    "dimension_unknown",
                    f"La grille n’a pas cette dimension ; dimensions : {there}.",
                    f"The grid has no such dimension; the dimensions are: {there}.",
                )
                for index in wrong
            ]
        )


async def listed(
    session: Session, caller: Principal, assessment_id: uuid.UUID, paging: PageRequest
) -> Sequence[Respondent]:
    """Read one respondent more than the page holds, in the order of their invitation."""
    mine = select(Assessment.id).where(
        Assessment.id == assessment_id, Assessment.tenant == caller.tenant
    )
    if await session.scalar(mine) is None:
        raise AssessmentUnknown
    query = select(Respondent).where(Respondent.assessment_id == assessment_id)
    if paging.after is not None:
        at, last = paging.after
        query = query.where(
            tuple_(Respondent.created_at, Respondent.id)
            > (datetime.fromisoformat(at), uuid.UUID(last))
        )
    query = query.order_by(Respondent.created_at, Respondent.id).limit(paging.limit + 1)
    return (await session.scalars(query)).all()


async def counted(session: Session, assessment_id: uuid.UUID) -> int:
    """Count the respondents of a diagnostic, the erased ones too."""
    query = select(func.count()).where(Respondent.assessment_id == assessment_id)
    return await session.scalar(query) or 0


async def own(
    session: Session,
    caller: Principal,
    assessment_id: uuid.UUID,
    respondent_id: uuid.UUID,
    *,
    lock: bool = False,
) -> Respondent:
    """Read a respondent of this tenant's diagnostic; `lock` holds them to the end."""
    query = select(Respondent).where(
        Respondent.id == respondent_id,
        Respondent.assessment_id == assessment_id,
        Respondent.tenant == caller.tenant,
    )
    found = await session.scalar(query.with_for_update(key_share=True) if lock else query)
    if found is None:
        raise RespondentUnknown
    return found


async def change(
    session: Session,
    reads: ReadPool,
    caller: Principal,
    assessment_id: uuid.UUID,
    respondent_id: uuid.UUID,
    if_match: str,
    body: RespondentUpdate,
) -> Respondent:
    """Change the fields that were sent, whatever the state of the diagnostic (GDPR article 16)."""
    diagnostic = await steps.locked(session, assessment_id, access.owned_by(caller))
    found = await own(session, caller, assessment_id, respondent_id, lock=True)
    if found.status == RespondentStatus.ERASED:
        raise RespondentErased
    etags.match(if_match, etags.of_version(found.version))
    sent = body.model_dump(exclude_unset=True)
    await _check_sections(reads, diagnostic, body.sections)
    if body.email not in {None, found.email} and await _is_taken(session, found, body.email):
        raise RespondentExists
    for field, value in sent.items():
        setattr(found, field, value)
    found.version += 1
    await session.flush()
    await audit.record(session, caller, "change", "respondent", found.id)
    return found


async def _is_taken(session: Session, found: Respondent, email: str | None) -> bool:
    """Tell whether another respondent of the diagnostic, which the caller locked, has it."""
    taken = select(Respondent.id).where(
        Respondent.assessment_id == found.assessment_id, Respondent.email == email
    )
    return await session.scalar(taken) is not None
