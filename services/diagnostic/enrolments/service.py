"""Giving the seats of a cohort: never one too many, whatever comes at once."""

import uuid
from datetime import datetime

from sqlalchemy import select, update

from diagnostic.audit import service as audit
from diagnostic.cohorts import service as cohorts
from diagnostic.cohorts.models import Cohort, CohortStatus
from diagnostic.cohorts.service import CohortNotOpen
from diagnostic.cohorts.week import PARIS
from diagnostic.enrolments.models import Enrolment, EnrolmentStatus
from diagnostic.organisations import service as organisations
from platformkit.auth import Principal
from platformkit.db import Session
from platformkit.errors import Conflict, NotFound
from platformkit.i18n import Text


class EnrolmentClosed(Conflict):
    """The closing instant has passed."""

    code = "enrolment-closed"
    title = Text("Inscriptions closes", "Enrolment closed")
    detail = Text(
        "Les inscriptions ont fermé le {closed_at} (heure de Paris).",
        "Enrolment closed on {closed_at} (Paris time).",
    )


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
) -> Enrolment:
    """Give the next seat, or the next rank of the waiting list when all are taken.

    Locks first the company, so that its own requests come one by one, then the cohort.
    """
    await organisations.own(session, caller.tenant, organisation_id, lock=True)
    wanted, _ = await cohorts.one(session, cohort_id)
    await _refuse_second_seat(session, wanted, organisation_id)
    seated = await session.scalar(
        update(Cohort)
        .where(
            Cohort.id == cohort_id,
            Cohort.status == CohortStatus.OPEN,
            Cohort.enrol_closes_at > now,
            Cohort.seats_taken < Cohort.capacity,
        )
        .values(seats_taken=Cohort.seats_taken + 1, version=Cohort.version + 1)
        .returning(Cohort)
        .execution_options(populate_existing=True, synchronize_session=False)
    )
    cohort, has_seat = (seated, True) if seated else await _queued(session, cohort_id, now)
    enrolment = Enrolment(
        cohort_id=cohort_id,
        organisation_id=organisation_id,
        tenant=caller.tenant,
        status=EnrolmentStatus.CONFIRMED if has_seat else EnrolmentStatus.WAITLISTED,
        seat_no=cohort.seats_taken if has_seat else None,
        rank=None if has_seat else cohort.waitlisted,
    )
    session.add(enrolment)
    await session.flush()
    await audit.record(session, caller, "enrol", "enrolment", enrolment.id)
    await cohorts.tell(session, cohort, "updated")
    return enrolment


async def _queued(session: Session, cohort_id: uuid.UUID, now: datetime) -> tuple[Cohort, bool]:
    """Say why there is nothing to take; else take the next rank, or a seat freed meanwhile."""
    cohort = await session.get_one(Cohort, cohort_id, with_for_update=True, populate_existing=True)
    if cohort.status != CohortStatus.OPEN:
        raise CohortNotOpen(status=cohort.status)
    if cohort.enrol_closes_at <= now:
        closed_at = cohort.enrol_closes_at.astimezone(PARIS)
        raise EnrolmentClosed(closed_at=f"{closed_at:%Y-%m-%d %H:%M}")
    has_seat = cohort.seats_taken < cohort.capacity
    if has_seat:
        cohort.seats_taken += 1
    else:
        cohort.waitlisted += 1
    cohort.version += 1
    return cohort, has_seat


async def _refuse_second_seat(session: Session, wanted: Cohort, organisation_id: uuid.UUID) -> None:
    held = await session.execute(
        select(Enrolment.id, Enrolment.status, Cohort)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(
            Enrolment.organisation_id == organisation_id,
            Enrolment.status != EnrolmentStatus.CANCELLED,
            Cohort.status != CohortStatus.CANCELLED,
            Cohort.programme_id == wanted.programme_id,
            Cohort.starts_on <= wanted.ends_on,
            Cohort.ends_on >= wanted.starts_on,
        )
    )
    for enrolment, status, cohort in held.all():
        if cohort.id == wanted.id:
            raise AlreadyEnrolled(enrolment=enrolment)
        if status == EnrolmentStatus.CONFIRMED:
            raise CohortOverlaps(other=cohort.code)


async def enrolment(
    session: Session, caller: Principal, cohort_id: uuid.UUID, enrolment_id: uuid.UUID
) -> Enrolment:
    """Read an enrolment, as the tenant of the company or of the cohort's facilitator."""
    found = (
        await session.execute(
            select(Enrolment, Cohort.tenant)
            .join(Cohort, Cohort.id == Enrolment.cohort_id)
            .where(Enrolment.id == enrolment_id, Enrolment.cohort_id == cohort_id)
        )
    ).one_or_none()
    if found is None:
        raise EnrolmentUnknown
    facilitates = "diagnostic:facilitate" in caller.scopes and found[1] == caller.tenant
    if found[0].tenant != caller.tenant and not facilitates:
        raise EnrolmentUnknown
    return found[0]


async def programme_of_seat(
    session: Session, cohort_id: uuid.UUID, organisation_id: uuid.UUID
) -> uuid.UUID:
    """Give the programme of a cohort in which the company has a seat, or raise NoSeat."""
    cohort, _ = await cohorts.one(session, cohort_id)
    seat = await session.scalar(
        select(Enrolment.id).where(
            Enrolment.cohort_id == cohort_id,
            Enrolment.organisation_id == organisation_id,
            Enrolment.status == EnrolmentStatus.CONFIRMED,
        )
    )
    if seat is None or cohort.status == CohortStatus.CANCELLED:
        raise NoSeat
    return cohort.programme_id
