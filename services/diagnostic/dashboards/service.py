"""Showing how far the companies of a cohort are."""

import asyncio
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import orjson

from diagnostic.assessments import access, grids
from diagnostic.assessments.rendering import as_answers, progress
from diagnostic.assessments.visibility import PreparedGrid, visibility
from diagnostic.cohorts.service import CohortUnknown
from diagnostic.cohorts.week import first_instant
from diagnostic.dashboards import queries
from diagnostic.dashboards.milestones import TITLES, Meeting, Milestone, due, standings
from diagnostic.dashboards.schemas import (
    AttendanceCount,
    CompanyWeek,
    Dashboard,
    MilestoneCount,
    MilestoneRead,
    Milestones,
    SessionAttendance,
)
from diagnostic.sessions import service as sessions
from platformkit.auth import Principal
from platformkit.reads import ReadPool

Row = Mapping[str, Any]
PRESENCES = ("present", "absent", "excused")


async def week(reads: ReadPool, caller: Principal, cohort_id: uuid.UUID) -> Row:
    """Read the week of the caller's companies, or of all as their facilitator."""
    asked = (cohort_id, *access.seen_by(caller))
    row = await reads.fetchrow("cohort milestones", queries.MILESTONES, *asked)
    if row is None:
        raise CohortUnknown
    return dict(row)


async def milestones(
    reads: ReadPool, caller: Principal, cohort_id: uuid.UUID, now: datetime
) -> Milestones:
    """Show how far the companies are that the caller may see, or raise CohortUnknown."""
    row = await week(reads, caller, cohort_id)
    meetings = orjson.loads(row["sessions"])
    return Milestones(
        cohort_id=cohort_id, as_of=now, companies=await _companies(reads, row, meetings, now)
    )


async def dashboard(
    reads: ReadPool, caller: Principal, cohort_id: uuid.UUID, now: datetime
) -> Dashboard:
    """Show a whole week to its facilitator, or raise CohortUnknown."""
    row = await reads.fetchrow("cohort dashboard", queries.DASHBOARD, cohort_id, caller.tenant)
    if row is None:
        raise CohortUnknown
    meetings = orjson.loads(row["sessions"])
    companies = await _companies(reads, row, meetings, now)
    shown = [sessions.render(one) for one in meetings]
    coming = (one for one in shown if one.status == "planned" and one.ends_at > now)
    facts = {name: row[name] for name in ("code", "title", "status", "capacity")}
    return Dashboard(
        **facts,
        cohort_id=cohort_id,
        as_of=now,
        seats_taken=row["seats_taken"],
        waitlisted=row["waitlisted"],
        completed=sum(_is_done(one, Milestone.DIAGNOSTIC_SUBMITTED) for one in companies),
        mean_completion=round(sum(one.completion for one in companies) / len(companies), 4)
        if companies
        else 0.0,
        milestones=_counts(companies),
        next_session=next(coming, None),
        sessions=_attendance(meetings, orjson.loads(row["companies"])),
        companies=companies,
    )


async def _companies(
    reads: ReadPool, row: Row, meetings: Sequence[Row], now: datetime
) -> list[CompanyWeek]:
    found: list[dict[str, Any]] = orjson.loads(row["companies"])
    versions = {one["version_id"] for one in found if one["answers"] is not None}
    prepared = {one: await grids.of(reads, uuid.UUID(one)) for one in versions}
    shares = await asyncio.to_thread(lambda: [_completion(one, prepared) for one in found])
    planned = [
        Meeting(one["kind"], _at(one["starts_at"]), _at(one["ends_at"]))
        for one in meetings
        if one["status"] == "planned"
    ]
    due_at = due(planned, first_instant(row["ends_on"] + timedelta(days=1)))
    starts = {one["id"]: one for one in meetings}
    return [
        _company(one, share, due_at, starts, now) for one, share in zip(found, shares, strict=True)
    ]


def _completion(company: Row, prepared: Mapping[str, PreparedGrid]) -> float:
    """Give the share of the visible questions that are answered; all are, once submitted."""
    if company["answers"] is None:
        return 0.0 if company["submitted_at"] is None else 1.0
    grid = prepared[company["version_id"]]
    answers = as_answers(company["answers"])
    return progress(grid, answers, visibility(grid, answers), grid.questions).share


def _company(
    one: Row,
    share: float,
    due_at: Mapping[Milestone, datetime],
    meetings: Mapping[str, Row],
    now: datetime,
) -> CompanyWeek:
    presences: Mapping[str, str] = one["presences"] or {}
    counted = Counter(presences.values())
    return CompanyWeek(
        seat_no=one["seat_no"],
        organisation_id=one["organisation_id"],
        name=one["name"],
        enrolment=one["enrolment"],
        assessment_id=one["assessment_id"],
        assessment_status=one["assessment_status"],
        completion=share,
        attendance=AttendanceCount(**{name: counted[name] for name in PRESENCES}),
        milestones=[
            MilestoneRead(
                code=each.milestone,
                title=TITLES[each.milestone](),
                done_at=each.done_at,
                due_at=each.due_at,
                is_late=each.is_late,
            )
            for each in standings(_done(one, presences, meetings), due_at, now)
        ],
    )


def _done(
    one: Row, presences: Mapping[str, str], meetings: Mapping[str, Row]
) -> dict[Milestone, datetime | None]:
    """Derive when each milestone was passed from what is stored of the company."""

    def attended(kind: str) -> datetime | None:
        there = (meetings[each] for each, status in presences.items() if status == "present")
        return min((_at(each["starts_at"]) for each in there if each["kind"] == kind), default=None)

    made, delivered = _maybe(one["planned_at"]), _maybe(one["delivered_at"])
    return {
        Milestone.CONFIRMED: _at(one["confirmed_at"]),
        Milestone.DIAGNOSTIC_STARTED: _maybe(one["started_at"]),
        Milestone.DIAGNOSTIC_SUBMITTED: _maybe(one["submitted_at"]),
        Milestone.DIAGNOSTIC_VALIDATED: _maybe(one["validated_at"]),
        Milestone.FEEDBACK_GIVEN: attended("feedback"),
        Milestone.ROADMAP_MADE: made,
        Milestone.ROADMAP_DELIVERED: max(made, delivered) if made and delivered else None,
        Milestone.CLOSING_ATTENDED: attended("closing"),
    }


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _maybe(text: str | None) -> datetime | None:
    return None if text is None else _at(text)


def _is_done(company: CompanyWeek, milestone: Milestone) -> bool:
    return any(one.code == milestone and one.done_at is not None for one in company.milestones)


def _counts(companies: Sequence[CompanyWeek]) -> list[MilestoneCount]:
    late = Counter(each.code for one in companies for each in one.milestones if each.is_late)
    return [
        MilestoneCount(
            code=code,
            title=TITLES[code](),
            done=sum(_is_done(one, code) for one in companies),
            late=late[code],
        )
        for code in Milestone
    ]


def _attendance(meetings: Sequence[Row], companies: Sequence[Row]) -> list[SessionAttendance]:
    sheets = Counter(
        (session, status)
        for one in companies
        for session, status in (one["presences"] or {}).items()
    )
    found = []
    for one in meetings:
        counted = {name: sheets[one["id"], name] for name in PRESENCES}
        shown = sessions.render(one).model_dump(include=set(SessionAttendance.model_fields))
        missing = len(companies) - sum(counted.values())
        found.append(SessionAttendance(**shown, **counted, not_noted=missing))
    return found
