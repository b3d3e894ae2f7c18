"""Moving, adding and calling off the sessions of a cohort."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from diagnostic import faults
from diagnostic.assessments import access
from diagnostic.audit import service as audit
from diagnostic.cohorts import planning
from diagnostic.cohorts import service as cohorts
from diagnostic.cohorts.models import Cohort, CohortSession, CohortStatus, SessionStatus
from diagnostic.cohorts.service import CohortUnknown
from diagnostic.cohorts.timetable import TITLES, SessionKind
from diagnostic.sessions import queries
from diagnostic.sessions.calendar import calendar
from diagnostic.sessions.schemas import SessionCreate, SessionRead, SessionUpdate, time_fault
from platformkit import etags
from platformkit.auth import Principal
from platformkit.db import Session
from platformkit.errors import Conflict, Invalid, NotFound
from platformkit.i18n import Text
from platformkit.pagination import PageRequest
from platformkit.reads import ReadPool

MOST = 40
"""Sessions of a cohort, those called off too."""


class SessionUnknown(NotFound):
    """No such session in a cohort that the caller takes part in."""

    code = "session-unknown"
    title = Text("Séance inconnue", "Unknown session")


class SessionOutsideWeek(Conflict):
    """A session lies on a day of its cohort."""

    code = "session-outside-week"
    title = Text("Séance hors de la semaine", "Session outside the week")
    detail = Text(
        "Les séances de cette cohorte ont lieu du {first} au {last} (heure de Paris).",
        "The sessions of this cohort take place from {first} to {last} (Paris time).",
    )


class SessionOverlaps(Conflict):
    """A cohort has one session at a time."""

    code = "session-overlaps"
    title = Text("Séances simultanées", "Overlapping sessions")
    detail = Text(
        "La séance {other} a déjà lieu à ces heures : déplacez-la ou annulez-la d’abord.",
        "Session {other} already takes place at these hours: move or cancel it first.",
    )


class SessionCancelled(Conflict):
    """What was called off does not come back: add another session."""

    code = "session-cancelled"
    title = Text("Séance annulée", "Session cancelled")
    detail = Text(
        "Cette séance est annulée : ajoutez-en une autre.",
        "This session is cancelled: add another one.",
    )


class SessionsTooMany(Conflict):
    """A cohort has as many sessions as it may have."""

    code = "sessions-too-many"
    title = Text("Trop de séances", "Too many sessions")
    detail = Text("Une cohorte a {most} séances au plus.", "A cohort has at most {most} sessions.")


class WeekOver(Conflict):
    """The cohort is completed or cancelled, so its week no longer changes."""

    code = "week-over"
    title = Text("Semaine terminée", "Week over")
    detail = Text(
        "La cohorte est à l’état « {status} » : sa semaine ne change plus.",
        "The cohort is “{status}”: its week no longer changes.",
    )


async def visible(reads: ReadPool, caller: Principal, cohort_id: uuid.UUID) -> Mapping[str, Any]:
    """Read a cohort as who takes part in it or facilitates it, or raise CohortUnknown."""
    reach = access.seen_by(caller)
    row = await reads.fetchrow("cohort seen", queries.VISIBLE, cohort_id, *reach)
    if row is None:
        raise CohortUnknown
    return dict(row)


async def held(session: Session, caller: Principal, cohort_id: uuid.UUID) -> Cohort:
    """Lock a cohort of the caller's own whose week may still change.

    Whoever changes a week takes this lock first, so that two sessions cannot come to overlap.
    """
    cohort = await cohorts.facilitated(session, caller, cohort_id, lock=True)
    if cohort.status in {CohortStatus.COMPLETED, CohortStatus.CANCELLED}:
        raise WeekOver(status=cohort.status)
    return cohort


async def planned(session: Session, cohort: Cohort, session_id: uuid.UUID) -> CohortSession:
    """Find a session that is to take place, of a cohort that is held."""
    found = await session.get(CohortSession, session_id)
    if found is None or found.cohort_id != cohort.id:
        raise SessionUnknown
    if found.status == SessionStatus.CANCELLED:
        raise SessionCancelled
    return found


async def add(
    session: Session, caller: Principal, cohort_id: uuid.UUID, body: SessionCreate
) -> SessionRead:
    """Add a session at hours that are free."""
    cohort = await held(session, caller, cohort_id)
    count = select(func.count()).where(CohortSession.cohort_id == cohort_id)
    if (await session.scalar(count) or 0) >= MOST:
        raise SessionsTooMany(most=MOST)
    await _refuse_hours(session, cohort, body.starts_at, body.ends_at)
    added = CohortSession(cohort_id=cohort_id, **body.model_dump())
    session.add(added)
    await session.flush()
    await audit.record(session, caller, "add", "cohort_session", added.id)
    await planning.tell(session, added, "created")
    return await _shown(session, caller, added)


async def change(
    session: Session,
    caller: Principal,
    cohort_id: uuid.UUID,
    session_id: uuid.UUID,
    if_match: str,
    body: SessionUpdate,
    now: datetime,
) -> SessionRead:
    """Move a session or change what is said of it; the whole must make sense afterwards."""
    cohort = await held(session, caller, cohort_id)
    found = await planned(session, cohort, session_id)
    etags.match(if_match, etags.of_version(found.version))
    sent = body.sent()
    if all(getattr(found, name) == value for name, value in sent.items()):
        return await _shown(session, caller, found)
    starts_at, ends_at = sent.get("starts_at", found.starts_at), sent.get("ends_at", found.ends_at)
    if fault := time_fault(starts_at, ends_at):
        raise Invalid([faults.fault("/ends_at", *fault)])
    await _refuse_hours(session, cohort, starts_at, ends_at, apart_from=found.id)
    for name, value in sent.items():
        setattr(found, name, value)
    return await _changed(session, caller, found, "change", now)


async def cancel(
    session: Session,
    caller: Principal,
    cohort_id: uuid.UUID,
    session_id: uuid.UUID,
    if_match: str,
    now: datetime,
) -> SessionRead:
    """Call a session off; its hours are free again."""
    cohort = await held(session, caller, cohort_id)
    found = await planned(session, cohort, session_id)
    etags.match(if_match, etags.of_version(found.version))
    found.status = SessionStatus.CANCELLED
    return await _changed(session, caller, found, "cancel", now)


async def _changed(
    session: Session, caller: Principal, found: CohortSession, deed: str, now: datetime
) -> SessionRead:
    found.version += 1
    found.changed_at = now
    await session.flush()
    await audit.record(session, caller, deed, "cohort_session", found.id)
    await planning.tell(session, found, "updated")
    return await _shown(session, caller, found)


async def _refuse_hours(
    session: Session,
    cohort: Cohort,
    starts_at: datetime,
    ends_at: datetime,
    apart_from: uuid.UUID | None = None,
) -> None:
    day = starts_at.astimezone(ZoneInfo(cohort.timezone)).date()
    if not cohort.starts_on <= day <= cohort.ends_on:
        raise SessionOutsideWeek(first=cohort.starts_on, last=cohort.ends_on)
    query = select(CohortSession.id).where(
        CohortSession.cohort_id == cohort.id,
        CohortSession.status == SessionStatus.PLANNED,
        CohortSession.starts_at < ends_at,
        CohortSession.ends_at > starts_at,
    )
    if apart_from is not None:
        query = query.where(CohortSession.id != apart_from)
    other = await session.scalar(query.limit(1))
    if other is not None:
        raise SessionOverlaps(other=other)


async def _shown(session: Session, caller: Principal, found: CohortSession) -> SessionRead:
    connection = await session.connection()
    asked = (found.cohort_id, caller.tenant, caller.tenant, found.id)
    rows = await connection.exec_driver_sql(queries.ONE, asked)
    return render(dict(rows.mappings().one()))


async def one(
    reads: ReadPool, caller: Principal, cohort_id: uuid.UUID, session_id: uuid.UUID
) -> SessionRead:
    """Read a session of a cohort that the caller takes part in, or raise SessionUnknown."""
    reach = access.seen_by(caller)
    row = await reads.fetchrow("cohort session", queries.ONE, cohort_id, *reach, session_id)
    if row is None:
        raise SessionUnknown
    return render(row)


async def listed(
    reads: ReadPool, cohort_id: uuid.UUID, paging: PageRequest
) -> Sequence[Mapping[str, Any]]:
    """Read one session more than the page holds, by their hours."""
    at, last = paging.after or (_BEFORE_ALL, str(uuid.UUID(int=0)))
    after = (datetime.fromisoformat(at), uuid.UUID(last))
    return await reads.fetch("cohort sessions", queries.LISTED, cohort_id, *after, paging.limit + 1)


_BEFORE_ALL = "2000-01-01T00:00:00+00:00"


async def counted(reads: ReadPool, cohort_id: uuid.UUID) -> int:
    """Count the whole list, whatever its pages."""
    found: int = await reads.fetchval("cohort sessions count", queries.COUNTED, cohort_id)
    return found


async def calendar_of(reads: ReadPool, caller: Principal, cohort_id: uuid.UUID) -> bytes:
    """Write the whole week for diaries, or raise CohortUnknown."""
    cohort = await visible(reads, caller, cohort_id)
    after = (datetime.fromisoformat(_BEFORE_ALL), uuid.UUID(int=0))
    rows = await reads.fetch("cohort sessions", queries.LISTED, cohort_id, *after, MOST)
    return calendar(cohort, rows)


def render(row: Mapping[str, Any]) -> SessionRead:
    """Show a session, named after its kind where it has no title."""
    facts = {name: row[name] for name in SessionRead.model_fields}
    return SessionRead(**{**facts, "title": row["title"] or TITLES[SessionKind(row["kind"])]()})
