"""Giving a new cohort its week, and having the week follow the cohort's days."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from diagnostic.cohorts.models import Cohort, CohortSession, SessionStatus
from diagnostic.cohorts.timetable import timetable
from platformkit import feed
from platformkit.db import Session
from platformkit.errors import Conflict
from platformkit.i18n import Text


class SessionsOutsideDays(Conflict):
    """Sessions would lie on none of the cohort's new days."""

    code = "sessions-outside-days"
    title = Text("Séances hors des nouvelles dates", "Sessions outside the new days")
    detail = Text(
        "Ces séances n’auraient plus de jour : {sessions}. Déplacez-les ou annulez-les d’abord.",
        "These sessions would have no day left: {sessions}. Move or cancel them first.",
    )


async def plan(session: Session, cohort: Cohort) -> None:
    """Add the five sessions that every week begins with."""
    for slot in timetable(cohort.starts_on, cohort.ends_on, ZoneInfo(cohort.timezone)):
        added = CohortSession(
            cohort_id=cohort.id, kind=slot.kind, starts_at=slot.starts_at, ends_at=slot.ends_at
        )
        session.add(added)
        await session.flush()
        await tell(session, added, "created")


async def follow(
    session: Session, cohort: Cohort, starts_on: date, ends_on: date, now: datetime
) -> None:
    """Move the sessions of a locked cohort to its new days, or raise SessionsOutsideDays.

    A week that is as it was laid out is laid out anew. One that was arranged by hand keeps weekdays
    and hours, by the clocks, so each of its sessions needs its day.
    """
    zone = ZoneInfo(cohort.timezone)
    planned = await session.scalars(
        select(CohortSession)
        .where(CohortSession.cohort_id == cohort.id, CohortSession.status == SessionStatus.PLANNED)
        .order_by(CohortSession.starts_at, CohortSession.id)
    )
    sessions = planned.all()
    hours = [(one.starts_at, one.ends_at) for one in sessions]
    if hours == _hours(cohort.starts_on, cohort.ends_on, zone):
        moved = _hours(starts_on, ends_on, zone)
    else:
        later = _monday(starts_on) - _monday(cohort.starts_on)
        moved = [(_later(start, later, zone), _later(end, later, zone)) for start, end in hours]
    days = [start.astimezone(zone).date() for start, _ in moved]
    outside = [
        str(one.id)
        for one, day in zip(sessions, days, strict=True)
        if not starts_on <= day <= ends_on
    ]
    if outside:
        raise SessionsOutsideDays(sessions=", ".join(outside))
    for one, (start, end) in zip(sessions, moved, strict=True):
        if (one.starts_at, one.ends_at) != (start, end):
            one.starts_at, one.ends_at, one.changed_at = start, end, now
            one.version += 1
            await session.flush()
            await tell(session, one, "updated")


def _hours(starts_on: date, ends_on: date, zone: ZoneInfo) -> list[tuple[datetime, datetime]]:
    return [
        (slot.starts_at.astimezone(UTC), slot.ends_at.astimezone(UTC))
        for slot in timetable(starts_on, ends_on, zone)
    ]


def _later(instant: datetime, by: timedelta, zone: ZoneInfo) -> datetime:
    """Add days by the clocks of the zone, across daylight saving."""
    return (instant.astimezone(zone) + by).astimezone(UTC)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


async def tell(session: Session, changed: CohortSession, kind: feed.Kind) -> None:
    """Publish when a session is; where it is, and its link, are for who takes part."""
    await feed.publish(
        session,
        entity="cohort_session",
        entity_id=str(changed.id),
        kind=kind,
        version=changed.version,
        payload={
            "cohort_id": str(changed.cohort_id),
            "kind": changed.kind,
            "starts_at": changed.starts_at.isoformat(),
            "ends_at": changed.ends_at.isoformat(),
            "status": changed.status,
        },
    )
