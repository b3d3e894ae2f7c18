"""Keeping the sheet of a session: all of it in one request, which may come twice."""

import uuid
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import delete, select

from diagnostic.assessments import access
from diagnostic.attendance import queries
from diagnostic.attendance.models import Attendance
from diagnostic.attendance.presence import Presence
from diagnostic.attendance.schemas import SheetRead, SheetSet
from diagnostic.audit import service as audit
from diagnostic.cohorts.models import CohortSession
from diagnostic.enrolments.models import Enrolment
from diagnostic.sessions import service as sessions
from diagnostic.sessions.service import SessionUnknown
from platformkit import etags, feed
from platformkit.auth import Principal
from platformkit.db import Session
from platformkit.errors import Conflict
from platformkit.i18n import Text
from platformkit.reads import ReadPool


class AttendeeWithoutSeat(Conflict):
    """A sheet is about companies with a seat in the cohort."""

    code = "attendee-without-seat"
    title = Text("Entreprise sans place", "Company without a seat")
    detail = Text(
        "Ces entreprises n’ont pas de place dans la cohorte : {companies}.",
        "These companies have no seat in the cohort: {companies}.",
    )


async def read(
    reads: ReadPool, caller: Principal, cohort_id: uuid.UUID, session_id: uuid.UUID
) -> SheetRead:
    """Read the sheet, or one's own lines of it; raises SessionUnknown."""
    asked = (cohort_id, *access.seen_by(caller), session_id)
    row = await reads.fetchrow("attendance sheet", queries.SHEET, *asked)
    if row is None:
        raise SessionUnknown
    return _shown(row)


async def keep(
    session: Session,
    caller: Principal,
    cohort_id: uuid.UUID,
    session_id: uuid.UUID,
    if_match: str,
    body: SheetSet,
    now: datetime,
) -> SheetRead:
    """Replace the sheet; the same one again changes nothing, whatever version the caller holds."""
    cohort = await sessions.held(session, caller, cohort_id)
    found = await sessions.planned(session, cohort, session_id)
    given = {one.organisation_id: one.status for one in body.companies}
    if given != await _kept(session, session_id):
        etags.match(if_match, etags.of_version(found.sheet_version))
        await _refuse_unseated(session, cohort_id, given)
        await _replace(session, found, given, now)
        await audit.record(session, caller, "note_attendance", "cohort_session", found.id)
    connection = await session.connection()
    asked = (cohort_id, caller.tenant, caller.tenant, session_id)
    rows = await connection.exec_driver_sql(queries.SHEET, asked)
    return _shown(dict(rows.mappings().one()))


async def _kept(session: Session, session_id: uuid.UUID) -> dict[uuid.UUID, Presence]:
    rows = await session.execute(
        select(Attendance.organisation_id, Attendance.status).where(
            Attendance.session_id == session_id
        )
    )
    return {organisation: Presence(status) for organisation, status in rows}


async def _refuse_unseated(
    session: Session, cohort_id: uuid.UUID, given: Mapping[uuid.UUID, Presence]
) -> None:
    seated = await session.scalars(
        select(Enrolment.organisation_id).where(
            Enrolment.cohort_id == cohort_id, Enrolment.seat_no.is_not(None)
        )
    )
    others = given.keys() - set(seated)
    if others:
        raise AttendeeWithoutSeat(companies=", ".join(sorted(map(str, others))))


async def _replace(
    session: Session, found: CohortSession, given: Mapping[uuid.UUID, Presence], now: datetime
) -> None:
    await session.execute(delete(Attendance).where(Attendance.session_id == found.id))
    session.add_all(
        Attendance(session_id=found.id, organisation_id=one, status=status, recorded_at=now)
        for one, status in given.items()
    )
    found.sheet_version += 1
    await session.flush()
    await feed.publish(
        session,
        entity="attendance",
        entity_id=str(found.id),
        kind="updated",
        version=found.sheet_version,
        payload={
            "cohort_id": str(found.cohort_id),
            "kind": found.kind,
            **Counter(str(status) for status in given.values()),
        },
    )


def _shown(row: Mapping[str, Any]) -> SheetRead:
    return SheetRead.model_validate({**row, "companies": orjson.loads(row["companies"])})
