"""Handing out what is kept of a company, and erasing people and companies."""

import uuid
from collections.abc import AsyncIterator
from datetime import datetime

from sqlalchemy import select

from diagnostic.assessments.models import Assessment
from diagnostic.audit import service as audit
from diagnostic.organisations import service as organisations
from diagnostic.protection import departure, erasure, export, queries, seating
from diagnostic.protection.schemas import OrganisationErased
from diagnostic.protection.texts import Person
from diagnostic.respondents.models import Respondent, RespondentStatus
from diagnostic.respondents.service import RespondentUnknown
from platformkit import etags
from platformkit.auth import Principal
from platformkit.db import Session
from platformkit.reads import ReadPool


async def exported(
    session: Session, reads: ReadPool, caller: Principal, organisation_id: uuid.UUID, now: datetime
) -> AsyncIterator[bytes]:
    """Record that the data were handed out, then write them; raises OrganisationUnknown."""
    found = await organisations.own(session, caller.tenant, organisation_id)
    await audit.record(session, caller, "export", "organisation", found.id)
    return export.document(reads, found.id, now)


async def erase_respondent(
    session: Session, caller: Principal, respondent_id: uuid.UUID, if_match: str
) -> None:
    """Erase a person wherever their company invited them; once erased, again changes nothing.

    Holds the company's diagnostics first, so that no answer is saved in their name meanwhile.
    """
    mine = Respondent.id == respondent_id, Respondent.tenant == caller.tenant
    found = await session.scalar(select(Respondent).where(*mine))
    if found is None:
        raise RespondentUnknown
    diagnostic = await session.get_one(Assessment, found.assessment_id)
    assessments = await departure.held(session, diagnostic.organisation_id)
    await session.refresh(found, with_for_update=True)
    if found.status == RespondentStatus.ERASED:
        return
    etags.match(if_match, etags.of_version(found.version))
    connection = await session.connection()
    same = await connection.exec_driver_sql(
        queries.SAME_PERSON, (diagnostic.organisation_id, found.id, found.email)
    )
    rows = same.all()
    person = Person(
        frozenset(row.id for row in rows),
        tuple({name for row in rows for name in (row.name, row.email) if name}),
    )
    await erasure.forget_person(session, [one.id for one in assessments], person)
    for row in rows:
        await audit.record(session, caller, "erase", "respondent", row.id)


async def erase_organisation(
    session: Session,
    caller: Principal,
    organisation_id: uuid.UUID,
    if_match: str,
    now: datetime,
) -> OrganisationErased:
    """Let a company leave, or raise OrganisationUnknown, as for everybody from then on.

    Holds its invitations, then its cohorts, then the company, in the order of decision 52.
    """
    known = await organisations.own(session, caller.tenant, organisation_id)
    await departure.uninvite(session, known.siren)
    cohorts = await seating.held(session, organisation_id)
    found = await organisations.own(session, caller.tenant, organisation_id, lock=True)
    await session.refresh(found)
    etags.match(if_match, etags.of_version(found.version))
    for cohort in cohorts:
        await seating.give_up(session, caller, cohort, organisation_id, now)
    return await departure.leave(session, caller, found, now)
