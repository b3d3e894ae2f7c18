"""Giving the seats of a cohort: never one too many, whatever comes at once."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple, Never

import asyncpg
import orjson
from sqlalchemy import Row, Select, exists, false, func, or_, select, tuple_

from diagnostic.cohorts import service as cohorts
from diagnostic.cohorts.access import FACILITATE
from diagnostic.cohorts.lifecycle import standing
from diagnostic.cohorts.models import Cohort, CohortStatus
from diagnostic.cohorts.service import CohortNotOpen, EnrolmentClosed
from diagnostic.enrolments import queries, seats
from diagnostic.enrolments.lifecycle import Step, is_possible
from diagnostic.enrolments.models import PRESENT, Enrolment, EnrolmentStatus
from diagnostic.enrolments.schemas import CompanyRead, EnrolmentListed, EnrolmentRead
from diagnostic.organisations.models import Organisation
from diagnostic.organisations.service import OrganisationUnknown
from platformkit import etags
from platformkit.auth import Principal
from platformkit.db import Session
from platformkit.errors import Conflict, NotFound
from platformkit.i18n import Text
from platformkit.idempotency import Key
from platformkit.pagination import PageRequest
from platformkit.reads import WritePool


class EnrolmentAsked(NamedTuple):
    """A new enrolment's id, and the company that wants a seat of the cohort."""

    id: uuid.UUID
    cohort_id: uuid.UUID
    organisation_id: uuid.UUID


class AlreadyEnrolled(Conflict):
    """A company has one active enrolment per cohort."""

    code = "already-enrolled"
    title = Text("Déjà inscrite", "Already enrolled")
    detail = Text(
        "Cette entreprise est déjà inscrite dans la cohorte : {enrolment}.",
        "This organisation is already enrolled in the cohort: {enrolment}.",
    )


class CohortOverlaps(Conflict):
    """A company is in one place at a time."""

    code = "cohort-overlaps"
    title = Text("Cohortes simultanées", "Overlapping cohorts")
    detail = Text(
        "Cette entreprise a déjà une place ces jours-là dans la cohorte {other}.",
        "This organisation already has a seat on these days in cohort {other}.",
    )


class EnrolmentUnknown(NotFound):
    """No such enrolment in this cohort, or another tenant's."""

    code = "enrolment-unknown"
    title = Text("Inscription inconnue", "Unknown enrolment")


class EnrolmentStepRefused(Conflict):
    """The states that enrolment and cohort are in do not lead there."""

    code = "enrolment-step-refused"
    title = Text("Étape impossible", "Step not possible")
    detail = Text(
        "L’inscription est à l’état « {status} », la cohorte à l’état « {cohort} » : « {step} »"
        " n’est pas possible.",
        "The enrolment is “{status}” and the cohort “{cohort}”: “{step}” is not possible.",
    )


class NoSeat(Conflict):
    """A diagnostic within a cohort needs a confirmed seat in it."""

    code = "no-seat"
    title = Text("Pas de place dans la cohorte", "No seat in the cohort")
    detail = Text(
        "Cette entreprise n’a pas de place confirmée dans la cohorte.",
        "This organisation has no confirmed seat in the cohort.",
    )


async def enrol(
    session: Session,
    caller: Principal,
    cohort_id: uuid.UUID,
    organisation_id: uuid.UUID,
    now: datetime,
) -> EnrolmentRead:
    """Give the first free seat, or the next rank of the waiting list when all are taken."""
    connection = await session.connection()
    asked = (uuid.uuid4(), cohort_id, organisation_id, *_who(caller), now, None, None, None)
    found = (await connection.exec_driver_sql(queries.ENROL, asked)).one()
    if found.refusal is not None:
        await _refuse(session, cohort_id, found.refusal, found.detail, now)
    return EnrolmentRead.model_validate_json(found.body)


async def enrol_once(
    writes: WritePool,
    caller: Principal,
    asked: EnrolmentAsked,
    key: Key | None,
    headers: Mapping[str, str],
) -> asyncpg.Record:
    """Do as `enrol` in one trip, and keep the answer under its key; refuses with a word only."""
    kept = (key.digest, key.request, orjson.dumps(headers).decode()) if key else (None, None, None)
    return await writes.together(
        "enrol", queries.ENROL_ALL, *asked, *_who(caller), datetime.now(UTC), *kept
    )


def _who(caller: Principal) -> tuple[str, str, str]:
    return caller.tenant, caller.client, caller.subject


async def _refuse(
    session: Session, cohort_id: uuid.UUID, refusal: str, detail: str, now: datetime
) -> Never:
    match refusal:
        case OrganisationUnknown.code:
            raise OrganisationUnknown
        case AlreadyEnrolled.code:
            raise AlreadyEnrolled(enrolment=detail)
        case CohortOverlaps.code:
            raise CohortOverlaps(other=detail)
    found, _ = await cohorts.one(session, cohort_id)
    if found.status == CohortStatus.OPEN and found.enrol_closes_at <= now:
        raise EnrolmentClosed(found.enrol_closes_at)
    raise CohortNotOpen(status=found.status)


async def take(
    session: Session,
    caller: Principal,
    cohort_id: uuid.UUID,
    enrolment_id: uuid.UUID,
    step: Step,
    if_match: str,
    now: datetime,
) -> EnrolmentListed:
    """Move an enrolment, and whoever waits for the seat that it frees.

    Holds the cohort first, as everything does; a company only cancels, its facilitator does not.
    """
    mine = Enrolment.tenant == caller.tenant
    reach = mine if step is Step.CANCEL else cohorts.facilitated_by(caller)
    cohort = await session.scalar(
        select(Cohort)
        .where(
            Cohort.id == cohort_id,
            exists().where(Enrolment.id == enrolment_id, Enrolment.cohort_id == Cohort.id, reach),
        )
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    if cohort is None:
        raise EnrolmentUnknown
    found = await session.get_one(Enrolment, enrolment_id, populate_existing=True)
    etags.match(if_match, etags.of_version(found.version))
    shown = standing(cohort.status, cohort.enrol_closes_at, now)
    if not is_possible(step, found.status, shown):
        raise EnrolmentStepRefused(status=found.status, cohort=shown, step=step)
    await seats.move(session, caller, cohort, found, step, now)
    return await one(session, caller, cohort_id, enrolment_id)


async def one(
    session: Session, caller: Principal, cohort_id: uuid.UUID, enrolment_id: uuid.UUID
) -> EnrolmentListed:
    """Read an enrolment, as the tenant of the company or as one of the cohort's facilitators."""
    query = _seen_by(caller, cohort_id).where(Enrolment.id == enrolment_id)
    found = (await session.execute(query)).one_or_none()
    if found is None:
        raise EnrolmentUnknown
    return _listed(caller, found)


async def listed(
    session: Session,
    caller: Principal,
    cohort_id: uuid.UUID,
    status: EnrolmentStatus | None,
    paging: PageRequest,
) -> Sequence[EnrolmentListed]:
    """Read one enrolment more than the page holds, in the order of the requests."""
    await cohorts.one(session, cohort_id)
    query = _seen_by(caller, cohort_id, status)
    if paging.after is not None:
        at, last = paging.after
        query = query.where(
            tuple_(Enrolment.created_at, Enrolment.id)
            > (datetime.fromisoformat(at), uuid.UUID(last))
        )
    query = query.order_by(Enrolment.created_at, Enrolment.id).limit(paging.limit + 1)
    return [_listed(caller, row) for row in await session.execute(query)]


async def counted(
    session: Session, caller: Principal, cohort_id: uuid.UUID, status: EnrolmentStatus | None
) -> int:
    """Count the whole list, whatever its pages."""
    query = _seen_by(caller, cohort_id, status).with_only_columns(func.count())
    return await session.scalar(query) or 0


def _seen_by(
    caller: Principal, cohort_id: uuid.UUID, status: EnrolmentStatus | None = None
) -> Select[Enrolment, str, str]:
    """Write which enrolments of a cohort the caller sees, and whose they are."""
    facilitates = cohorts.facilitated_by(caller) if FACILITATE in caller.scopes else false()
    query = (
        select(Enrolment, Organisation.name, Organisation.siren)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .join(Organisation, Organisation.id == Enrolment.organisation_id)
        .where(
            Enrolment.cohort_id == cohort_id, or_(Enrolment.tenant == caller.tenant, facilitates)
        )
    )
    return query if status is None else query.where(Enrolment.status == status)


def _listed(caller: Principal, row: Row[Enrolment, str, str]) -> EnrolmentListed:
    """Name the company to its own tenant, and to its facilitator while it takes part."""
    found, name, siren = row
    is_known = found.tenant == caller.tenant or found.status in PRESENT
    shown = EnrolmentRead.model_validate(found)
    return EnrolmentListed(
        **shown.model_dump(), company=CompanyRead(name=name, siren=siren) if is_known else None
    )


async def programme_of_seat(
    session: Session, cohort_id: uuid.UUID, organisation_id: uuid.UUID
) -> uuid.UUID:
    """Give the programme of a cohort in which the company takes part, or raise NoSeat."""
    cohort, _ = await cohorts.one(session, cohort_id)
    seat = await session.scalar(
        select(Enrolment.id).where(
            Enrolment.cohort_id == cohort_id,
            Enrolment.organisation_id == organisation_id,
            Enrolment.status.in_(PRESENT),
        )
    )
    if seat is None or cohort.status == CohortStatus.CANCELLED:
        raise NoSeat
    return cohort.programme_id
