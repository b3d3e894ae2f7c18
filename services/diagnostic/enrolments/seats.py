"""Seats that come free, and the waiting list that moves up; the cohort's row is held meanwhile."""

import uuid
from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from diagnostic.audit import service as audit
from diagnostic.cohorts import service as cohorts
from diagnostic.cohorts.lifecycle import BEFORE
from diagnostic.cohorts.models import Cohort
from diagnostic.enrolments import queries
from diagnostic.enrolments.lifecycle import STEPS, Step
from diagnostic.enrolments.models import Enrolment, EnrolmentStatus, Reason
from platformkit import feed
from platformkit.auth import Principal
from platformkit.db import Session

_WORD = {EnrolmentStatus.CONFIRMED: "promote", EnrolmentStatus.EXPIRED: "expire"}


async def hold(session: Session, cohort: Cohort) -> None:
    """Hold every company of a locked cohort until the commit."""
    connection = await session.connection()
    await connection.exec_driver_sql(queries.HOLD, (cohort.id,))


async def settle(session: Session, caller: Principal, cohort: Cohort, now: datetime) -> None:
    """Give free seats to the first in line, until the week begins, and count everything anew.

    The ranks that are left are 1 to the number of those who wait; who has lost its seat is no
    longer matched. Whatever else changes of the cohort is written with its new counts, at once:
    nobody waits for a free seat, at no moment.
    """
    connection = await session.connection()
    moves_up = cohort.status in BEFORE
    if moves_up and cohort.waitlisted:
        await hold(session, cohort)
    week = (cohort.starts_on, cohort.ends_on)
    moved = await connection.exec_driver_sql(
        queries.SETTLE, (cohort.id, cohort.capacity, moves_up, now, *week)
    )
    for one in moved.all():
        if one.status != EnrolmentStatus.WAITLISTED:
            await audit.record(session, caller, _WORD[one.status], "enrolment", one.id)
        await tell(session, cohort, one)
    for one in (await connection.exec_driver_sql(queries.LEAVE_POOLING, (cohort.id, now))).all():
        await audit.record(session, caller, "leave_pooling", "organisation", one.organisation_id)
    counted = (await connection.exec_driver_sql(queries.COUNT, (cohort.id,))).one()
    cohort.seats_taken, cohort.waitlisted = counted.seated, counted.waiting
    cohort.version += 1
    await session.flush()


async def move(
    session: Session, caller: Principal, cohort: Cohort, found: Enrolment, step: Step, now: datetime
) -> None:
    """Take a step that is possible with an enrolment of a held cohort, and let the line move up."""
    found.status = STEPS[step].target
    leaves = found.status == EnrolmentStatus.CANCELLED
    if leaves:
        found.reason = Reason.WITHDRAWN if step is Step.CANCEL else Reason.EXCLUDED
        found.seat_no = found.rank = None
    found.version += 1
    found.updated_at = now
    await session.flush()
    await audit.record(session, caller, step, "enrolment", found.id)
    await tell(session, cohort, found)
    if leaves:
        await settle(session, caller, cohort, now)
        await cohorts.tell(session, cohort, "updated")


async def end(
    session: Session,
    cohort: Cohort,
    of: Collection[EnrolmentStatus],
    target: EnrolmentStatus,
    reason: Reason,
    now: datetime,
) -> None:
    """End all enrolments of a locked cohort that are in one of these states."""
    connection = await session.connection()
    ended = await connection.exec_driver_sql(
        queries.END, (cohort.id, sorted(of), target, reason, now)
    )
    for one in ended.all():
        await tell(session, cohort, one)


class Standing(Protocol):
    """Where an enrolment stands."""

    id: uuid.UUID
    status: str
    version: int


async def tell(session: Session, cohort: Cohort, one: Standing) -> None:
    """Publish how an enrolment stands; its company stays here."""
    await feed.publish(
        session,
        entity="enrolment",
        entity_id=str(one.id),
        kind="updated",
        version=one.version,
        payload={"cohort": cohort.code, "status": one.status},
    )
